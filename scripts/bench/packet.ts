import { spawnSync } from 'node:child_process'
import { performance } from 'node:perf_hooks'
import { buildSync } from 'esbuild'
import { value } from '../../src/knowledge/held.ts'
import { nothingTold } from '../../src/knowledge/told.ts'
import { parseIptablesSave } from '../../src/packet/iptables.ts'
import { walk, type Topology } from '../../src/packet/walk/index.ts'
import { learn, picture } from '../../src/run/loop.ts'
import type { Item } from './item.ts'
import { host, hostWith } from './rules.ts'
import { whole } from './thinking.ts'

const large = 20_000
const texts = new Map<number, ReturnType<typeof hostWith>>()

/** Milliseconds that it takes to read so many rules, and then to walk a packet through them for the first time. */
function through(rules: number): { readonly parse: number; readonly walk: number } {
  const { text, last } = texts.get(rules) ?? hostWith(rules)
  texts.set(rules, { text, last })
  const start = performance.now()
  const save = parseIptablesSave(text)
  const read = performance.now()
  if (!save.ok) throw new Error(save.why)
  const topology = { namespaces: { host: { ...host, iptables4: save.value } }, joins: [] }
  const before = performance.now()
  const traces = walk(topology, { namespace: 'host' }, { proto: 'tcp', dst: last, dport: 80 })
  const end = performance.now()
  if (!traces.some(({ hops }) => hops.some(({ chain }) => chain?.startsWith('KUBE-SEP-'))))
    throw new Error('the packet did not come as far as the last service')
  return { parse: read - start, walk: end - before }
}

const least = (times: number, measure: () => number): number =>
  Math.min(...Array.from({ length: times }, () => measure()))

/**
 * The power of the number of rules with which times grow, of how often longer a hundred times the rules take: 1 is linear, and
 * n log n would be 1.11 between 1,000 and 100,000 rules. What is between is the memory of the machine.
 */
const power = (ratio: number): number => Math.log(ratio) / Math.log(100)
const linear = 1.05

const walkGrowth = (): number => power(least(2, () => through(100_000).walk) / least(20, () => through(1_000).walk))

/**
 * The same for reading, of rules of the same length. The small saves are a hundred, and all of them are kept: what is read stays alive, so that the
 * collector has the same to do on both sides. A small save alone is read and gone before the collector ever runs.
 */
function parseGrowth(): number {
  const small = Array.from({ length: 100 }, () => hostWith(1_000, 10_000).text)
  const large = [hostWith(100_000, 10_000).text]
  const took = (all: readonly string[]) => {
    const start = performance.now()
    const kept = all.map((text) => parseIptablesSave(text))
    const end = performance.now()
    if (kept.some(({ ok }) => !ok)) throw new Error('a save was not read')
    return end - start
  }
  return power((100 * least(2, () => took(large))) / least(2, () => took(small)))
}

/** MiB of a whole process that does it, bundled as the program is: the rules are made, read and walked there. */
function memory(): number {
  const { outputFiles } = buildSync({
    entryPoints: ['scripts/bench/rules-memory.ts'],
    bundle: true,
    write: false,
    platform: 'node',
    format: 'esm',
  })
  const source = outputFiles[0]?.text ?? ''
  const argv = ['--input-type=module', '-', String(large)]
  const { stdout, stderr, status } = spawnSync(process.execPath, argv, { encoding: 'utf8', input: source })
  if (status !== 0) throw new Error(stderr)
  return Number(stdout)
}

/** The namespaces of a recorded case, and the packets that are walked through them. */
const recorded = (async () => {
  const { aim, ask, facts, seen } = await whole
  const paths = seen.scope.filter(({ kind }) => kind === 'path')
  const wanted = paths.map(({ id }) => ({ thing: id, fact: 'path.walks' }))
  const { world } = picture(aim, await learn(wanted, aim, ask, facts), nothingTold)
  return paths.flatMap(({ id }) => {
    const network = value(world, id, 'path.network')
    return network ? [{ topology: network.topology, walks: value(world, id, 'path.walks') ?? [] }] : []
  })
})()

/**
 * The longest of these walks, each made some times over the same namespaces as if they were new. Its least counts, as
 * everywhere: the longest of single ones would be the one that a neighbour on the machine disturbed.
 */
async function walkRecorded(): Promise<number> {
  const times = (await recorded).flatMap(({ topology, walks }) =>
    walks.map(({ start, wanted }) =>
      least(10, () => {
        const fresh: Topology = structuredClone(topology)
        const begin = performance.now()
        walk(fresh, start, wanted)
        return performance.now() - begin
      }),
    ),
  )
  if (times.length === 0) throw new Error('no walk is known in that case')
  return Math.max(...times)
}

export const items: readonly Item[] = [
  { name: 'parse 20,000 rules of iptables', limit: 400, unit: 'ms', measure: () => through(large).parse },
  { name: 'walk a packet through them', limit: 20, unit: 'ms', measure: () => through(large).walk },
  { name: 'memory for both', limit: 150, unit: 'MiB', most: 2, measure: memory },
  { name: 'walk on a recorded case', limit: 2, unit: 'ms', measure: walkRecorded },
  { name: 'parse, from 1,000 to 100,000 rules: n to the', limit: linear, unit: 'power', most: 3, measure: parseGrowth },
  { name: 'walk, from 1,000 to 100,000 rules: n to the', limit: linear, unit: 'power', most: 3, measure: walkGrowth },
]
