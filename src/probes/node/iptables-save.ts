import { command, onNode } from '../command.ts'
import { makeSave } from '../kernel.ts'

export const iptablesSave = command({
  id: 'iptables-save',
  about: 'node',
  title: 'iptables rules of the client (IPv4)',
  provides: 'node.iptables',
  at: onNode,
  argv: ['iptables-save', '-c'],
  make: makeSave,
})
