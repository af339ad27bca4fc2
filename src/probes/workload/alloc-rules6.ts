import { command, inNetns } from '../command.ts'
import { commands, makeRules } from '../kernel.ts'

export const allocRules6 = command({
  id: 'alloc-rules6',
  about: 'alloc',
  title: 'IPv6 policy routing rules of the allocation',
  provides: 'alloc.rules6',
  at: inNetns,
  argv: commands.rules6,
  make: makeRules,
})
