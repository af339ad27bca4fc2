import { command, inNetns } from '../command.ts'
import { commands, makeRoutes } from '../kernel.ts'

export const allocRoutes = command({
  id: 'alloc-routes',
  about: 'alloc',
  title: 'IPv4 routes of the allocation',
  provides: 'alloc.routes',
  at: inNetns,
  argv: commands.routes,
  make: (text) => makeRoutes(text, 4),
})
