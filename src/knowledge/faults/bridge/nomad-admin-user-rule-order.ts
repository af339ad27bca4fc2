import { fault } from '../../fault.ts'
import type { IptablesSave } from '../../shapes/packet.ts'

/** A rule of the operator that stops packets, behind the rule of Nomad that accepts them all. */
function late(save: IptablesSave) {
  const rules =
    save.tables.find(({ name }) => name === 'filter')?.chains.find(({ name }) => name === 'NOMAD-ADMIN')?.rules ?? []
  const accept = rules.find(({ text }) => /^-A NOMAD-ADMIN -d \S+ -o \S+ -j ACCEPT$/.test(text))
  const bridge = / -o (\S+) /.exec(accept?.text ?? '')?.[1] ?? ''
  const stop = rules.find(
    ({ n, text }) =>
      accept !== undefined &&
      n > accept.n &&
      / -j (?:DROP|REJECT)\b/.test(text) &&
      (!/ -o \S+/.test(text) || text.includes(` -o ${bridge} `)),
  )
  return accept && stop ? { accept: accept.text, stop: stop.text } : undefined
}

const save = (...rules: readonly string[]): IptablesSave => ({
  tables: [
    {
      name: 'filter',
      chains: [
        {
          name: 'NOMAD-ADMIN',
          policy: null,
          rules: rules.map((text, i) => ({ n: i + 1, text, line: i + 1, matches: [], target: null })) as never,
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
const own = '-A NOMAD-ADMIN -d 172.26.64.0/20 -o nomad -j ACCEPT'
const deny = '-A NOMAD-ADMIN -s 10.9.0.0/16 -o nomad -j DROP'

export const nomadAdminUserRuleOrder = fault({
  id: 'nomad-admin-user-rule-order',
  about: 'node',
  title: "A rule in NOMAD-ADMIN that should stop packets stands behind Nomad's own, and never matches",
  layer: 'node',
  severity: 'risks',
  // Silent: the packets that should be stopped get through.
  heard: [],
  needs: ['node.iptables'],
  holds: ({ 'node.iptables': rules }) => {
    const found = late(rules)
    return found
      ? `"${found.stop}" comes after "${found.accept}", which has let everything to the bridge through by then: the rule has no effect`
      : false
  },
  intended: 'where nobody counts on the rule',
  byHand:
    'On the client: iptables -vS NOMAD-ADMIN: the counters of the rule stay at zero, and it is below the ACCEPT of Nomad.',
  explains: [],
  because:
    'NOMAD-ADMIN is the chain for rules of the operator, and Nomad adds one rule to it: accept whatever goes to its bridge. Rules are tried from the top. One that is appended later comes after that ACCEPT and is never reached; to restrict who may reach allocations it has to stand before it. Nomad appends its rule only when it is missing.',
  fix: ({ 'node.iptables': rules }) => {
    const words = late(rules)?.stop.split(' ').slice(2) ?? []
    return [
      {
        do: 'Insert the rule at the top, and remove the one at the end',
        on: 'client',
        run: ['iptables', '-I', 'NOMAD-ADMIN', '1', ...words],
        risk: 'Connections it is meant to stop end',
      },
      {
        do: 'Keep it across reboots in a service that starts before Nomad, so that it is the first again',
        on: 'client',
        risk: 'none',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'client/allocrunner/networking_bridge_linux.go',
  ],
  since: '0.1.0',
  examples: [
    { name: 'appended behind it', given: { 'node.iptables': save(own, deny) }, then: 'present' },
    { name: 'inserted before it', given: { 'node.iptables': save(deny, own) }, then: 'absent' },
    {
      name: 'for another bridge',
      given: { 'node.iptables': save(own, '-A NOMAD-ADMIN -o lan0 -j DROP') },
      then: 'absent',
    },
    { name: 'only the rule of Nomad', given: { 'node.iptables': save(own) }, then: 'absent' },
  ],
})
