import { command, onNode } from '../command.ts'
import { commands, makeCounters } from '../kernel.ts'

export const conntrackCounters = command({
  id: 'conntrack-counters',
  about: 'node',
  title: 'Connections the client could not keep track of',
  provides: 'node.conntrack.counters',
  at: onNode,
  argv: commands.counters,
  make: makeCounters,
})
