import { parseConntrack } from '../../packet/conntrack.ts'
import { command, linesOf, onNode, whole } from '../command.ts'
import { commands } from '../kernel.ts'

export const conntrack = command({
  id: 'conntrack',
  about: 'node',
  title: 'Tracked connections of the client',
  provides: 'node.conntrack',
  at: onNode,
  argv: commands.conntrack,
  cost: 'slow',
  make: (text) => [whole(parseConntrack(text)), linesOf(text).join('\n') || 'no entries'],
})
