import { command, inNetns } from '../command.ts'
import { commands, makeRules } from '../kernel.ts'

export const allocRules = command({
  id: 'alloc-rules',
  about: 'alloc',
  title: 'Policy routing rules of the allocation',
  provides: 'alloc.rules',
  at: inNetns,
  argv: commands.rules,
  make: makeRules,
})
