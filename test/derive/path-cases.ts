import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import type { Facts } from '../../src/knowledge/facts.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import type { GroupSpec, ServiceSpec, TaskSpec } from '../../src/knowledge/shapes/job.ts'
import { group, record, service, task } from '../../src/knowledge/samples.ts'
import type { Names, Thing } from '../../src/knowledge/things.ts'
import { worldOf, type GivenValues } from '../world.ts'

export interface Case {
  readonly given?: GivenValues
  readonly names?: Names
  readonly links?: Thing['links']
}

/** What follows for a path; `links` as they are known: null means nobody, absent means not known. */
export function derived<K extends keyof Facts>(
  key: K,
  { given = {}, names = { caller: 'web/loop' }, links = {} }: Case,
): Held<Facts[K]> | undefined {
  const { world, thing } = worldOf('path', given)
  const path = { ...thing, names, links: { ...thing.links, ...links } }
  const grown = derive({ ...world, things: new Map([...world.things, [path.id, path]]) }, derivations)
  return grown.facts.get(path.id)?.get(key) as Held<Facts[K]> | undefined
}
export const valueOf = (held: Held<unknown> | undefined): unknown => (held?.known ? held.value : undefined)

export const nobody: Thing['links'] = {
  'source.task': null,
  'source.group': null,
  'source.alloc': null,
  'source.node': null,
}

export const modes = (source: string | null | undefined, target: string | null | undefined): Case => ({
  given: {
    ...(source ? { 'source.group.network.mode': source } : {}),
    ...(target ? { 'target.group.network.mode': target } : {}),
  },
  links: {
    ...(source === null ? { 'source.group': null } : {}),
    ...(target === null ? { 'target.group': null } : {}),
  },
})

export const upstream = (destination: string): ServiceSpec =>
  service({
    name: 'web',
    connect: {
      native: false,
      gateway: false,
      sidecar: { port: '', transparentProxy: false, upstreams: [{ destination, localBindPort: 9191 }] },
    },
  })
export const template = (data: string) =>
  task({
    name: 'loop',
    templates: [{ destination: 'local/up.env', data, source: '', env: true, changeMode: 'restart' }],
  })
export const env = (text: string) => task({ name: 'loop', env: { ORDERS: text } })

export interface Finding {
  readonly source: TaskSpec
  readonly sourceGroup?: GroupSpec
  readonly target?: GroupSpec
  readonly rendered?: Readonly<Record<string, string>>
  /** What its templates wrote into files, by destination. */
  readonly files?: Readonly<Record<string, string>>
  readonly names?: Names
  readonly sameGroup?: boolean
  /** The names in the native catalogue; null when it is not known. */
  readonly registered?: readonly string[] | null
}
export const old = record('a0', {
  clientStatus: 'complete',
  desiredStatus: 'stop',
  ports: [{ label: 'http', hostIp: '10.0.0.1', hostPort: 22774, to: 8080, hostNetwork: 'default' }],
})
export const web = group({
  name: 'web',
  services: [],
  network: { mode: 'bridge', ports: [{ label: 'web', hostNetwork: 'default' }] },
})

export const finding = ({
  source,
  sourceGroup = web,
  target = group(),
  rendered,
  files,
  names,
  sameGroup = false,
  registered = ['orders'],
}: Finding): Case => ({
  given: {
    'source.task.spec': source,
    'source.group.spec': sourceGroup,
    'target.group.spec': sameGroup ? sourceGroup : target,
    'target.job.spec': {},
    'target.alloc.record': record('a1', { address: '172.26.64.3' }),
    'every.node.allocations': [{ about: 'node:c1', id: 'node:1', value: [old, record('a1')] }],
    'cluster.nodes': [
      {
        id: 'n1',
        name: 'c1',
        address: '10.0.0.1',
        status: 'ready',
        eligible: true,
        datacenter: 'dc1',
        version: '2.0.5',
      },
    ],
    'source.job.spec': { namespace: 'default' },
    ...(registered ? { 'cluster.services': registered.map((name) => ({ name, namespace: 'default', tags: [] })) } : {}),
    ...(files ? { 'source.alloc.rendered': { [source.name]: files } } : {}),
    ...(rendered ? { 'source.alloc.env': { [source.name]: rendered } } : {}),
  },
  names: { caller: 'web/loop', port: 'http', ...names },
  links: { 'target.job': 'job:default:orders', ...(sameGroup ? { 'target.group': 'source.group:example' } : {}) },
})
