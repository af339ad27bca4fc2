import { command, onNode } from '../command.ts'
import { makeSave } from '../kernel.ts'

export const ip6tablesLegacySave = command({
  id: 'ip6tables-legacy-save',
  about: 'node',
  title: 'iptables rules of the client (IPv6, legacy)',
  provides: 'node.ip6tables.legacy',
  at: onNode,
  argv: ['ip6tables-legacy-save', '-c'],
  make: makeSave,
})
