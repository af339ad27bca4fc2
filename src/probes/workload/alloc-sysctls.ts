import { command, inNetns } from '../command.ts'
import { commands, makeSysctls } from '../kernel.ts'

export const allocSysctls = command({
  id: 'alloc-sysctls',
  about: 'alloc',
  title: 'Kernel settings of the allocation',
  provides: 'alloc.sysctls',
  at: inNetns,
  argv: commands.sysctls,
  make: makeSysctls,
})
