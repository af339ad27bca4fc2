import { command, onNode } from '../command.ts'
import { makeSave } from '../kernel.ts'

export const iptablesLegacySave = command({
  id: 'iptables-legacy-save',
  about: 'node',
  title: 'iptables rules of the client (legacy)',
  provides: 'node.iptables.legacy',
  at: onNode,
  argv: ['iptables-legacy-save', '-c'],
  make: makeSave,
})
