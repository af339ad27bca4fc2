import { command, inNetns } from '../command.ts'
import { commands, makeNeighbours } from '../kernel.ts'

export const allocNeighbours = command({
  id: 'alloc-neighbours',
  about: 'alloc',
  title: 'Neighbour table of the allocation',
  provides: 'alloc.neighbours',
  at: inNetns,
  argv: commands.neighbours,
  make: makeNeighbours,
})
