import { command, onNode } from '../command.ts'
import { makeNft } from '../kernel.ts'

export const nftRuleset = command({
  id: 'nft-ruleset',
  about: 'node',
  title: 'nftables ruleset of the client',
  provides: 'node.nft',
  at: onNode,
  argv: ['nft', '-j', 'list', 'ruleset'],
  make: makeNft,
})
