import type { Side } from '../knowledge/subject.ts'
import { count } from '../knowledge/words.ts'
import { nearest, nearestOf, type Offer } from './nearest.ts'
import { isAddress } from '../derive/path/literals.ts'
import { wrongPlace } from './port.ts'
import type { NamedSide } from './subject.ts'
import { sideOf } from './subject.ts'

/** A name that is written wrongly, exists nowhere, or is not unique; `offers` are the names that would do. */
export class NameError {
  readonly message: string
  readonly offers: readonly string[]
  /** The job, where nothing but its group is missing. */
  readonly whole: Side | undefined
  constructor(message: string, offers: readonly string[] = [], whole?: Side) {
    this.message = message
    this.offers = offers
    this.whole = whole
  }
}

/** What exists, as far as it could be read; a missing list means it could not. */
export interface Known {
  readonly namespaces?: readonly string[]
  readonly jobs?: readonly { readonly id: string; readonly namespace: string }[]
  readonly services?: readonly { readonly name: string; readonly namespace: string }[]
  readonly nodes?: readonly { readonly id: string; readonly name: string }[]
  readonly allocations?: readonly {
    readonly id: string
    readonly job: string
    readonly group: string
    readonly namespace: string
  }[]
  /** Groups and tasks of a job that was read. */
  readonly groups?: readonly { readonly name: string; readonly tasks: readonly string[] }[]
}

/**
 * Reads `[NAMESPACE:]JOB[/GROUP[/TASK]]`, an allocation id or a prefix of at least four characters, `service:NAME`,
 * `node:NAME`, `outside` or `outside:ADDRESS`. What it names is checked by `checkName`.
 */
export function parseName(text: string, namespace = 'default'): NamedSide | NameError {
  if (text === 'outside') return { outside: true }
  if (text.startsWith('outside:')) {
    const address = text.slice('outside:'.length)
    const wrong = wrongPlace(address)
    return wrong === undefined ? { outside: address } : new NameError(wrong)
  }
  const colon = text.indexOf(':')
  const head = colon === -1 ? '' : text.slice(0, colon)
  // No namespace has a dot or a bracket in its name.
  if (/[.[]/.test(head) && !text.includes('/') && wrongPlace(text) === undefined)
    return new NameError(`${text} is an address: say so`, [`outside:${text}`])
  const rest = text.slice(colon + 1)
  if (rest === '') return new NameError(`"${text}" names nothing`)
  if (head === 'node') return { node: rest }
  if (head === 'service') return { service: rest, namespace }
  const inner = rest.indexOf(':')
  if (head !== '' && rest.startsWith('service:')) return { service: rest.slice(inner + 1), namespace: head }
  const parts = partsOf(rest)
  const [job, group, task] = parts
  if (job === undefined || parts.length > 3 || parts.some((part) => part === ''))
    return new NameError(
      `"${text}" is not JOB/GROUP/TASK, JOB/GROUP, JOB, an allocation id, service:NAME, node:NAME or outside`,
    )
  return {
    namespace: head === '' ? namespace : head,
    job,
    ...(group === undefined ? {} : { group }),
    ...(task === undefined ? {} : { task }),
  }
}

/** A run that another job started has that job's name in front of its own. Source: nomad/structs/structs.go, `PeriodicLaunchSuffix`. */
function partsOf(name: string): readonly string[] {
  const [job = '', run = '', ...rest] = name.split('/')
  if (/^(periodic|dispatch)-\d+(-[0-9a-f]+)?$/.test(run)) return [`${job}/${run}`, ...rest]
  return name.split('/')
}

/** Checks a name against what exists, and completes it: a job with one group means that group. `home` is the namespace of names without one. */
export function checkName(text: string, named: NamedSide, known: Known, home = 'default'): Side | NameError {
  const { namespace = 'default', job, group, task, service, node } = named
  const spelled = (one: NamedSide): string => spelledIn(home, one)
  const wrong = namespaceMissing(named, known, spelled)
  if (wrong) return wrong
  if (service !== undefined)
    return existing(
      text,
      named,
      'service',
      service,
      known.services?.map((one) => ({
        name: one.name,
        spelled: spelled({ service: one.name, namespace: one.namespace }),
        here: one.namespace === namespace,
      })),
    )
  if (job === undefined && node !== undefined) return client(text, node, known)
  if (job === undefined) return side(named)
  if (known.jobs && !known.jobs.some((one) => one.id === job && one.namespace === namespace)) {
    const alloc = group === undefined ? allocation(job, known) : undefined
    return (
      alloc ??
      missing(
        'job',
        job,
        [
          ...(isAddress(job) ? [{ name: job, spelled: `outside:${job}` }] : []),
          ...known.jobs.map((one) => ({
            name: one.id,
            spelled: spelled({ ...(one.id === job ? named : { job: one.id }), namespace: one.namespace }),
            here: one.namespace === namespace,
          })),
        ],
        namespace,
      )
    )
  }
  if (!known.groups) return side(named)
  const names = known.groups.map((one) => one.name)
  // Nomad takes a group whose own name has a slash in it.
  const slashed = names.find((name) => task !== undefined && name === `${group ?? ''}/${task}`)
  if (slashed !== undefined) return side({ namespace, job, group: slashed })
  const chosen = group ?? (names.length === 1 ? names[0] : undefined)
  if (chosen === undefined) {
    const offers = names.map((name) => spelled({ namespace, job, group: name }))
    const [first] = offers
    const how = first === undefined ? '' : `: say which, as in ${first}`
    return new NameError(`job ${job} has ${count(names.length, 'group')}${how}`, offers, side({ namespace, job }))
  }
  const found = known.groups.find(({ name }) => name === chosen)
  if (!found)
    return missing(
      `group of job ${job}`,
      chosen,
      names.map((name) => ({ name, spelled: spelled({ namespace, job, group: name }) })),
    )
  if (task !== undefined && !found.tasks.includes(task))
    return missing(
      `task of ${job}/${chosen}`,
      task,
      found.tasks.map((name) => ({ name, spelled: spelled({ namespace, job, group: chosen, task: name }) })),
    )
  return side({ ...named, group: chosen })
}

/** A namespace that nobody knows; offered is the same name where it is, or else the names nearest to it. */
function namespaceMissing(
  named: NamedSide,
  { namespaces, jobs = [], services = [] }: Known,
  spelled: (one: NamedSide) => string,
): NameError | undefined {
  const { namespace, job, service } = named
  const name = job ?? service
  if (namespace === undefined || namespaces === undefined || name === undefined) return undefined
  const held = [...jobs, ...services]
  if (namespaces.includes(namespace) || held.some((one) => one.namespace === namespace)) return undefined
  const places = job === undefined ? services : jobs.map((one) => ({ ...one, name: one.id }))
  const homes = places.filter((one) => one.name === name)
  const offers =
    homes.length > 0
      ? nearest(
          namespace,
          homes.map((one) => one.namespace),
        ).map((one) => spelled({ ...named, namespace: one }))
      : nearestOf(
          name,
          places.map((one) => ({
            name: one.name,
            spelled: spelled({
              ...(job === undefined ? { service: one.name } : { job: one.name }),
              namespace: one.namespace,
            }),
          })),
        )
  return new NameError(
    `there is no namespace "${namespace}"; the nearest are ${nearest(namespace, namespaces).join(', ')}`,
    offers,
  )
}

/** A client by its name, its id or the first characters of it. */
function client(text: string, node: string, { nodes }: Known): Side | NameError {
  if (!nodes || nodes.some(({ name, id }) => name === node || id === node)) return { kind: 'node', node }
  const fitting = node.length < 4 ? [] : nodes.filter(({ id }) => id.startsWith(node.toLowerCase()))
  const [first] = fitting
  if (fitting.length > 1)
    return new NameError(
      `${fitting.length} clients have ids that begin with ${node}`,
      fitting.map(({ id, name }) => `${id}  (${name})`),
    )
  const names = nodes.map(({ name }) => ({ name, spelled: `node:${name}` }))
  return first ? { kind: 'node', node: first.id } : existing(text, { node }, 'node', node, names)
}

function allocation(prefix: string, known: Known): Side | NameError | undefined {
  if (!/^[0-9a-f][0-9a-f-]{3,35}$/i.test(prefix)) return undefined
  const fitting = (known.allocations ?? []).filter(({ id }) => id.startsWith(prefix.toLowerCase()))
  const [first] = fitting
  if (!first) return undefined
  if (fitting.length > 1)
    return new NameError(
      `${fitting.length} allocations begin with ${prefix}`,
      fitting.map(({ id, job, group }) => `${id}  (${job}/${group})`),
    )
  return { kind: 'workload', namespace: first.namespace, job: first.job, group: first.group, alloc: first.id }
}

const side = (named: NamedSide): Side => sideOf(named) ?? { kind: 'outside' }

const existing = (
  text: string,
  named: NamedSide,
  kind: string,
  name: string,
  names: readonly Offer[] | undefined,
): Side | NameError =>
  names && !names.some((one) => one.name === name && one.here !== false)
    ? missing(kind, name, names)
    : text === ''
      ? new NameError('the name is empty')
      : side(named)

const missing = (kind: string, name: string, offers: readonly Offer[], namespace = 'default'): NameError =>
  new NameError(
    `there is no ${kind} "${name}"${namespace === 'default' ? '' : ` in namespace ${namespace}`}`,
    nearestOf(name, offers),
  )

/** As it has to be typed: the default namespace is named where names without one mean another. */
const spelledIn = (home: string, named: NamedSide): string =>
  `${home !== 'default' && named.namespace === 'default' ? 'default:' : ''}${spellSide(sideOf(named)) ?? ''}`

/** A side as flags and reports spell it. */
export function spellSide(one: Side | null): string | null {
  if (one === null) return null
  switch (one.kind) {
    case 'outside':
      return one.address === undefined ? 'outside' : `outside:${one.address}`
    case 'node':
      return `node:${one.node}`
    case 'service':
      return `${one.namespace === 'default' ? '' : `${one.namespace}:`}service:${one.service}`
    case 'workload': {
      const parts = [one.job, one.group, one.task].filter((part) => part !== undefined)
      return `${one.namespace === 'default' ? '' : `${one.namespace}:`}${parts.join('/')}`
    }
  }
}
