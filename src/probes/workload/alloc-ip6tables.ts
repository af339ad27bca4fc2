import { command, inNetns } from '../command.ts'
import { makeSave } from '../kernel.ts'

export const allocIp6tables = command({
  id: 'alloc-ip6tables',
  about: 'alloc',
  title: 'iptables rules in the network namespace of the allocation (IPv6)',
  provides: 'alloc.ip6tables',
  at: inNetns,
  argv: ['ip6tables-save', '-c'],
  make: makeSave,
})
