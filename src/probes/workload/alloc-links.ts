import { command, inNetns } from '../command.ts'
import { commands, makeLinks } from '../kernel.ts'

export const allocLinks = command({
  id: 'alloc-links',
  about: 'alloc',
  title: 'Network interfaces of the allocation',
  provides: 'alloc.links',
  at: inNetns,
  argv: commands.links,
  make: makeLinks,
})
