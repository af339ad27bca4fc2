import { command, onNode } from '../command.ts'
import { makeSave } from '../kernel.ts'

export const ip6tablesSave = command({
  id: 'ip6tables-save',
  about: 'node',
  title: 'iptables rules of the client (IPv6)',
  provides: 'node.ip6tables',
  at: onNode,
  argv: ['ip6tables-save', '-c'],
  make: makeSave,
})
