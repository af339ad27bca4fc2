import { command, onNode } from '../command.ts'
import { commands, makeRoutes } from '../kernel.ts'

export const routes = command({
  id: 'routes',
  about: 'node',
  title: 'IPv4 routes of the client',
  provides: 'node.routes',
  at: onNode,
  argv: commands.routes,
  make: (text) => makeRoutes(text, 4),
})
