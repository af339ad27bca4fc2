import { readdirSync, readFileSync } from 'node:fs'
import * as fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { Stage } from './apply.ts'
import { worlds } from './generate.ts'
import { judge } from './measure.ts'
import { legacyWorks, missing } from './needs.ts'
import { resultText, scriptOf } from './script.ts'
import { buildSite } from './site.ts'
import type { Site } from './site.ts'
import { Tally } from './tally.ts'
import type { World } from './world.ts'

// The kernel is asked: real namespaces, real rules, real packets, and the walk must say what became of them.
//   ORACLE_SCALE=0.1  a tenth of the cases        ORACLE_SEED=7  other cases        ORACLE_SITES=1  one at a time

const reasons = missing()
if (reasons.length > 0)
  process.stderr.write(
    `\n*** The kernel is not asked. ${reasons.join('\n*** ')}\n*** Every test of the oracle is skipped.\n\n`,
  )

const scale = Number(process.env['ORACLE_SCALE'] ?? '1')
const seed = Number(process.env['ORACLE_SEED'] ?? '20260')
const atOnce = Number(process.env['ORACLE_SITES'] ?? '4')

describe.skipIf(reasons.length > 0)('the kernel is the oracle', () => {
  const regressions = reasons.length > 0 ? [] : readRegressions()

  for (const [backend, cases] of [
    ['iptables', 1000],
    ['legacy', 200],
    ['nft', 200],
  ] as const) {
    const works = backend !== 'legacy' || reasons.length > 0 || legacyWorks()
    if (!works) process.stderr.write('\n*** This kernel has no legacy iptables: those cases are skipped.\n\n')
    describe.skipIf(!works)(backend, () => {
      let stages: readonly Stage[] = []
      const sites: Site[] = []
      const tally = new Tally(backend)

      beforeAll(async () => {
        for (let n = 0; n < atOnce; n++) sites.push(await buildSite())
        stages = sites.map((site) => new Stage(site, backend))
      }, 120_000)
      afterAll(async () => {
        await Promise.all(sites.map((site) => site.stop()))
        process.stderr.write(tally.text())
      })

      test.each(regressions.filter(({ world }) => world.backend === backend))(
        '$name',
        async ({ world }) => {
          const wrong = await disagreements(stages[0]!, world, tally)
          if (wrong) throw new Error(wrong)
        },
        60_000,
      )

      test(`${cases} generated cases`, async () => {
        const each = Math.max(1, Math.ceil((cases * scale) / stages.length))
        const property = (stage: Stage): fc.IAsyncProperty<[World]> =>
          fc.asyncProperty(worlds(backend), async (world) => {
            const wrong = await disagreements(stage, world, tally)
            if (wrong) throw new Error(`${wrong}\n\n${JSON.stringify(world)}`)
          })
        const checked = await Promise.all(
          stages.map((stage, n) => fc.check(property(stage), { numRuns: each, seed: seed + n })),
        )
        const failed = checked.filter(({ failed }) => failed).map(reportOf)
        if (failed.length > 0) throw new Error(failed.join('\n\n'))
        expect(stages.flatMap(({ refused }) => refused).slice(0, 3)).toEqual([])
        expect(tally.unknownShare()).toBeLessThan(0.05)
      }, 1_800_000)
    })
  }
})

/** The smallest world found that goes wrong; its last line is for test/oracle/regressions. */
const reportOf = ({ seed, numRuns, errorInstance }: fc.RunDetails<[World]>): string =>
  `Case ${numRuns} of seed ${seed}, made small:\n${errorInstance instanceof Error ? errorInstance.message : String(errorInstance)}`

/** Empty when the walk says of every packet what became of it. */
async function disagreements(stage: Stage, world: World, tally: Tally): Promise<string> {
  const results = await judge(stage, world)
  tally.add(results)
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
