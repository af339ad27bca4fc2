import { command, onNode } from '../command.ts'
import { commands, makeNeighbours } from '../kernel.ts'

export const neighbours = command({
  id: 'neighbours',
  about: 'node',
  title: 'Neighbour table of the client',
  provides: 'node.neighbours',
  at: onNode,
  argv: commands.neighbours,
  make: makeNeighbours,
})
