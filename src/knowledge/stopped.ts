import { printed } from './evidence.ts'
import type { World } from './fact.ts'
import { readable } from './hole.ts'
import type { Sign } from './report.ts'
import { resolve } from './resolve.ts'
import type { JobSpec } from './shapes/job.ts'
import type { Thing } from './things.ts'

/**
 * Jobs of which nothing runs, because somebody stopped them: one that is called, and with `asked`, one that was named. Where
 * all are surveyed a stopped caller is no trouble of anybody's.
 */
export function stoppedOf(scope: readonly Thing[], world: World, asked: boolean): readonly Sign[] {
  const named = asked
    ? scope.filter(({ kind }) => kind === 'job').flatMap((job) => stopped(job, 'job.spec', world))
    : []
  const ends = scope
    .filter(({ kind, names }) => kind === 'path' && (asked || names.caller !== undefined))
    .flatMap((path): readonly Sign[] => {
      const caller = stopped(path, 'source.job.spec', world)
      const target = stopped(path, 'target.job.spec', world)
      return asked ? [...target, ...caller] : caller.length > 0 ? [] : target
    })
  const found = [...named, ...ends]
  return found.filter(({ sentence }, i) => found.findIndex((one) => one.sentence === sentence) === i)
}

function stopped(
  thing: Thing,
  need: 'job.spec' | 'source.job.spec' | 'target.job.spec',
  world: World,
): readonly Sign[] {
  const held = resolve(world, thing, need)
  if (held.state !== 'known') return []
  const job = held.value as JobSpec
  const ended = readable(() => job.stopped, false)
  const sentence = `job ${job.id} is stopped: nothing of it runs until it is run again`
  return ended ? [{ about: thing.about, sentence, meets: 'not-placed', evidence: held.seen.map(printed) }] : []
}
