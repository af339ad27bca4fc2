/** Whether a call on loopback may be meant for the caller's own group, whatever another one declares. Pure. */
import { servicesOf } from './discovery.ts'
import type { Given } from './facts.ts'
import { answers, declares, lasting, loops, others } from './said.ts'
import type { GroupSpec, TaskSpec } from './shapes/job.ts'
import type { Called, Said } from './shapes/said.ts'
import { hasWord, holdsAddress, purposeOf } from './variable-names.ts'

const wordsIn = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word.length > 1)

/** Words that stand in the names of anything that is called. */
const plain = new Set('http https grpc tcp udp url uri addr address host port server service web app main'.split(' '))

/** Words for one kind of server: `DATABASE_URL=postgres://...` is meant for group `db`, whatever runs in it. */
const kinds: readonly ReadonlySet<string>[] = [
  'db database databases datasource postgres postgresql postgis pg pgsql psql timescaledb mysql mariadb sql mongo mongodb cockroachdb',
  'cache redis rediss valkey keydb memcached memcache',
  'queue broker amqp amqps rabbit rabbitmq mq kafka nats mqtt mosquitto',
  'search elastic elasticsearch opensearch es',
  'mail smtp mta postfix',
].map((line) => new Set(line.split(' ')))
/** The words, and the first one of their kind for each. */
const meanings = (words: readonly string[]): readonly string[] =>
  words.flatMap((word) => [word, ...kinds.flatMap((kind) => (kind.has(word) ? [[...kind][0] ?? word] : []))])

/** `postgres` of `registry.example/postgres:16`. */
const imageOf = ({ config: { image } }: TaskSpec): string =>
  typeof image === 'string' ? image.replace(/^.*\//, '').replace(/[:@].*$/, '') : ''

/** The words by which a group is known: its own name, and those of its tasks, images, services and ports. */
const namesOf = (group: GroupSpec): ReadonlySet<string> =>
  new Set(
    meanings(
      [
        group.name,
        ...group.tasks.flatMap((task) => [task.name, imageOf(task)]),
        ...servicesOf(group).map(({ name }) => name),
        ...(group.network?.ports ?? []).map(({ label }) => label),
      ].flatMap(wordsIn),
    ),
  )

/** What a name says of the other group alone. */
function names(text: string, there: GroupSpec, own: GroupSpec): boolean {
  const [other, self] = [namesOf(there), namesOf(own)]
  return meanings(wordsIn(text)).some((word) => other.has(word) && !self.has(word) && !plain.has(word))
}

/** `MANAGEMENT_PORT = 8080`: the task is told a port of its own. */
const told = ({ env }: TaskSpec, { port, apart }: Called, there: GroupSpec, own: GroupSpec): boolean =>
  Object.entries(env).some(
    ([name, value]) =>
      /(^|_)PORT$/i.test(name) && name !== apart?.name && value === String(port) && !names(name, there, own),
  )

const known = (task: TaskSpec, listens: readonly Said[]): boolean =>
  listens.some(({ task: by, port, label }) => by === task.name && (port !== undefined || label !== undefined))

/** A check of oneself: `HEALTH_URL`. */
const ofItself = new Set(
  'health healthz healthcheck check checks probe probes status ready readyz readiness live livez liveness ping self own metrics'.split(
    ' ',
  ),
)

/**
 * Whether the call is for the other group. Surely: its name says so, or it is known where all tasks of the own group
 * listen. Probably: an address is called, and nothing runs in the own group but the caller.
 */
function meantFor(
  there: GroupSpec,
  call: Called,
  listens: readonly Said[],
  own: GroupSpec,
): 'surely' | 'probably' | undefined {
  const caller = own.tasks.find(({ name }) => name === call.task)
  if (caller && told(caller, call, there, own)) return undefined
  // The path of an address is of its own choosing: what is before the host counts, a variable and a scheme.
  if (names(call.text.slice(0, Math.max(0, call.text.indexOf(call.host))), there, own)) return 'surely'
  const tasks = own.tasks.filter(lasting)
  if (tasks.length > 0 && tasks.every((task) => known(task, listens))) return 'surely'
  const [name = ''] = call.text.split(' ')
  const alone = tasks.length === 1 && tasks[0] === caller
  return alone && holdsAddress(name) && purposeOf(name) === 'dialled' && !hasWord(name, ofItself)
    ? 'probably'
    : undefined
}

/** A port block has the number, or a service without one. */
const offers = (group: GroupSpec, number: number): boolean =>
  declares(group, number) !== undefined || servicesOf(group).some(({ port }) => port === String(number))

/** A call on loopback of a port that nothing in the group has, and another group. `sure`: it is meant for that one. */
export function calledElsewhere({
  'group.calls': calls,
  'group.listens': listens,
  'group.spec': own,
  'job.spec': job,
  'group.task-namespaces': spaces,
}: Given<'group.calls' | 'group.listens' | 'group.spec' | 'job.spec' | 'group.task-namespaces'>) {
  const found = calls.flatMap((call) => {
    const inside = ['group', 'container'].includes(spaces[call.task] ?? '')
    if (!inside || !loops(call.host) || answers(own, call.port, listens, call.task)) return []
    const [there, another] = others(job, own).filter((one) => offers(one, call.port))
    const meant = there && meantFor(there, call, listens, own)
    return there && meant && (meant === 'surely' || !another) ? [{ call, there, sure: meant === 'surely' }] : []
  })
  return found.find(({ sure }) => sure) ?? found[0]
}
