import { command, onNode } from '../command.ts'
import { commands, makeSysctls } from '../kernel.ts'

export const sysctls = command({
  id: 'sysctls',
  about: 'node',
  title: 'Kernel settings of the client',
  provides: 'node.sysctls',
  at: onNode,
  argv: commands.sysctls,
  make: makeSysctls,
})
