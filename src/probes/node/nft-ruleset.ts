import { parseNftRuleset } from '../../packet/nft.ts'
import { command, onNode, whole } from '../command.ts'

export const nftRuleset = command({
  id: 'nft-ruleset',
  about: 'node',
  title: 'nftables ruleset of the client',
  provides: 'node.nft',
  at: onNode,
  argv: ['nft', '-j', 'list', 'ruleset'],
  make: (text) => {
    const ruleset = whole(parseNftRuleset(text))
    return [ruleset, ruleset.tables.map(({ family, name }) => `table ${family} ${name}`).join('\n') || 'no tables']
  },
})
