import { command, onNode } from '../command.ts'
import { makeIpSets } from '../kernel.ts'

export const ipsets = command({
  id: 'ipsets',
  about: 'node',
  title: 'Sets of addresses that iptables rules of the client use',
  provides: 'node.ipsets',
  at: onNode,
  argv: ['ipset', 'save'],
  make: makeIpSets,
})
