import { command, onNode } from '../command.ts'
import { commands, makeRules } from '../kernel.ts'

export const routingRules6 = command({
  id: 'routing-rules6',
  about: 'node',
  title: 'IPv6 policy routing rules of the client',
  provides: 'node.rules6',
  at: onNode,
  argv: commands.rules6,
  make: makeRules,
})
