import { command, onNode } from '../command.ts'
import { commands, makeRules } from '../kernel.ts'

export const routingRules = command({
  id: 'routing-rules',
  about: 'node',
  title: 'Policy routing rules of the client',
  provides: 'node.rules',
  at: onNode,
  argv: commands.rules,
  make: makeRules,
})
