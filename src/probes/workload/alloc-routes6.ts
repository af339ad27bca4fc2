import { command, inNetns } from '../command.ts'
import { commands, makeRoutes } from '../kernel.ts'

export const allocRoutes6 = command({
  id: 'alloc-routes6',
  about: 'alloc',
  title: 'IPv6 routes of the allocation',
  provides: 'alloc.routes6',
  at: inNetns,
  argv: commands.routes6,
  make: (text) => makeRoutes(text, 6),
})
