import { randomInt } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Stage } from './apply.ts'
import { Coverage } from './coverage.ts'
import { worlds } from './generate.ts'
import { judge } from './measure.ts'
import { legacyWorks, missing } from './needs.ts'
import { resultText, scriptOf } from './script.ts'
import { buildSite } from './build-site.ts'
import type { Site } from './build-site.ts'
import { Tally } from './tally.ts'
import type { World } from './world.ts'

// The kernel is asked: real namespaces, real rules, real packets, and the walk must say what became of them.
//   ORACLE_SCALE=0.1  a tenth of the cases     ORACLE_SEED=7, ORACLE_SEED=random  other cases
//   ORACLE_SITES=1    one at a time            ORACLE_AS_FOUND=1  counter-examples are not made small

const reasons = missing()
if (reasons.length > 0)
  process.stderr.write(
    `\n*** The kernel is not asked. ${reasons.join('\n*** ')}\n*** Every test of the oracle is skipped.\n\n`,
  )

const scale = Number(process.env['ORACLE_SCALE'] ?? '1')
const wanted = process.env['ORACLE_SEED'] ?? '20260'
const seed = wanted === 'random' ? randomInt(1_000_000) : Number(wanted)
const atOnce = Number(process.env['ORACLE_SITES'] ?? '6')
const asFound = process.env['ORACLE_AS_FOUND'] === '1'
/** Cases of one seed: whatever runs at the same time, the same seed gives the same cases. */
const chunk = 10

// The old backend last: a namespace that once had its tables keeps them.
const backends = [
  ['iptables', 1000],
  ['nft', 200],
  ['legacy', 200],
] as const

describe.skipIf(reasons.length > 0)('the kernel is the oracle', () => {
  const regressions = reasons.length > 0 ? [] : readRegressions()
  let sites: readonly Site[] = []
  const coverage = new Coverage()
  beforeAll(async () => {
    process.stderr.write(`\nSeed ${seed}: ORACLE_SEED=${seed} npm run test:oracle\n`)
    sites = await Promise.all(Array.from({ length: atOnce }, buildSite))
  }, 240_000)
  afterAll(async () => {
    await Promise.all(sites.map((site) => site.stop()))
    process.stderr.write(coverage.text())
  })

  for (const [backend, cases] of backends) {
    const works = backend !== 'legacy' || reasons.length > 0 || legacyWorks()
    if (!works) process.stderr.write('\n*** This kernel has no legacy iptables: those cases are skipped.\n\n')
    describe.skipIf(!works)(backend, () => {
      let stages: readonly Stage[] = []
      const tally = new Tally(backend)

      beforeAll(() => {
        stages = sites.map((site) => new Stage(site, backend))
      })
      afterAll(() => void process.stderr.write(tally.text()))

      test.each(regressions.filter(({ world }) => world.backend === backend))(
        '$name',
        async ({ world }) => {
          const wrong = await disagreements(stages[0]!, world, tally)
          if (wrong) throw new Error(wrong)
        },
        60_000,
      )

      test(`${cases} generated cases`, async () => {
        const chunks = Array.from(
          { length: Math.max(1, Math.ceil((cases * scale) / chunk)) },
          (_, n) => seed * 1000 + n,
        )
        const property = (stage: Stage, counted?: Tally, covered?: Coverage): fc.IAsyncProperty<[World]> =>
          fc.asyncProperty(worlds(backend), async (world) => {
            const wrong = await disagreements(stage, world, counted, covered)
            if (wrong) throw new Error(`${wrong}\n\n${JSON.stringify(world)}`)
          })
        const failed: string[] = []
        await Promise.all(
          stages.map(async (stage) => {
            for (let next = chunks.shift(); next !== undefined; next = chunks.shift()) {
              const cases = { numRuns: chunk, seed: next }
              const checked = await fc.check(property(stage, tally, coverage), { ...cases, endOnFailure: true })
              if (!checked.failed) continue
              const again = await onFresh(backend, (fresh) =>
                fc.check(property(fresh), { ...cases, endOnFailure: asFound }),
              )
              if (again.failed) failed.push(reportOf(again))
              const told = again.failed ? reportOf(again) : `${reportOf(checked)}\n(not so on a site made anew)`
              process.stderr.write(`\n${told}\n`)
            }
          }),
        )
        expect(failed.length, 'chunks of cases with disagreements, printed above').toBe(0)
        expect(stages.flatMap(({ refused }) => refused).slice(0, 3)).toEqual([])
        expect(tally.unknownShare()).toBeLessThan(mostUnknown)
        expect(tally.severalShare()).toBeLessThan(mostSeveral)
        expect(tally.answeredShare()).toBeGreaterThan(leastAnswered)
      }, 1_800_000)
    })
  }

  test.runIf(scale >= 1)('the cases have in them what real machines have', () => {
    expect(coverage.missing()).toEqual([])
  })
})

/** Of all packets, those whose end the walk may leave open. */
const mostUnknown = 0.03
/** Those for which it may name several ways, one of which is the right one. */
const mostSeveral = 0.15
const leastAnswered = 0.2

/** The smallest world found that goes wrong; its last line is for test/oracle/regressions. */
const reportOf = ({ seed, numRuns, errorInstance }: fc.RunDetails<[World]>): string =>
  `Case ${numRuns} of seed ${seed}:\n${errorInstance instanceof Error ? errorInstance.message : String(errorInstance)}`

/** A site that a slow machine left half made is no counter-example: the same cases are asked of one made anew. */
async function onFresh<T>(backend: (typeof backends)[number][0], ask: (stage: Stage) => T | Promise<T>): Promise<T> {
  const site = await buildSite()
  try {
    return await ask(new Stage(site, backend))
  } finally {
    await site.stop()
  }
}

/** Empty when the walk says of every packet what became of it. */
async function disagreements(stage: Stage, world: World, tally?: Tally, coverage?: Coverage): Promise<string> {
  const results = await judge(stage, world)
  tally?.add(results)
  coverage?.add(world, results)
  const wrong = results.filter((result) => result.wrong !== undefined)
  return wrong.length === 0 ? '' : [scriptOf(world), ...wrong.map(resultText)].join('\n')
}

function readRegressions(): readonly { readonly name: string; readonly world: World }[] {
  const folder = new URL('regressions/', import.meta.url)
  return readdirSync(folder)
    .filter((file) => file.endsWith('.json'))
    .toSorted()
    .map((file) => ({
      name: file.replace('.json', '').replaceAll('-', ' '),
      world: JSON.parse(readFileSync(new URL(file, folder), 'utf8')) as World,
    }))
}
