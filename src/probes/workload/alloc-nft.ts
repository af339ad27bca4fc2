import { command, inNetns } from '../command.ts'
import { makeNft } from '../kernel.ts'

export const allocNft = command({
  id: 'alloc-nft',
  about: 'alloc',
  title: 'nftables ruleset in the network namespace of the allocation',
  provides: 'alloc.nft',
  at: inNetns,
  argv: ['nft', '-j', 'list', 'ruleset'],
  make: makeNft,
})
