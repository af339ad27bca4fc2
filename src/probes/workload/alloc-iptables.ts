import { command, inNetns } from '../command.ts'
import { makeSave } from '../kernel.ts'

export const allocIptables = command({
  id: 'alloc-iptables',
  about: 'alloc',
  title: 'iptables rules in the network namespace of the allocation',
  provides: 'alloc.iptables',
  at: inNetns,
  argv: ['iptables-save', '-c'],
  make: makeSave,
})
