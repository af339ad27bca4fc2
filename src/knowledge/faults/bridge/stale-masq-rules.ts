import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import type { IptablesSave } from '../../shapes/packet.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

/** From here on it is worth a line: fewer are left over here and there, and do nothing. */
const many = 50
const over = ['complete', 'failed', 'lost']

/** Rules of POSTROUTING that the bridge plugin wrote for allocations that are gone. */
function stale(save: IptablesSave, allocations: readonly AllocRecord[]): number {
  const live = new Set(allocations.filter(({ clientStatus }) => !over.includes(clientStatus)).map(({ id }) => id))
  const chain = save.tables.find(({ name }) => name === 'nat')?.chains.find(({ name }) => name === 'POSTROUTING')
  return (chain?.rules ?? []).filter(({ text }) => {
    const [, id] = /-j CNI-[0-9a-f]{24}$/.test(text) ? (/id: \\?"([0-9a-f-]{36})/.exec(text) ?? []) : []
    return id !== undefined && !live.has(id)
  }).length
}

const idOf = (i: number) => `6b235529-8111-4bbe-520b-${String(i).padStart(12, '0')}`
const save = (count: number): IptablesSave => ({
  tables: [
    {
      name: 'nat',
      chains: [
        {
          name: 'POSTROUTING',
          policy: 'ACCEPT',
          rules: Array.from({ length: count }, (_, i) => ({
            n: i + 1,
            line: i + 1,
            text: `-A POSTROUTING -s 172.26.64.${i % 250}/32 -m comment --comment "name: \\"nomad\\" id: \\"${idOf(i)}\\"" -j CNI-58c03973a4d1b9bbdb23f2a5`,
            matches: [],
            target: null,
          })) as never,
        },
      ],
      complete: true,
    },
  ],
  backend: 'nf_tables',
  legacyTablesPresent: false,
  warnings: [],
  incompatible: [],
  complete: true,
})

export const staleMasqRules = fault({
  id: 'stale-masq-rules',
  about: 'node',
  title: 'Many masquerade rules of allocations that are gone are left over on the client',
  layer: 'node',
  severity: 'risks',
  heard: [
    'unknown FS magic on "<path>": <number>',
    'plugin type="<plugin>" failed (delete): failed to Statfs "<path>": no such file or directory',
  ],
  needs: ['node.iptables', 'node.allocations'],
  holds: ({ 'node.iptables': rules, 'node.allocations': allocations }) => {
    const count = stale(rules, allocations)
    return count >= many
      ? `${count} rules of POSTROUTING belong to allocations that no longer run here; they do no harm by themselves, and every start of an allocation takes longer with them`
      : false
  },
  intended: 'as long as allocations start fast enough',
  byHand:
    'On the client: iptables -t nat -S POSTROUTING | grep -c CNI-, compared with the number of its running allocations.',
  explains: [],
  because:
    'The bridge plugin writes a chain and a jump to it for each allocation, and removes them at its end. When the namespace is gone before (a reboot of docker, a killed agent), the plugins report success and leave three lines behind. An address that is used again matches the old chain, which does the same as the new one. Only their number matters: with thousands, each call of iptables takes seconds.',
  fix: () => [
    {
      do: 'Drain the client and reboot it: the rules are gone, and what is needed is written anew',
      on: 'client',
      run: ['nomad', 'node', 'drain', '-enable', '-self'],
      risk: 'Its allocations move',
    },
  ],
  references: ['https://github.com/hashicorp/nomad/issues/6385', 'https://github.com/containernetworking/plugins'],
  since: '0.1.0',
  examples: [
    { name: 'sixty are left over', given: { 'node.iptables': save(60), 'node.allocations': [] }, then: 'present' },
    {
      name: 'they belong to running allocations',
      given: { 'node.iptables': save(60), 'node.allocations': Array.from({ length: 60 }, (_, i) => record(idOf(i))) },
      then: 'absent',
    },
    { name: 'two of the last week', given: { 'node.iptables': save(2), 'node.allocations': [] }, then: 'absent' },
  ],
})
