/** Fixes of what runs in a cluster: edits of the job file as it was submitted, tried over the same replies. */
import { redacted, redactor } from '../ask/redact.ts'
import type { Ask } from '../ask/request.ts'
import type { Aim } from '../derive/things.ts'
import type { Held } from '../knowledge/fact.ts'
import type { FixStep } from '../knowledge/fault.ts'
import { placeOf, setPlace } from '../knowledge/place.ts'
import type { Finding, Foretold, Report } from '../knowledge/report.ts'
import type { Spot } from '../knowledge/resolve.ts'
import type { JobSource, JobSpec } from '../knowledge/shapes/job.ts'
import type { Thing } from '../knowledge/things.ts'
import type { Told } from '../knowledge/told.ts'
import type { FileJob } from '../probes/job-file.ts'
import { editedPlan } from '../probes/nomad/edited-plan.ts'
import { filed, foretoldIn, hasEdit, presentIn, withFile } from './filed.ts'
import { learn, picture, pictureOfSome, type Picture, type RawFacts, type Shown } from './loop.ts'
import { planned, sameFindings, tried, type Before, type EditableFile } from './prove.ts'
import { keyOf } from './tried.ts'
import { withoutPlacing } from './unplanned.ts'

/** How a submitted file is read and edited; the parsers come with it. */
export type FileReader = (source: JobSource) => Promise<Submitted>
/** `variables`: their values as the text of a file, which the servers read. */
type Submitted = Omit<EditableFile, 'judge' | 'plan'> & { readonly variables: string }
interface Looked {
  readonly aim: Aim
  readonly facts: RawFacts
  readonly told: Told
  readonly ask: Ask
}

/** A survey of a large cluster tries the first ones only; each is one question and one more judgement of everything. */
const most = 12

/** The report with its edits as diffs, as far as the job files are known. */
export async function mended(seen: Picture, looked: Looked, reader: () => Promise<FileReader>): Promise<Report> {
  const { findings, foretold = [] } = seen.report
  const jobs = foretold.filter((one) => hasEdit(one) && !one.about.startsWith('node:'))
  const editable = [...findings.filter((one) => hasEdit(one) || filed(one)), ...jobs].slice(0, most)
  if (editable.length === 0) return seen.report
  // It is loaded while the files are asked for; a failure is told where it is needed.
  const read = reader()
  read.catch(() => {})
  const done = new Map<Finding | Foretold, readonly FixStep[]>()
  for (const finding of editable) done.set(finding, await mend(finding, seen, looked, read))
  const mended = <One extends Finding | Foretold>(one: One): One => ({ ...one, fix: done.get(one) ?? one.fix })
  return {
    ...seen.report,
    findings: findings.map(mended),
    ...(foretold.length > 0 ? { foretold: foretold.map(mended) } : {}),
  }
}

/** The steps of each finding, for a screen that keeps them beside the report. */
export async function triedSteps(...all: Parameters<typeof mended>): Promise<ReadonlyMap<string, readonly FixStep[]>> {
  const { findings, foretold = [] } = await mended(...all)
  return new Map([...findings, ...foretold].map((finding) => [keyOf(finding), finding.fix]))
}

async function mend(
  finding: Finding | Foretold,
  seen: Picture,
  looked: Looked,
  read: Promise<FileReader>,
): Promise<readonly FixStep[]> {
  let why = 'no automatic edit: it is not known whose job file it would be'
  for (const job of jobsOf(finding, seen)) {
    const source = await sourceOf(job, looked)
    if (typeof source === 'string') {
      why = refusedIn(looked, job)
        ? 'no automatic edit: the servers do not have this job, so they keep no file of it; nomad-netdoctor lint FILE makes the edit in yours'
        : `no automatic edit: the submitted file of job ${job.names.job ?? ''} is not known (${source})`
      continue
    }
    const { text: discreet } = redactor()
    // Values that stand in one part of it are known in all.
    for (const given of [source.text, source.variables ?? '', JSON.stringify(source.flags ?? {})]) discreet(given)
    const submitted = await (await read)(source)
    const { variables } = submitted
    const plan = (text: string) => editedPlan(looked.ask, { text, variables, namespace: job.names.namespace })
    const jobs = await submitted.read(submitted.text)
    if (typeof jobs === 'string') {
      why = `no automatic edit: ${jobs}`
      continue
    }
    const file = { ...laidOver(job, submitted, jobs, looked), plan, shown: discreet }
    // What the walk says of a command is about everything.
    const own = finding.fix.some(({ run }) => run) ? undefined : new Set([finding.id])
    const shown = file.judge(jobs, own)
    const alike = sameFindings(shown.report, finding)
    // What the file shows once is not the edit of two findings.
    const isOne = alike.length === 1 && sameFindings(seen.report, finding).length <= 1
    const shownAgain = alike.find(({ sentence }) => sentence === finding.sentence) ?? (isOne ? alike[0] : undefined)
    const foretold = hasEdit(finding) ? undefined : foretoldIn(shown, finding, seen)
    const same = hasEdit(finding) ? shownAgain : foretold
    if (!same) {
      why = 'no automatic edit: the submitted file alone does not show it'
      continue
    }
    const before: Before = (only) => (only.size === 1 && only.has(finding.id) ? shown : file.judge(jobs, only))
    const steps: FixStep[] = []
    for (const index of same.fix.keys())
      steps.push(discreetly(await planned(await tried(same, index, file, before), file), discreet))
    if (steps.some(({ diff }) => diff !== undefined)) return foretold ? withFile(steps, finding) : steps
    why = steps.find(({ note }) => note?.startsWith('no automatic edit'))?.note ?? why
  }
  const noted = ({ edit, on }: FixStep) => edit !== undefined || (!hasEdit(finding) && on === 'job file')
  return finding.fix.map((step) => (noted(step) ? { ...withoutSafe(step), note: why } : step))
}

/** It was never taken in, so that nothing was submitted for good. */
function refusedIn({ facts }: Looked, { id }: Thing): boolean {
  const held = facts.get(id)?.get('job.registered')
  return held?.known === true && held.value === false
}

/** The file was read with its secrets, and they may stand in what is said of it. */
function discreetly(step: FixStep, shown: (text: string) => string): FixStep {
  const { run, plan, unplanned, note } = step
  const notes = [note === undefined ? '' : shown(note), step.diff?.includes(redacted) ? hidden : ''].filter(Boolean)
  return {
    ...step,
    do: shown(step.do),
    ...(run ? { run: run.map(shown) } : {}),
    ...(plan === undefined ? {} : { plan: shown(plan) }),
    ...(unplanned === undefined ? {} : { unplanned: shown(unplanned) }),
    ...(notes.length > 0 ? { note: notes.join('. ') } : {}),
  }
}
const hidden = 'Secret values are hidden here: leave those of the file as they are'

const withoutSafe = ({ do: what, on, run, risk }: FixStep): FixStep => ({ do: what, on, ...(run ? { run } : {}), risk })

/** The jobs a finding may be mended in: its own, or those at the ends of its path. */
function jobsOf(finding: Finding | Foretold, { verdicts, world }: Picture): readonly Thing[] {
  const verdict = presentIn({ verdicts }, finding)
  const thing = verdict
    ? world.things.get(verdict.thing)
    : [...world.things.values()].find(({ about }) => about === finding.about)
  if (!thing) return []
  const ends = Object.values(thing.links).map((end) => (end ? world.things.get(end)?.links.job : undefined))
  const ids = thing.kind === 'job' ? [thing.id] : [thing.links.job, ...ends]
  return [...new Set(ids)].flatMap((one) => (one ? (world.things.get(one) ?? []) : []))
}

async function sourceOf({ id }: Thing, { aim, ask, facts }: Looked): Promise<JobSource | string> {
  const more = await learn([{ thing: id, fact: 'job.source' }], aim, ask, facts)
  const held = more.get(id)?.get('job.source') as Held<JobSource> | undefined
  if (!held) return 'it was not asked for'
  return held.known ? held.value : (held.detail ?? held.why)
}

/** The file's job in the place of the registered one, which keeps its state. `before`: the jobs of the file as it is. */
function laidOver(
  { id }: Thing,
  file: Omit<EditableFile, 'judge' | 'plan'>,
  [before]: readonly FileJob[],
  looked: Looked,
): EditableFile {
  const { aim, ask, told } = looked
  let { facts } = looked
  const held = facts.get(id)?.get('job.spec') as Held<JobSpec> | undefined
  const judge: EditableFile['judge'] = ([own], only) => {
    const over = (all: RawFacts): Shown => (only ? pictureOfSome(only, aim, all, told) : picture(aim, all, told))
    if (!own?.held.known || !before?.held.known || !held?.known) return over(facts)
    const value = asRunning(own.held.value, held.value)
    const kept = withoutPlacing(facts.get(id) ?? new Map(), before.held.value, own.held.value)
    const laid = new Map([...kept, ['job.spec', { ...own.held, value }] as const])
    return over(new Map([...facts, [id, laid] as const]))
  }
  const more = async (spots: readonly Spot[]) => {
    const known = facts
    facts = await learn(spots, aim, ask, known)
    return facts !== known
  }
  return { ...file, judge, learn: more }
}

function asRunning(spec: JobSpec, { namespace, status, stopped, version }: JobSpec): JobSpec {
  const running = { ...spec, namespace, status, stopped, version }
  const place = placeOf(spec)
  if (place) setPlace(running, place)
  return running
}
