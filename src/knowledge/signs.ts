import { healthOf } from './discovery.ts'
import { elsewhereOf } from './listens-elsewhere.ts'
import { names } from './placement.ts'
import { printed } from './evidence.ts'
import { failedRuns } from './failed-runs.ts'
import type { World } from './fact.ts'
import type { Need } from './facts.ts'
import type { Finding, Meets, Sign } from './report.ts'
import { resolve } from './resolve.ts'
import { knowing, loopOf, why, type Know } from './not-up.ts'
import type { CheckResult } from './shapes/runtime.ts'
import type { Thing } from './things.ts'
import { standing } from './too-early.ts'
import { lacking } from './unplaced.ts'

/** Something measured to be wrong that does not say why; `shows`: the needs whose evidence it is, the first one always known. */
interface Rule {
  readonly shows: readonly Need[]
  readonly says: (know: Know, path: Thing) => Said | undefined
}
type Said = Pick<Sign, 'sentence' | 'meets'>

/** What the caller itself meets. */
const met: readonly Rule[] = [
  {
    shows: ['path.attempts'],
    says: (know) => {
      const reached = know('path.reached')
      if (reached !== 'fails' && reached !== 'sometimes') return undefined
      const failed = know('path.attempts')?.find(
        ({ from, outcome }) =>
          from.startsWith('source') && (reached === 'fails' ? !good.has(outcome) : outcome === 'sometimes'),
      )
      if (!failed) return undefined
      const { place, host, port, outcome } = failed
      const sentence = `a connection from ${place} to ${host}:${port} ${ends[outcome] ?? 'fails'}`
      return { sentence, meets: meant[outcome] ?? 'other' }
    },
  },
  {
    shows: ['path.lookups.task'],
    says: (know) => {
      const failed = know('path.lookups.task')?.find(({ outcome }) => outcome !== 'found')
      return failed && { sentence: `the name ${failed.name} does not resolve in the source task`, meets: 'no-name' }
    },
  },
]

/** Why there may be nothing to reach: whatever the caller meets follows from it. */
const lacks: readonly Rule[] = [
  {
    shows: ['target.group.placement'],
    says: (know) => {
      const placement = know('target.group.placement')
      if (placement === undefined || placement === 'placed') return undefined
      const [job, group] = [know('target.job.spec')?.id ?? '', know('target.group.spec')?.name ?? '']
      const sentence = lacking(placement, job, group, know('target.group.refusals'))
      return { sentence, meets: 'not-placed' }
    },
  },
  {
    shows: ['target.alloc.record', 'target.alloc.logs'],
    says: (know) => {
      const record = know('target.alloc.record')
      const start = know('target.alloc.start')
      const alloc = record && `allocation ${record.id.slice(0, 8)} of ${record.job}/${record.group}`
      if (!record || record.clientStatus === 'complete') return undefined
      const loop = loopOf(know, 'target')
      if (loop !== undefined) return { sentence: loop, meets: 'not-up' }
      if (record.clientStatus !== 'running') {
        return { sentence: `${alloc} is ${record.clientStatus}${why(know, record.tasks)}`, meets: 'not-up' }
      }
      const task = record.tasks.find(({ state, failed }) => state !== 'running' && (failed || state === 'pending'))
      if (start !== 'unsteady' || !task) return undefined
      return { sentence: `task ${task.name} of ${alloc} does not stay up${why(know, [task])}`, meets: 'not-up' }
    },
  },
  {
    shows: ['target.alloc.record'],
    says: (know) => {
      const [record, spec] = [know('target.alloc.record'), know('target.group.spec')]
      const stands = record?.clientStatus === 'running' && spec ? standing(spec, record) : undefined
      if (!record || !stands) return undefined
      const alloc = `allocation ${record.id.slice(0, 8)} of ${record.job}/${record.group}`
      const sentence = `${several(stands.behind)} of ${alloc} never started, because prestart ${several(stands.first)} did not end yet`
      return { sentence, meets: 'not-up' }
    },
  },
  {
    shows: ['target.alloc.listening'],
    says: (know, { names }) => {
      const record = know('target.alloc.record')
      const ports = know('target.alloc.listening') ?? []
      // Where nobody asks for it, a port without a service may be no more than a number set aside.
      const [port] = ports.filter(({ to, service }) => to !== undefined && (service ?? names.caller) !== undefined)
      // A port beside it that is open, or one nobody mapped, tells of another fault.
      const silent = ports.every(
        ({ namespace, state, ...rest }) =>
          namespace === 'group' && state === 'closed' && elsewhereOf(rest).numbers.length === 0,
      )
      if (!port || !silent || record?.clientStatus !== 'running') return undefined
      const where = `allocation ${record.id.slice(0, 8)} of ${record.job}/${record.group}`
      const sentence = `port ${port.label} leads to ${port.inside} in ${where}, where nothing listens, and no other port is open there: the application is not up, or listens nowhere`
      return { sentence, meets: 'refused' }
    },
  },
]

/** Why the caller itself may get nowhere; it may also end because it does. */
const calls: readonly Rule[] = [
  {
    shows: ['source.alloc.record', 'source.alloc.logs'],
    says: (know) => {
      const loop = loopOf(know, 'source')
      return loop === undefined ? undefined : { sentence: loop, meets: 'not-up' }
    },
  },
]

/** What others say of the target. */
const told: readonly Rule[] = [
  {
    shows: ['target.alloc.checks'],
    says: (know) => {
      const asked = know('path.service')?.name
      const failing = know('target.alloc.checks')?.filter(({ status }) => status === 'failure') ?? []
      const own = failing.find(({ service }) => service === asked) ?? failing[0]
      if (!own) return undefined
      const why = reason(own)
      return { sentence: `Nomad's own check ${named(own)}of ${own.service} fails: ${why}`, meets: metIn(why) }
    },
  },
  {
    shows: ['service.consul'],
    says: (know) => {
      const alloc = know('target.alloc.record')?.id
      const own = know('service.consul')?.find(
        (one) => alloc !== undefined && one.id.includes(alloc) && healthOf(one) === 'critical',
      )
      const check = own?.checks.find(({ status }) => status === 'critical')
      if (!own) return undefined
      const sentence = `Consul counts ${own.service} as critical${check ? `: check ${check.name}` : ''}`
      return { sentence, meets: metIn(check?.output ?? '') }
    },
  },
]

const several = (tasks: readonly string[]): string => `task${tasks.length === 1 ? '' : 's'} ${names(tasks)}`
const good = new Set(['answered', 'connected', 'unclear'])
const ends: Readonly<Record<string, string>> = {
  refused: 'is refused',
  'timed-out': 'gets no answer in time',
  unreachable: 'finds no way there',
  stalled: 'is accepted, and then nothing comes',
  reset: 'is reset',
  empty: 'is closed without an answer',
  sometimes: 'stands only sometimes: of two attempts one got no answer',
  'name-unknown': 'fails, because the name is not known',
}

const meant: Readonly<Record<string, Meets>> = {
  refused: 'refused',
  'timed-out': 'silence',
  unreachable: 'silence',
  'name-unknown': 'no-name',
}

/** The same in the words of a check. */
const metIn = (said: string): Meets =>
  /connection refused/i.test(said)
    ? 'refused'
    : /timeout|timed out|deadline exceeded|no route to host|unreachable/i.test(said)
      ? 'silence'
      : /no such host/i.test(said)
        ? 'no-name'
        : 'other'

/** A check without a name of its own is called after its service by Nomad. */
const named = ({ check, service }: CheckResult): string =>
  check === '' || check === `service: "${service}" check` ? '' : `${check} `

/** The end of what a check printed says the outcome, its beginning what was tried. */
function reason({ output, statusCode }: CheckResult): string {
  if (statusCode !== undefined) return `HTTP ${statusCode}`
  const [first = ''] = output.trim().split('\n')
  return first.slice(first.lastIndexOf(': ') + 1).trim() || 'it says nothing'
}

/**
 * What was measured to be wrong, the strongest first, each once. Nothing of it is a cause. `every`: each client in scope was
 * asked about; else those alone that a path leads to.
 */
export function signsOf(scope: readonly Thing[], world: World, every = true): readonly Sign[] {
  const paths = scope.filter(({ kind }) => kind === 'path')
  const ends = new Set(paths.flatMap(({ links }) => [links['source.node'], links['target.node']]))
  const clients = scope.filter(({ id, kind }) => kind === 'node' && (every || ends.has(id)))
  const of = (rules: readonly Rule[]) => rules.flatMap((rule) => paths.flatMap((path) => signed(rule, path, world)))
  // Where there is nothing to reach, what the caller meets says no more than that.
  const caller = met.flatMap((rule) =>
    paths.flatMap((path) => {
      const meets = signed(rule, path, world)
      return meets.length === 0 ? [] : [...lacks.flatMap((one) => signed(one, path, world)), ...meets]
    }),
  )
  const found = [
    ...clients.flatMap((client) => down(client, world)),
    ...caller,
    ...of([...lacks, ...calls, ...told]),
    ...failedRuns(scope, world),
  ]
  return found.filter(({ sentence }, i) => found.findIndex((one) => one.sentence === sentence) === i)
}

function signed({ shows, says }: Rule, path: Thing, world: World): readonly Sign[] {
  const said = says(knowing(path, world), path)
  const [first, ...rest] = shows.map((need) => resolve(world, path, need))
  if (said === undefined || first?.state !== 'known') return []
  const seen = [first, ...rest].flatMap((held) => (held.state === 'known' ? held.seen : []))
  return [{ about: path.about, ...said, evidence: seen.map(printed) }]
}

/** Whether nothing is there to reach, as far as that was measured: no allocation, none that runs, or nothing in it listens. */
export const isReachable = (path: Thing, world: World): boolean =>
  lacks.every((rule) => signed(rule, path, world).length === 0)

/** A client the servers hear nothing of: whatever ran there is lost to them, and nothing new is placed. */
function down(client: Thing, world: World): readonly Sign[] {
  const held = resolve(world, client, 'node.up')
  if (held.state !== 'known' || held.value !== 'down') return []
  const status = resolve(world, client, 'node.status')
  const word = status.state === 'known' ? String(status.value) : 'down'
  const sentence = `client ${client.names.nodeName ?? client.about} is ${word}: the servers hear nothing of its agent`
  return [{ about: client.about, sentence, meets: 'not-placed', evidence: held.seen.map(printed) }]
}

/** What shows a fault that was found has its cause. */
export const hasCause = ({ evidence }: Sign, findings: readonly Finding[]): boolean =>
  evidence.length > 0 &&
  findings.some(
    (found) =>
      found.severity !== 'risks' &&
      evidence.every((one) =>
        found.evidence.some(({ request, excerpt }) => request === one.request && excerpt === one.excerpt),
      ),
  )
