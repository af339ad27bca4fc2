import { command, onNode } from '../command.ts'

export const hostsFile = command({
  id: 'hosts-file',
  about: 'node',
  title: '/etc/hosts of the client',
  provides: 'node.hosts-file',
  at: onNode,
  argv: ['cat', '/etc/hosts'],
  make: (text) => [text, text],
})
