import { command, onNode } from '../command.ts'
import { commands, makeLinks } from '../kernel.ts'

export const links = command({
  id: 'links',
  about: 'node',
  title: 'Network interfaces of the client',
  provides: 'node.links',
  at: onNode,
  argv: commands.links,
  make: makeLinks,
})
