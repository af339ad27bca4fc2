import { command, onNode } from '../command.ts'
import { commands, makeRoutes } from '../kernel.ts'

export const routes6 = command({
  id: 'routes6',
  about: 'node',
  title: 'IPv6 routes of the client',
  provides: 'node.routes6',
  at: onNode,
  argv: commands.routes6,
  make: (text) => makeRoutes(text, 6),
})
