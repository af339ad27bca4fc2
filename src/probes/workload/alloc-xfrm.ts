import { command, inNetns } from '../command.ts'
import { commands, makeXfrm } from '../kernel.ts'

export const allocXfrm = command({
  id: 'alloc-xfrm',
  about: 'alloc',
  title: 'Policies of IPsec of the allocation',
  provides: 'alloc.xfrm',
  at: inNetns,
  argv: commands.xfrm,
  make: makeXfrm,
})
