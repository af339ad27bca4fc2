import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { plugged } from '../../src/derive/walk/cables.ts'
import { change } from '../../src/packet/change/index.ts'
import { namespaceFrom, outcomeOf, walk } from '../../src/packet/walk/index.ts'
import type { NamespaceState, Topology } from '../../src/packet/walk/index.ts'
import { reads, Stage } from './apply.ts'
import { buildSite } from './build-site.ts'
import { generated, listed, native, split } from './commands.ts'
import type { Command } from './commands.ts'
import { differences } from './essence.ts'
import { missing } from './needs.ts'
import { settled } from './settled.ts'
import type { Packet, World } from './world.ts'

// What a command would make of a namespace is compared with what it makes of a real one.
//   ORACLE_SEED=7  other generated commands

const reasons = missing()
if (reasons.length > 0) process.stderr.write(`\n*** No command is compared. ${reasons.join('\n*** ')}\n\n`)
const seed = Number(process.env['ORACLE_SEED'] ?? '20260') || 1

const world: World = {
  backend: 'iptables',
  cni: true,
  mutations: [{ kind: 'nft', ns: 'host', text: native }],
  packets: [],
}
const packets: readonly Packet[] = (
  [
    ['client', '10.99.0.1', 25001],
    ['client', '10.98.0.1', 25001],
    ['client', '172.26.64.2', 8080],
    ['client', 'fd99::1', 25001],
    ['host', '172.26.64.2', 8080],
    ['host', '127.0.0.1', 25001],
    ['host', 'fd99::3', 8080],
    ['host', '192.0.2.10', 8080],
    ['peer', '10.99.0.1', 8080],
    ['a1', '192.0.2.10', 8080],
    ['a1', '172.26.64.3', 8080],
    ['a2', '10.99.0.1', 25001],
    ['b1', '10.99.0.1', 25001],
  ] as const
).map(([from, dst, dport]) => ({ from, proto: 'tcp', dst, dport }))

/** What becomes of the packets where the host is in this state. */
const fates = (topology: Topology, host: NamespaceState): readonly string[] => {
  const whole = plugged({ ...topology, namespaces: { ...topology.namespaces, host } })
  return packets.map(({ from, dst, dport }) => {
    const traces = walk(whole, { namespace: from }, { proto: 'tcp', dst, dport })
    const told = traces.map((one) => [outcomeOf(one), one.verdict.kind, one.tuple, one.back?.verdict.kind])
    return `${from} to ${dst}:${dport}: ${JSON.stringify(told)}`
  })
}

describe.skipIf(reasons.length > 0)('a command on the model and on the kernel', () => {
  let [stage, topology] = [] as unknown as [Stage, Topology]
  const counts = { same: 0, refused: 0, open: 0 }
  const open = new Map<string, number>()
  beforeAll(async () => {
    stage = new Stage(await buildSite(), 'iptables')
  }, 60_000)
  afterAll(async () => {
    await stage.site.stop()
    const reasonsOpen = [...open].toSorted((a, b) => b[1] - a[1]).map(([why, n]) => `    ${n}  ${why}\n`)
    process.stderr.write(
      `\n${counts.same} commands change the same, ${counts.refused} are refused by both, ${counts.open} are not modelled:\n${reasonsOpen.join('')}`,
    )
  })

  const read = async (): Promise<NamespaceState> => {
    const agent = stage.site.agents.host
    await settled(agent)
    const commands = [...reads.net, ...reads.rules, 'sysctl -a -r ^net\\.(ipv4|ipv6|bridge|netfilter)']
    const done = await agent.run(commands.map((line) => ({ argv: line.split(' ') })))
    const replies = Object.fromEntries(commands.map((line, i) => [line, done[i]?.out ?? '']))
    return namespaceFrom(replies, Object.fromEntries(commands.map((line, i) => [line, done[i]?.err ?? ''])))
  }
  /** A host as it is otherwise, and what is wrong with the model of each command on it. */
  const compared = async (commands: readonly Command[]): Promise<readonly string[]> => {
    stage = new Stage(stage.site, 'iptables')
    topology = await stage.make(world)
    const wrong: string[] = []
    let before = await read()
    for (const argv of commands) {
      const [ran] = await stage.site.agents.host.run([{ argv }])
      const after = await read()
      const model = change(before, argv)
      wrong.push(...judged(argv, model, { failed: ran?.code !== 0, err: ran?.err.trim() ?? '' }, before, after))
      before = after
    }
    return wrong
  }
  const judged = (
    argv: Command,
    model: ReturnType<typeof change>,
    ran: { failed: boolean; err: string },
    before: NamespaceState,
    after: NamespaceState,
  ): readonly string[] => {
    const line = argv.join(' ')
    if ('not' in model) {
      const unmodelled = /is not modelled|does not depend on|change it with that/.test(model.not)
      if (unmodelled) {
        counts.open += 1
        open.set(model.not, (open.get(model.not) ?? 0) + 1)
      } else counts.refused += 1
      return unmodelled || ran.failed ? [] : [`${line}: said to fail (${model.not}), and works`]
    }
    if (ran.failed && differences(before, model.state).length > 0)
      return [`${line}: said to work, and fails: ${ran.err}`]
    const differ = differences(model.state, after)
    const [said, real] = [fates(topology, model.state), fates(topology, after)]
    const fared = said.flatMap((one, i) => (one === real[i] ? [] : [`walked: ${one}\n    really: ${real[i]}`]))
    if (differ.length + fared.length > 0) return [[line, ...differ, ...fared].join('\n    ')]
    counts.same += 1
    return []
  }

  test.each(Object.entries(listed))(
    '%s',
    async (_, lines) => {
      expect((await compared(lines.map(split))).join('\n')).toBe('')
    },
    120_000,
  )

  test.each(fc.sample(generated, { numRuns: 30, seed }).map((commands, n) => [n, commands] as const))(
    'generated %i',
    async (_, commands) => {
      expect((await compared(commands)).join('\n')).toBe('')
    },
    120_000,
  )

  test('most are modelled', () => {
    const { same, refused, open: left } = counts
    expect(same).toBeGreaterThan(500)
    expect(left / (same + refused + left)).toBeLessThan(0.15)
  })
})
