import { describe, expect, test } from 'vitest'
import type { FixStep } from '../../src/knowledge/fault.ts'
import type { Topology } from '../../src/packet/walk/index.ts'
import { outcomeMeasured } from './compare.ts'
import { call, judgedPath, nearCall } from './judged-path.ts'
import { judge as measure } from './measure.ts'
import { missing } from './needs.ts'
import type { Name } from './site.ts'
import type { TableName } from './tables.ts'
import type { Mutation, Packet } from './world.ts'
import { staged } from './staged.ts'

// Rules that stop a packet where no other fault looks, each made for real, judged, and taken away by the commands of its cure.

const judged = (topology: Topology, packet: Packet) =>
  judgedPath(topology, packet, 'rule-drops-packet', [
    'docker-user-drop',
    'forward-reject-before-cni',
    'nomad-admin-rule-missing',
    'host-input-drop',
  ])

const rule = (ns: Name, table: TableName, chain: string, text: string, at = 0): Mutation => ({
  kind: 'rule',
  ns,
  family: 4,
  table,
  chain,
  at,
  rule: text,
})
const policy = (ns: Name, table: TableName, chain: string): Mutation => ({
  kind: 'policy',
  ns,
  family: 4,
  table,
  chain,
  policy: 'DROP',
})
const guard = (ns: Name, hook: string, body: string): Mutation => ({
  kind: 'nft',
  ns,
  text: `table inet guard {\n  chain check { type filter hook ${hook} priority -5; ${body} }\n}`,
})

const door = '-p tcp -m tcp --dport 25001'
/** `narrowing`: commands that let in no more than this connection. */
type Case = readonly [name: string, mutations: readonly Mutation[], ends: string, narrowing: number]
const cases: readonly Case[] = [
  ['table raw of the client', [rule('host', 'raw', 'PREROUTING', `${door} -j DROP`)], 'silent', 0],
  ['table mangle of the client, forwarded', [rule('host', 'mangle', 'FORWARD', '-o nomad -j DROP')], 'silent', 1],
  [
    'the same, after other rules',
    ['icmp', 'udp', 'sctp', 'tcp -o nomad'].map((proto) =>
      rule('host', 'mangle', 'FORWARD', `-p ${proto} -j ${proto.startsWith('tcp') ? 'DROP' : 'ACCEPT'}`, 1000),
    ),
    'silent',
    1,
  ],
  ['a comment', [rule('host', 'raw', 'PREROUTING', `${door} -m comment --comment "not yet" -j DROP`)], 'silent', 0],
  ["the target's namespace", [rule('a1', 'filter', 'INPUT', '-p tcp -m tcp --dport 8080 -j DROP')], 'silent', 0],
  [
    "the target's namespace, with a reset",
    [rule('a1', 'filter', 'INPUT', '-p tcp -m tcp --dport 8080 -j REJECT --reject-with tcp-reset')],
    'refused',
    0,
  ],
  ["the caller's namespace", [rule('b1', 'filter', 'OUTPUT', `${door} -j DROP`)], 'silent', 0],
  [
    "the answer, in the target's namespace",
    [rule('a1', 'mangle', 'OUTPUT', '-p tcp -m tcp --sport 8080 -j DROP')],
    'silent',
    0,
  ],
  ['a policy of table mangle', [policy('host', 'mangle', 'FORWARD')], 'silent', 2],
  ["a policy of the target's namespace", [policy('a1', 'filter', 'INPUT')], 'silent', 1],
  ['a table of nftables', [guard('host', 'prerouting', `tcp dport 8080 drop;`)], 'silent', 0],
  ['a policy of nftables', [guard('a1', 'input', 'policy drop;')], 'silent', 1],
  [
    'two rules, one behind the other',
    [
      rule('host', 'raw', 'PREROUTING', `${door} -j DROP`),
      rule('a1', 'filter', 'INPUT', '-p tcp -m tcp --dport 8080 -j DROP'),
    ],
    'silent',
    0,
  ],
  [
    'a table of nftables, whatever the port',
    [guard('host', 'postrouting', 'oifname "nomad" meta l4proto tcp drop;')],
    'silent',
    1,
  ],
  ['a policy of nftables, both ways', [guard('host', 'prerouting', 'policy drop;')], 'silent', 2],
  [
    'a chain of its own',
    [
      {
        kind: 'chain',
        ns: 'host',
        family: 4,
        table: 'mangle',
        chain: 'HARDENING',
        rules: ['-p udp -j RETURN', '-j DROP'],
      },
      rule('host', 'mangle', 'FORWARD', '-o nomad -j HARDENING'),
    ],
    'silent',
    1,
  ],
]

describe.skipIf(missing().length > 0)('made for real', () => {
  const stage = staged()

  const made = async (mutations: readonly Mutation[], packet = call) => {
    const world = { backend: 'iptables', cni: true, mutations, packets: [packet] } as const
    const [result] = await measure(stage(), world)
    const { cure, ...rest } = judged(await stage().make(world), packet)
    return { wrong: result?.wrong, outcome: result && outcomeMeasured(result.measured), ...rest, cure }
  }
  const whereIs = (label: string): Name => label.split(' ')[1] as Name

  test.each(cases.map((one, index) => [...one, index] as const))(
    'rule-drops-packet: %s',
    async (_, mutations, ends, narrowing, index) => {
      const { cure, ...found } = await made(mutations)
      expect(found).toEqual({ wrong: undefined, outcome: ends, verdict: 'present', others: [] })
      const commands = cure.flatMap(({ on, run }) => (run ? [{ on, run }] : []))
      // What lets this packet in is enough by itself, and so is what opens more.
      const letsIn = ({ run }: (typeof commands)[number]): boolean =>
        !run.includes('-P') && run.at(-1)?.toLowerCase() === 'accept'
      const narrow = commands.filter(letsIn)
      expect(narrow.length).toBe(narrowing)
      for (const [n, part] of [narrow, commands.filter((one) => !letsIn(one))].entries()) {
        if (n === 0 && part.length === 0) continue
        for (const { on, run } of part) await stage().site.agents[whereIs(on)].must({ argv: run })
        const [answer] = await stage().site.agents.b1.attempt([{ ...call, sport: 40_000 + 2 * index + n }], 1)
        expect(answer?.state).toBe('answered')
      }
    },
    60_000,
  )

  test('rule-drops-packet: FORWARD of IPv6', async () => {
    const packet: Packet = { ...call, from: 'peer', dst: 'fd99::1' }
    const drop = { ...rule('host', 'filter', 'FORWARD', '-p tcp -m tcp --dport 8080 -j DROP'), family: 6 } as const
    expect(await made([drop as Mutation], packet)).toMatchObject({ outcome: 'silent', verdict: 'present' })
    expect(await made([], packet)).toMatchObject({ outcome: 'answered', verdict: 'absent' })
  }, 60_000)

  /** Whether a call is answered once the commands were run that let packets in. */
  const letsIn = async (cure: readonly FixStep[], { from, ...packet }: Packet, sport: number): Promise<boolean> => {
    const runs = cure.flatMap(({ run }) => (run?.includes('-I') ? [{ argv: run }] : []))
    await stage().site.agents.host.must(...runs)
    const [answer] = await stage().site.agents[from].attempt([{ ...packet, sport }], 1)
    return runs.length > 0 && answer?.state === 'answered'
  }

  const udpCall: Packet = { ...call, proto: 'udp' }
  const stopsUdp = (table: TableName, text: string): readonly Mutation[] => [rule('host', table, 'FORWARD', text)]

  test('a call by UDP: above CNI-FORWARD', async () => {
    const found = await made(stopsUdp('filter', '-p udp -m udp --dport 8080 -j DROP'), udpCall)
    expect(found).toMatchObject({ outcome: 'silent', verdict: 'absent', others: ['forward-reject-before-cni'] })
    const other = await made(stopsUdp('filter', '-p tcp -m tcp --dport 8080 -j DROP'), udpCall)
    expect(other).toMatchObject({ outcome: 'answered', verdict: 'absent', others: [] })
  }, 60_000)

  test('a call by UDP: table mangle', async () => {
    const { cure, ...found } = await made(stopsUdp('mangle', '-o nomad -p udp -j DROP'), udpCall)
    expect(found).toMatchObject({ outcome: 'silent', verdict: 'present', others: [] })
    expect(await letsIn(cure, udpCall, 41_000)).toBe(true)
  }, 60_000)

  test('rule-drops-packet: ports of the bridge, both ways', async () => {
    const drops = ['vetha1', 'vetha2'].map((port) =>
      rule('host', 'filter', 'FORWARD', `-m physdev --physdev-in ${port} --physdev-is-bridged -j DROP`),
    )
    expect(await made([], nearCall)).toMatchObject({ outcome: 'answered', verdict: 'absent' })
    const { cure, ...found } = await made(drops, nearCall)
    expect(found).toMatchObject({ outcome: 'silent', verdict: 'present' })
    expect(cure.flatMap(({ run }) => (run?.includes('-I') ? [run[5]] : []))).toEqual(['1', '2'])
    expect(await letsIn(cure, nearCall, 41_001)).toBe(true)
  }, 60_000)

  test('rule-drops-packet: a goto past CNI-FORWARD', async () => {
    const past: readonly Mutation[] = [
      { kind: 'chain', ns: 'host', family: 4, table: 'filter', chain: 'ADMIN', rules: ['-p tcp --dport 22 -j ACCEPT'] },
      rule('host', 'filter', 'FORWARD', '-i eth0 -g ADMIN'),
      policy('host', 'filter', 'FORWARD'),
    ]
    const { cure, ...found } = await made(past)
    expect(found).toMatchObject({ outcome: 'silent', verdict: 'present' })
    const jump = cure.flatMap(({ run }) => (run?.includes('-R') ? [{ argv: run }] : []))
    expect(await letsIn(cure, call, 41_002)).toBe(true)
    await made([])
    await made(past)
    await stage().site.agents.host.must(...jump)
    expect((await stage().site.agents.b1.attempt([{ ...call, sport: 41_003 }], 1))[0]?.state).toBe('answered')
  }, 60_000)

  test('rule-drops-packet: repaired', async () => {
    expect(await made([])).toEqual({ wrong: undefined, outcome: 'answered', verdict: 'absent', others: [], cure: [] })
    const other = [
      rule('host', 'raw', 'PREROUTING', '-p tcp -m tcp --dport 25009 -j DROP'),
      policy('host', 'mangle', 'INPUT'),
    ]
    expect(await made(other)).toMatchObject({ outcome: 'answered', verdict: 'absent' })
  }, 60_000)

  test.each([
    ['the destination', rule('host', 'raw', 'PREROUTING', '-i nomad -p tcp -m tcp --sport 8080 -j NOTRACK')],
    ['the source', rule('peer', 'raw', 'PREROUTING', '-i eth0 -p tcp -m tcp --sport 25001 -j CT --notrack')],
    [
      'the destination, by nftables',
      guard(
        'host',
        'prerouting',
        '}\n  chain early { type filter hook prerouting priority -300; tcp sport 8080 notrack;',
      ),
    ],
  ] as const)(
    'notrack: the answer is exempt where %s was translated',
    async (_, exempt) => {
      const look = async (mutations: readonly Mutation[]) => {
        const world = { backend: 'iptables', cni: true, mutations, packets: [call] } as const
        const [result] = await measure(stage(), world)
        return {
          outcome: result && outcomeMeasured(result.measured),
          ...judgedPath(await stage().make(world), call, 'notrack', []),
        }
      }
      expect(await look([])).toMatchObject({ outcome: 'answered', verdict: 'absent' })
      const { cure, ...found } = await look([exempt])
      expect(found).toMatchObject({ outcome: 'silent', verdict: 'present' })
      for (const { on, run } of cure) if (run) await stage().site.agents[whereIs(on)].must({ argv: run })
      expect((await stage().site.agents.b1.attempt([{ ...call, sport: 41_010 }], 1))[0]?.state).toBe('answered')
    },
    60_000,
  )
})
