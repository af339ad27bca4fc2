import type { Ask } from '../../knowledge/shapes/discovery.ts'
import type { Dial, Discovery } from '../../knowledge/facts/path.ts'
import type { GroupSpec, TaskSpec, TaskText, UpstreamSpec } from '../../knowledge/shapes/job.ts'
import { tells } from '../../knowledge/container.ts'
import { asksOf } from '../discovery/asks.ts'
import { literals, loops, placeIn, type Place } from './literals.ts'
import { onOwnClient, theOwnClient } from './own-client.ts'
import { pairsIn } from './pairs.ts'
import { siblingsIn } from './siblings.ts'
import { textsOf } from './texts.ts'

/** What the ways of a source to a target are read from. */
export const wayNeeds = [
  'source.task.spec',
  'source.group.spec',
  'target.group.spec',
  'every.node.allocations',
  'target.alloc.record',
  'cluster.nodes',
] as const

/** What is known of a target, for recognising it in a text. */
export interface Known {
  readonly services: readonly string[]
  readonly labels: readonly string[]
  /** Its ports, inside and on the host, now and in the past. */
  readonly ports: ReadonlySet<number>
  /** Its addresses now and in the past, and the names and addresses of the clients. */
  readonly hosts: ReadonlySet<string>
  readonly sameGroup: boolean
}
/** One way in which a source may find something; `close` when it names or addresses the target for certain. */
export interface Way {
  readonly way: Discovery
  readonly close: boolean
  readonly said: string
  readonly dial?: Dial
  /** The name asked for, where it is a name. */
  readonly name?: string
}

type Env = Readonly<Record<string, string>>

const ways: Partial<Record<Ask['via'], Discovery>> = {
  upstream: 'mesh-upstream',
  'nomad-template': 'nomad-template',
  'consul-template': 'consul-template',
  'consul-dns': 'consul-dns',
}

/** Ways that go by a name: upstreams of the mesh, names under Consul's domain, services of a template. */
export function nameWays(task: TaskSpec, group: GroupSpec, services: readonly string[]): readonly Way[] {
  const asked = asksOf(task, group).flatMap(({ via, name, port, where }): readonly Way[] => {
    const variable = via === 'sidecar' && !loops(name.replace(/^\[|\]$/g, ''))
    const way = variable ? 'mesh-upstream' : ways[via]
    if (!way) return []
    const close = services.some((service) => service === name || (variable && service.replaceAll('-', '_') === name))
    const local = upstreams(group).find(({ destination }) => via === 'upstream' && destination === name)
    const dial = local && {
      host: local.localBindAddress || '127.0.0.1',
      port: local.localBindPort,
      from: `upstream ${name}`,
    }
    return [
      { way, close, name, said: `${where}: ${name}${port === undefined ? '' : `:${port}`}`, ...(dial ? { dial } : {}) },
    ]
  })
  const virtual = textsOf(task).flatMap(({ text, from }) =>
    [...text.matchAll(/([A-Za-z0-9-]+)\.virtual\.[a-z]+/g)].map(([said, name = '']): Way => ({
      way: 'transparent-proxy',
      close: services.includes(name),
      name,
      said: `${from}: ${said}`,
    })),
  )
  return [...asked, ...virtual]
}

export const upstreams = (group: GroupSpec): readonly UpstreamSpec[] =>
  [...group.services, ...group.tasks.flatMap(({ services }) => services)].flatMap(
    ({ connect }) => connect?.sidecar?.upstreams ?? [],
  )

/** Variables Nomad sets for the ports of the task's own allocation. */
export const networkVariable = /\bNOMAD_(?:HOST_|ALLOC_)?(?:ADDR|IP|PORT)_([\w.-]+)/g

/** Ways that go by an address: variables of Nomad, localhost, addresses written down. `env`: the rendered environment. */
export function addressWays(task: TaskSpec, group: GroupSpec, target: Known, env?: Env): readonly Way[] {
  const texts = textsOf(task)
  const own = new Set((group.network?.ports ?? []).map(({ label }) => label))
  const variables = texts.flatMap(({ text, from, variable = '' }) =>
    [...text.matchAll(networkVariable)]
      .filter(([, label = '']) => target.sameGroup || !own.has(label))
      .map(({ 0: said, 1: label = '', index }): Way => ({
        way: 'env-variable',
        close: target.labels.includes(label),
        said: `${from}: ${said}`,
        ...(tells(variable + text.slice(0, index).split(/\s+/).slice(-2).join(' ')) ? {} : dialOf(said, from, env)),
      })),
  )
  const pairs = placesInTwo(texts, target, env)
  const inTwo = pairs.map(({ host, port, address, number }) =>
    wayTo({ host: address, port: number }, host.from.replace(host.name, `${host.name} with ${port.name}`), target),
  )
  // A host whose port stands in a variable of its own is no place by itself.
  const halves = new Set(pairs.map(({ host }) => host.name))
  const whole = texts.filter(({ kind, variable = '' }) => kind !== 'env' || !halves.has(variable))
  const written = whole.flatMap((text) => [
    ...places(text, target, env),
    ...(target.sameGroup ? siblingsIn(text, task, group).map((place) => wayTo(place, text.from, target)) : []),
  ])
  return [...variables, ...written, ...inTwo]
}

/** Variables of the environment that have host and port each for itself. */
const placesInTwo = (texts: readonly TaskText[], { hosts }: Known, env: Env | undefined) =>
  pairsIn(
    texts.flatMap(({ kind, variable: name, text, from }) =>
      kind === 'env' && name !== undefined ? [{ name, value: valueOf(name, text, env), from }] : [],
    ),
    (address) => hosts.has(address),
  )

/** What a variable that holds address and port stands for, once the task runs. */
function dialOf(name: string, text: string, env: Env | undefined): { dial?: Dial } {
  const place = /_ADDR_/.test(name) ? placeIn(env?.[name] ?? '') : undefined
  return place ? { dial: { ...place, from: `${name} in ${text}` } } : {}
}

function places(
  { text: written, from, kind, variable }: TaskText,
  target: Known,
  env: Env | undefined,
): readonly Way[] {
  const text = variable === undefined ? written : valueOf(variable, written, env)
  const whole = kind === 'env' ? placeIn(text) : undefined
  const literal = literals(text)
  const name =
    whole &&
    !literal.some(({ host }) => host === whole.host) &&
    (target.hosts.has(whole.host) || (whole.port !== undefined && /[a-z]/.test(whole.host)))
  const all = name ? [...literal, whole] : literal
  const attribute =
    written.includes('${attr.unique.network.ip-address}') && env === undefined
      ? [{ host: theOwnClient, ...portAfter(written) }]
      : []
  const client = onOwnClient({ text, from, kind, ...(variable === undefined ? {} : { variable }) }, target.ports, env)
  return [...all, ...attribute, ...client].map((place) => wayTo(place, from, target))
}

/** A value as the task has it, where it is more than text. */
const valueOf = (variable: string, written: string, env: Env | undefined): string =>
  (written.includes('${') && env?.[variable]) || written

function wayTo({ host, port }: Place, from: string, target: Known): Way {
  const mine = port !== undefined && target.ports.has(port)
  const dial: Dial = { host, ...(port === undefined ? {} : { port }), from }
  const said = `${from}: ${host}${port === undefined ? '' : `:${port}`}`
  if (loops(host)) return { way: 'localhost', close: mine || (target.sameGroup && port === undefined), said, dial }
  return { way: 'fixed-address', close: mine || (port === undefined && target.hosts.has(host)), said, dial }
}

const portAfter = (text: string): { port?: number } => {
  const port = /\}(?::|[ \t]+)(\d{1,5})(?!\w)/.exec(text)?.[1]
  return port === undefined ? {} : { port: Number(port) }
}
