import { command, onNode } from '../command.ts'
import { commands, makeXfrm } from '../kernel.ts'

export const xfrm = command({
  id: 'xfrm',
  about: 'node',
  title: 'Policies of IPsec on the client',
  provides: 'node.xfrm',
  at: onNode,
  argv: commands.xfrm,
  make: makeXfrm,
})
