import { command, linesOf, onNode } from '../command.ts'
import { readListing } from './cni-folders.ts'

export const netnsNames = command({
  id: 'netns-names',
  about: 'node',
  title: 'Named network namespaces of the client',
  provides: 'node.netns.names',
  at: onNode,
  argv: ['ls', '-l', '/var/run/netns'],
  make: (text) => {
    const names = readListing(text).map(({ name }) => name)
    return [names, linesOf(text).join('\n')]
  },
})
