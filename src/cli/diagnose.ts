import { parseArgs } from 'node:util'
import { exitCode } from '../engine/report.ts'
import { nothingTold } from '../engine/walk.ts'
import { gather, picture } from '../run/loop.ts'
import { subjectOf } from '../run/subject.ts'
import { cached } from '../sources/cache.ts'
import { CaseError, openCase } from '../sources/case.ts'

export async function diagnose(argv: readonly string[]): Promise<number> {
  const { values } = parseArgs({ args: [...argv], options: { case: { type: 'string' }, format: { type: 'string', default: 'text' }, debug: { type: 'boolean' } } })
  const opened = await openCase(values.case ?? '')
  if (opened instanceof CaseError) {
    process.stderr.write(`${opened.message}\n`)
    return 2
  }
  const aim = { kind: 'path', subject: subjectOf(opened.info) } as const
  const facts = await gather(aim, cached(opened.ask).ask, new Map(), () => nothingTold, { started: () => {}, found: () => {} })
  const { report, walked, world } = picture(aim, facts, nothingTold)
  if (values.debug) {
    for (const [id, held] of world.facts)
      for (const [fact, one] of held) process.stdout.write(`${id} ${fact} = ${one.known ? JSON.stringify(one.value)?.slice(0, 300) : `? ${one.why} ${one.detail ?? ''}`}\n`)
    for (const thing of world.things.values()) process.stdout.write(`THING ${thing.id} ${JSON.stringify(thing.links)} ${JSON.stringify(thing.many)}\n`)
  }
  process.stdout.write(`${JSON.stringify({ schema: 1, ...report }, null, 1)}\n`)
  return exitCode(report, walked)
}
