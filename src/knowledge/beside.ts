import type { World } from './fact.ts'
import type { Fault } from './fault.ts'
import type { Need } from './facts.ts'
import type { Because } from './report.ts'
import { isLoopback } from './discovery.ts'
import { value } from './held.ts'
import { offLoopback } from './own-loopback.ts'
import type { Thing } from './things.ts'
import { bridgeLadder } from './tree/bridge.ts'
import { betweenClientsLadder } from './tree/groups.ts'
import type { Verdict } from './verdict.ts'

/** A fault that no packet of the callers comes to, or of a port that no path leads to: it is there, and is not why these callers fail. */
export function beside(
  { thing, ports }: { readonly thing: string; readonly ports?: readonly string[] },
  fault: Pick<Fault, 'inside'> | undefined,
  world: World,
): boolean {
  if (world.things.get(thing)?.kind !== 'alloc') return false
  const paths = [...world.things.values()].filter(({ kind }) => kind === 'path')
  if (fault?.inside === 'loopback' && offLoopback(thing, paths, world)) return true
  const leading = paths.filter(({ links }) => links['target.alloc'] === thing)
  if (leading.length > 0 && leading.every((path) => staysInside(path, world))) return true
  if (!ports) return false
  // Where a target is not known, it may be this one.
  if (leading.length === 0)
    return paths.length > 0 && paths.every(({ links }) => typeof links['target.alloc'] === 'string')
  return leading.every(({ id, names }) => {
    const asked = names.port === undefined ? undefined : value(world, id, 'path.port')?.label
    return typeof asked === 'string' && !ports.includes(asked)
  })
}

/** All the caller dials is its own loopback, where nothing takes it: what is wrong at the target is never met. */
function staysInside({ id, links }: Thing, world: World): boolean {
  const namespace = value(world, id, 'path.caller-namespace')
  if (links['source.alloc'] === links['target.alloc'] || (namespace !== 'group' && namespace !== 'container'))
    return false
  const [dials, local] = [value(world, id, 'path.dials'), value(world, id, 'path.local-listeners')]
  return (
    value(world, id, 'path.discovery') === 'localhost' &&
    dials !== undefined &&
    dials.length > 0 &&
    local !== undefined &&
    dials.every(({ host, port }) => isLoopback(host) && port !== undefined && !local.includes(port))
  )
}

/** The facts that decide how a verdict is seen. */
export const viewReads = ['path.reached', 'alloc.start', 'alloc.status'] as const satisfies readonly Need[]

/**
 * A verdict as the question has it. Of placing or of a deployment, where it was asked why a caller does not get through: to
 * what runs all packets pass, so it is there and is not why. `symptom`: the answer to the first question of the tree.
 */
export function inView(verdict: Verdict, fault: Fault | undefined, symptom: string, world: World): Verdict {
  if (verdict.verdict === 'unknown')
    return isMoot(verdict.fault, world) || (fault?.inside && beside(verdict, fault, world))
      ? { ...verdict, beside: true }
      : verdict
  // The callers of the question come from elsewhere, and nobody is known who meets it.
  if (verdict.verdict === 'present' && verdict.beside && fault?.inside && verdict.severity === 'breaks')
    return { ...verdict, severity: 'degrades' }
  const deployment = fault?.stops === 'deployment'
  const paths = [...world.things.values()].filter(({ kind }) => kind === 'path')
  if (verdict.verdict !== 'present' || paths.length === 0 || symptom === 'not-placed') return verdict
  if (!deployment && fault?.layer !== 'scheduler') return verdict
  const reached = paths.map(({ id }) => value(world, id, 'path.reached'))
  const answered = reached.every((one) => one === 'answered')
  const spared = answered || (deployment && paths.every((path) => isUp(path, world)))
  if (!spared) return verdict
  const fails = reached.some((one) => one === 'fails' || one === 'sometimes')
  const lower = verdict.severity === 'breaks' && (deployment || symptom !== 'unknown')
  return {
    ...verdict,
    ...(lower ? { severity: 'degrades' as const } : {}),
    ...(symptom !== 'unknown' || fails ? { beside: true as const } : {}),
  }
}

/**
 * Not known of a pair that a survey judges: set aside where a call gets an answer now, and where only a call that nobody
 * asked for would tell.
 */
export function inSurvey(verdict: Verdict, world: World): Verdict {
  if (verdict.verdict !== 'unknown') return verdict
  const thing = world.things.get(verdict.thing)
  if (thing?.kind !== 'path' || thing.names.caller === undefined) return verdict
  const answered = value(world, thing.id, 'path.reached') === 'answered'
  return answered || verdict.because.every(triesCall) ? { ...verdict, beside: true } : verdict
}
const tried: readonly string[] = ['path.attempts', 'path.ends', 'path.let-through']
/** Only a call would tell: nobody agreed to one, or none was recorded. */
const triesCall = ({ why, fact }: Because): boolean =>
  why === 'not-asked' || (why === 'not-recorded' && tried.includes(fact))

const between: ReadonlySet<string> = new Set<string>([...bridgeLadder, ...betweenClientsLadder])

/** What a packet meets on its way is no matter where no allocation is left that it could come to. */
function isMoot(fault: string, world: World): boolean {
  if (!between.has(fault)) return false
  const paths = [...world.things.values()].filter(({ kind }) => kind === 'path')
  const left = paths.filter(({ links }) => {
    const alloc = links['target.alloc']
    return alloc !== null && !['failed', 'lost'].includes((alloc && value(world, alloc, 'alloc.status')) ?? '')
  })
  return paths.length > 0 && left.length === 0
}

function isUp({ links }: Thing, world: World): boolean {
  const alloc = links['target.alloc']
  return typeof alloc === 'string' && value(world, alloc, 'alloc.start') === 'up'
}
