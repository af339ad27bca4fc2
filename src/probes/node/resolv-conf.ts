import { command, onNode } from '../command.ts'

export const resolvConf = command({
  id: 'resolv-conf',
  about: 'node',
  title: '/etc/resolv.conf of the client',
  provides: 'node.resolv-conf',
  at: onNode,
  argv: ['cat', '/etc/resolv.conf'],
  make: (text) => [text, text],
})
