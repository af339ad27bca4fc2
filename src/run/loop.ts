import type { Ask } from '../ask/request.ts'
import { behind, derive, type Origin } from '../derive/derive.ts'
import { derivations } from '../derive/index.ts'
import { scope, scopeReads } from '../derive/scope.ts'
import { withTrials } from '../derive/walk/trials.ts'
import { base, things, type Aim } from '../derive/things.ts'
import { plan } from '../engine/plan.ts'
import { report } from '../engine/report.ts'
import type { Report } from '../knowledge/report.ts'
import { foretell, survey } from '../engine/survey.ts'
import type { Verdict } from '../knowledge/verdict.ts'
import { walk } from '../engine/walk.ts'
import { nowhere, type Walked } from '../knowledge/walked.ts'
import { type Told } from '../knowledge/told.ts'
import type { World } from '../knowledge/fact.ts'
import type { Fault } from '../knowledge/fault.ts'
import { beside, inSurvey, inView, viewReads } from '../knowledge/beside.ts'
import { faultById, faultList } from '../knowledge/faults/index.ts'
import type { Need } from '../knowledge/facts.ts'
import { packetEnd } from '../knowledge/ends.ts'
import { foretoldOf, unmeasuredIn } from '../knowledge/foretold.ts'
import { hasCause, isReachable, signsOf } from '../knowledge/signs.ts'
import { stoppedOf } from '../knowledge/stopped.ts'
import { unplacedOf } from '../knowledge/unplaced.ts'
import { resolve, type Spot } from '../knowledge/resolve.ts'
import type { Symptom } from '../knowledge/subject.ts'
import type { Thing } from '../knowledge/things.ts'
import { faultOrder, questions, root } from '../knowledge/tree/index.ts'
import { byPointing } from '../knowledge/tree/pointed.ts'
import { probes } from '../probes/index.ts'
import { endWords } from '../way/told.ts'
import { memoryOf, needsOf } from './memory.ts'
import { lookWhile, quietly, type Next, type Progress, type RawFacts } from './look.ts'

export type { Progress, RawFacts } from './look.ts'

/** Everything that follows from facts, aim and told answers. */
export interface Picture {
  readonly world: World
  readonly scope: readonly Thing[]
  readonly verdicts: readonly Verdict[]
  readonly walked: Walked
  readonly report: Report
}

/** What the faults come to. */
export type Shown = Pick<Picture, 'verdicts' | 'report'>

/** The one path from facts to a report: same replies and same answers give the same picture. */
export function picture(aim: Aim, facts: RawFacts, told: Told): Picture {
  const found = judged(aim, facts, told)
  const { world, scope: scoped } = found
  const answers = answersTo(aim, told)
  const verdicts = viewed(found, aim, answers)
  const walked = walk(root, verdicts, primary(scoped, verdicts), world, { ...told, answers })
  const whole = withTrials(report(faultById, verdicts, walked, world, faultOrder), world)
  // A client nobody asked about may be gone for good.
  const unplaced = aim.kind === 'survey' ? unplacedOf(scoped, verdicts, world) : []
  const measured = whole.diagnosis
    ? []
    : [
        ...stoppedOf(scoped, world, aim.kind === 'path' || aim.jobs?.length === 1),
        ...signsOf(scoped, world, aim.kind === 'path' || aim.nodes !== undefined),
      ]
  const more = unplaced.filter(({ sentence }) => !measured.some((one) => one.sentence === sentence))
  const signs = whole.diagnosis ? [] : [...measured, ...more].filter((sign) => !hasCause(sign, whole.findings))
  const ends =
    whole.diagnosis || aim.kind === 'survey'
      ? undefined
      : packetEnd(
          scoped.filter((one) => isReachable(one, world)),
          world,
          endWords,
        )
  const foretold = notMeasured(aim, scoped, verdicts, world)
  const shown = {
    ...whole,
    ...(foretold.length > 0 ? { foretold } : {}),
    ...(signs.length > 0 ? { signs, unknown: byPointing(whole.unknown, signs) } : {}),
    ...(unplaced.length > 0 ? { unplaced } : {}),
    ...(ends ? { ends } : {}),
  }
  // A survey asks no question, so nothing of it lies on a way.
  return { world, scope: scoped, verdicts, walked, report: aim.kind === 'survey' ? { ...shown, steps: [] } : shown }
}

/** What is written where nothing measured whether it is so. */
function notMeasured(aim: Aim, scoped: readonly Thing[], verdicts: readonly Verdict[], world: World) {
  const unmeasured = unmeasuredIn(verdicts, world)
  const open = (fault: string, thing: Thing) => unmeasured(fault, thing) !== undefined
  const told = foretell(faultList, scoped, world, open, memoryOf(aim).judge)
  return foretoldOf(told, verdicts, unmeasured, faultById, world)
}

/** What some faults come to, as the whole picture has it; nothing else is derived or judged. */
export function pictureOfSome(faults: ReadonlySet<string>, ...[aim, facts, told]: Parameters<typeof picture>): Shown {
  const some = faultList.filter(({ id }) => faults.has(id))
  const needs = some.flatMap((fault) => [fault, ...(fault.foretold ? [fault.foretold] : [])]).flatMap(needsOf)
  const rules = behind([...scopeReads, ...viewReads, ...needs], derivations)
  const found = judgedBy(aim, facts, told.checks, some, rules)
  const verdicts = viewed(found, aim, answersTo(aim, told))
  const { world } = found
  return { verdicts, report: report(faultById, verdicts, nowhere, world, faultOrder) }
}

/** What was told, the symptom of the question among it. */
const answersTo = (aim: Aim, { answers }: Told): Told['answers'] => ({
  ...(aim.kind === 'path' && aim.subject.symptom !== 'unknown' ? { symptom: seenAs(aim.subject.symptom) } : {}),
  ...answers,
})

const viewed = ({ world, verdicts }: Judged, aim: Aim, answers: Told['answers']): readonly Verdict[] =>
  verdicts.map((one) =>
    aim.kind === 'survey'
      ? inSurvey(one, world)
      : inView(one, faultById.get(one.fault), answers['symptom'] ?? 'unknown', world),
  )

type Judged = Pick<Picture, 'world' | 'scope' | 'verdicts'>
/** What was judged last: the end of looking and the report after it are about the same facts. */
let last: { readonly of: readonly [Aim, RawFacts, Told['checks']]; readonly found: Judged } | undefined

function judged(aim: Aim, facts: RawFacts, { checks }: Told): Judged {
  if (last?.of[0] === aim && last.of[1] === facts && last.of[2] === checks) return last.found
  const found = judgedBy(aim, facts, checks, faultList, derivations)
  last = { of: [aim, facts, checks], found }
  return found
}

function judgedBy(aim: Aim, facts: RawFacts, checks: Told['checks'], faults: readonly Fault[], rules: Rules): Judged {
  const { intern, judge } = memoryOf(aim)
  const world = worldOf(aim, facts, rules)
  const scoped = scope(aim, world).map(intern)
  const verdicts = survey(faults, scoped, world, checks, judge).map((one): Verdict =>
    one.verdict === 'present' && beside(one, faultById.get(one.fault), world) ? { ...one, beside: true } : one,
  )
  return { world, scope: scoped, verdicts }
}

type Rules = typeof derivations
function worldOf(aim: Aim, facts: RawFacts, rules: Rules = derivations): World {
  const { intern, apply } = memoryOf(aim)
  const known = new Map([...things(aim, facts)].map(([id, thing]) => [id, intern(thing)]))
  return derive({ things: known, facts }, rules, apply)
}

/** A symptom as the tree's root asks for it: what is not placed and what never starts are one answer there. */
const seenAs = (symptom: Symptom): string => (symptom === 'never-starts' ? 'not-placed' : symptom)

/** The path the questions are about: of several instances the first one with a fault of its own. */
function primary(scoped: readonly Thing[], verdicts: readonly Verdict[]): Thing | undefined {
  const paths = scoped.filter(({ kind }) => kind === 'path')
  const broken = new Set(
    verdicts
      .filter((verdict) => verdict.verdict === 'present' && verdict.severity !== 'risks')
      .map(({ thing }) => thing),
  )
  const touched = (path: Thing) => Object.values(path.links).some((id) => typeof id === 'string' && broken.has(id))
  return paths.find(({ id }) => broken.has(id)) ?? paths.find(touched) ?? paths[0]
}

/**
 * Looks until nothing more can be learnt: plans what the open verdicts and questions need, runs it concurrently, and
 * plans again as answers arrive. A slow or failing probe holds up nobody else. Never rejects. `more`: what is
 * wanted of each path for itself.
 */
export const gather = (
  aim: Aim,
  ask: Ask,
  before: RawFacts,
  told: () => Told,
  progress: Progress = quietly,
  signal?: AbortSignal,
  more: readonly Need[] = [],
): Promise<RawFacts> => lookWhile((facts) => open(aim, facts, told(), more), ask, before, progress, signal)

/** Learns just these facts of the cluster, and what they need: lists to choose names from. */
export async function learn(
  wanted: readonly Spot[],
  aim: Aim,
  ask: Ask,
  before: RawFacts = new Map(),
): Promise<RawFacts> {
  if (wanted.every(({ thing, fact }) => before.get(thing)?.has(fact))) return before
  const rules = derivedFor(wanted)
  const next = (facts: RawFacts): Next => {
    const world = worldOf(aim, facts, rules)
    return { world, runs: plan(wanted, world, probes, rules) }
  }
  return lookWhile(next, ask, before, quietly)
}

/** The derivations that planning for these reads, those for what a probe must know before it can look among them. */
function derivedFor(wanted: readonly Spot[]): Rules {
  const facts = wanted.map(({ fact }) => fact as Need)
  const found = new Set<Origin>(behind(facts, origins))
  return derivations.filter((rule) => found.has(rule))
}
const origins: readonly Origin[] = [
  ...derivations,
  ...probes.flatMap(({ provides, given }) => provides.map((fact) => ({ provides: fact, from: given }))),
]

/** The probes that would bring the picture on. */
function open(aim: Aim, facts: RawFacts, told: Told, more: readonly Need[]): Next {
  if (facts.size === 0) {
    // Before it is known what there is, every fault would be judged for nothing.
    const world = worldOf(aim, facts)
    return { world, runs: plan(base(aim, world), world, probes, derivations) }
  }
  const { world, verdicts, scope: scoped } = judged(aim, facts, told)
  const wanted: Spot[] = [
    ...base(aim, world),
    ...verdicts.flatMap((verdict) => (verdict.verdict === 'unknown' ? verdict.at : [])),
  ]
  const asked = [...questions.flatMap(({ reads }) => reads ?? []), ...more]
  for (const path of scoped.filter(({ kind }) => kind === 'path'))
    for (const need of asked) {
      const found = resolve(world, path, need)
      if (found.state === 'unknown') wanted.push(...found.at)
    }
  return { world, runs: plan(wanted, world, probes, derivations) }
}
