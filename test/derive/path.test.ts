import { describe, expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import type { Facts } from '../../src/knowledge/facts.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import type { GroupSpec, ServiceSpec, TaskSpec } from '../../src/knowledge/shapes/job.ts'
import { group, record, service, task } from '../../src/knowledge/samples.ts'
import type { Names, Thing } from '../../src/knowledge/things.ts'
import { worldOf, type GivenValues } from '../world.ts'

interface Case {
  readonly given?: GivenValues
  readonly names?: Names
  readonly links?: Thing['links']
}

/** What follows for a path; `links` as they are known: null means nobody, absent means not known. */
function derived<K extends keyof Facts>(
  key: K,
  { given = {}, names = { caller: 'web/loop' }, links = {} }: Case,
): Held<Facts[K]> | undefined {
  const { world, thing } = worldOf('path', given)
  const path = { ...thing, names, links: { ...thing.links, ...links } }
  const grown = derive({ ...world, things: new Map([...world.things, [path.id, path]]) }, derivations)
  return grown.facts.get(path.id)?.get(key) as Held<Facts[K]> | undefined
}
const valueOf = (held: Held<unknown> | undefined): unknown => (held?.known ? held.value : undefined)

const nobody: Thing['links'] = { 'source.task': null, 'source.group': null, 'source.alloc': null, 'source.node': null }

const modes = (source: string | null | undefined, target: string | null | undefined): Case => ({
  given: {
    ...(source ? { 'source.group.network.mode': source } : {}),
    ...(target ? { 'target.group.network.mode': target } : {}),
  },
  links: {
    ...(source === null ? { 'source.group': null } : {}),
    ...(target === null ? { 'target.group': null } : {}),
  },
})

describe('path.modes: one word for the network modes', () => {
  test.each([
    ['both alike', 'bridge', 'bridge', 'bridge'],
    ['two modes', 'host', 'bridge', 'mixed'],
    ['a source outside: the mode of the target', null, 'host', 'host'],
    ['a target that is no allocation', 'bridge', null, 'outside'],
    ['nothing is said while one side is not known', 'bridge', undefined, undefined],
    ['nor while the other is not', undefined, 'bridge', undefined],
    ['a misspelt mode is none', 'bridge', 'other', undefined],
  ])('%s', (_, source, target, expected) => {
    expect(valueOf(derived('path.modes', modes(source, target)))).toBe(expected)
  })
})

describe('path.place: where the source is', () => {
  const both = {
    'source.alloc': 'alloc:1',
    'target.alloc': 'alloc:1',
    'source.node': 'node:1',
    'target.node': 'node:1',
  }
  test.each([
    ['two tasks of one allocation', { ...both, 'source.task': 'a', 'target.task': 'b' }, 'same-alloc'],
    ['one task', { ...both, 'source.task': 'a', 'target.task': 'a' }, 'same-task'],
    ['two allocations of one client', { ...both, 'target.alloc': 'alloc:2' }, 'same-client'],
    ['two clients', { ...both, 'target.alloc': 'alloc:2', 'target.node': 'node:2' }, 'other-client'],
    ['the client itself', { ...both, ...nobody, 'source.node': 'node:1' }, 'same-client'],
    ['outside', { ...both, ...nobody }, 'outside'],
    [
      'a target that runs nowhere',
      { ...both, 'target.alloc': null, 'target.node': null, 'target.group': 'g' },
      undefined,
    ],
    ['a client that is not known yet', { 'source.node': 'node:1' }, undefined],
  ])('%s', (_, links, expected) => {
    expect(valueOf(derived('path.place', { links }))).toBe(expected)
  })

  test('nobody is named as the source', () => {
    expect(valueOf(derived('path.place', { names: {}, links: { ...both, ...nobody } }))).toBeUndefined()
  })
})

describe('path.port: the port asked about, as declared and as given', () => {
  const spec = group({ network: { mode: 'bridge', ports: [{ label: 'http', to: 8080, hostNetwork: 'default' }] } })
  const mapped = record('a1').ports[0]
  test.each([
    ['by its label', 'http', { label: 'http', number: null, mapped }],
    ['by the number inside', '8080', { label: 'http', number: 8080, mapped }],
    ['by the number on the host', 25000, { label: 'http', number: 25000, mapped }],
    ['by a number that is nobody’s', 9000, { label: null, number: 9000, mapped: null }],
    ['not at all: the service says it', undefined, { label: 'http', number: null, mapped }],
  ])('%s', (_, port, expected) => {
    const given = { 'target.group.spec': spec, 'target.alloc.record': record('a1') }
    expect(valueOf(derived('path.port', { given, names: port === undefined ? {} : { port } }))).toEqual(expected)
  })

  test('an allocation that is not known leaves it open; none at all does not', () => {
    const given = { 'target.group.spec': spec }
    expect(valueOf(derived('path.port', { given }))).toBeUndefined()
    expect(valueOf(derived('path.port', { given, links: { 'target.alloc': null } }))).toEqual({
      label: 'http',
      number: null,
      mapped: null,
    })
  })
})

const upstream = (destination: string): ServiceSpec =>
  service({
    name: 'web',
    connect: {
      native: false,
      gateway: false,
      sidecar: { port: '', transparentProxy: false, upstreams: [{ destination, localBindPort: 9191 }] },
    },
  })
const template = (data: string) =>
  task({
    name: 'loop',
    templates: [{ destination: 'local/up.env', data, source: '', env: true, changeMode: 'restart' }],
  })
const env = (text: string) => task({ name: 'loop', env: { ORDERS: text } })

interface Finding {
  readonly source: TaskSpec
  readonly sourceGroup?: GroupSpec
  readonly target?: GroupSpec
  readonly rendered?: Readonly<Record<string, string>>
  readonly names?: Names
  readonly sameGroup?: boolean
}
const old = record('a0', {
  clientStatus: 'complete',
  desiredStatus: 'stop',
  ports: [{ label: 'http', hostIp: '10.0.0.1', hostPort: 22774, to: 8080, hostNetwork: 'default' }],
})
const web = group({
  name: 'web',
  services: [],
  network: { mode: 'bridge', ports: [{ label: 'web', hostNetwork: 'default' }] },
})

const finding = ({
  source,
  sourceGroup = web,
  target = group(),
  rendered,
  names,
  sameGroup = false,
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
    ...(rendered ? { 'source.alloc.env': { [source.name]: rendered } } : {}),
  },
  names: { caller: 'web/loop', port: 'http', ...names },
  links: { 'target.job': 'job:default:orders', ...(sameGroup ? { 'target.group': 'source.group:example' } : {}) },
})

describe('path.discovery: how the source finds the target', () => {
  test.each<[string, Finding, string | undefined]>([
    [
      'a template over the native catalogue',
      { source: template('{{ range nomadService "orders" }}A={{ .Address }}{{ end }}') },
      'nomad-template',
    ],
    [
      'a template over Consul, with a tag',
      { source: template('{{ range service "green.orders@dc1" }}A={{ .Address }}{{ end }}') },
      'consul-template',
    ],
    ['a name of Consul DNS', { source: env('http://orders.service.consul:8080') }, 'consul-dns'],
    [
      'an upstream of the mesh',
      { source: env('http://127.0.0.1:9191'), sourceGroup: group({ name: 'web', services: [upstream('orders')] }) },
      'mesh-upstream',
    ],
    ['the variable of an upstream', { source: env('${NOMAD_UPSTREAM_ADDR_orders}') }, 'mesh-upstream'],
    ['the transparent proxy', { source: env('http://orders.virtual.consul') }, 'transparent-proxy'],
    ['a variable of the target’s port', { source: env('${NOMAD_ADDR_http}') }, 'env-variable'],
    ['localhost', { source: env('127.0.0.1:8080') }, 'localhost'],
    ['a fixed address of now', { source: env('10.0.0.1 25000') }, 'fixed-address'],
    ['a fixed address of the past', { source: env('10.0.0.1:22774') }, 'fixed-address'],
    ['an address inside the bridge', { source: env('172.26.64.3:8080') }, 'fixed-address'],
    ['the address of the own client', { source: env('${attr.unique.network.ip-address} 8080') }, 'fixed-address'],
    ['the name of a client', { source: env('c1') }, 'fixed-address'],
    ['a host name with the port of the target', { source: env('http://orders.corp.lan:8080/') }, 'fixed-address'],
    [
      'the target’s name wins over templates for others',
      {
        source: task({
          name: 'loop',
          templates: [
            template('{{ range nomadService "billing" }}{{ end }}').templates[0],
            template('{{ range service "orders" }}{{ end }}').templates[0],
          ].flatMap((one) => one ?? []),
        }),
      },
      'consul-template',
    ],
    [
      'a name that is nearly right is still a template',
      {
        source: template('{{ range nomadService "orders-api" }}A={{ .Address }}{{ end }}'),
        target: group({ services: [service({ name: 'orders-api-v2' })] }),
      },
      'nomad-template',
    ],
    [
      'the only way there is, though it names another',
      { source: template('{{ range nomadService "billing" }}A={{ .Address }}{{ end }}') },
      'nomad-template',
    ],
    [
      'two ways, neither of them the target for certain',
      { source: { ...template('{{ range nomadService "billing" }}{{ end }}'), env: { DB: '10.9.9.9:5432' } } },
      undefined,
    ],
    ['nothing at all', { source: task({ name: 'loop' }) }, undefined],
    [
      'its own port is nobody else’s',
      { source: task({ name: 'loop', config: { args: ['-p', '${NOMAD_PORT_web}'] } }) },
      undefined,
    ],
    ['an address to listen on is nobody’s', { source: env('0.0.0.0:8080') }, undefined],
    ['within the group localhost comes first', { source: env('127.0.0.1:6379'), sameGroup: true }, 'localhost'],
  ])('%s', (_, given, expected) => {
    expect(valueOf(derived('path.discovery', finding(given)))).toBe(expected)
  })

  test('from outside it is a load balancer or another machine', () => {
    expect(valueOf(derived('path.discovery', { links: nobody }))).toBe('load-balancer')
  })

  test('names settle it alone; addresses wait for what the target has', () => {
    const whole = finding({ source: env('10.0.0.1:25000') })
    const without = (key: string) =>
      Object.fromEntries(Object.entries(whole.given ?? {}).filter(([need]) => need !== key))
    expect(valueOf(derived('path.discovery', { ...whole, given: without('every.node.allocations') }))).toBeUndefined()
    const named = {
      ...without('every.node.allocations'),
      'source.task.spec': template('{{ range nomadService "orders" }}{{ end }}'),
    }
    expect(valueOf(derived('path.discovery', { ...whole, given: named }))).toBe('nomad-template')
  })

  test('a template from a file may hold anything', () => {
    const read = task({
      name: 'loop',
      templates: [{ destination: 'local/x', data: '', source: 'local/x.tpl', env: false, changeMode: 'noop' }],
    })
    expect(valueOf(derived('path.discovery', finding({ source: read })))).toBeUndefined()
  })
})

const places = (held: Held<Facts['path.dials']> | undefined) =>
  held?.known ? held.value.map(({ host, port }) => [host, port]) : undefined

describe('path.dials: the addresses the source uses', () => {
  test.each<[string, Finding, unknown]>([
    ['as written', { source: env('10.0.0.1 22774') }, [['10.0.0.1', 22774]]],
    [
      'as rendered',
      { source: env('${attr.unique.network.ip-address}:8080'), rendered: { ORDERS: '10.0.0.2:8080' } },
      [['10.0.0.2', 8080]],
    ],
    ['what is not rendered yet is not known', { source: env('${attr.unique.network.ip-address}:8080') }, undefined],
    [
      'what a template wrote',
      {
        source: template('{{ range nomadService "orders" }}ORDERS="{{ .Address }} {{ .Port }}"\n{{ end }}'),
        rendered: { ORDERS: '10.0.0.1 25000' },
      },
      [['10.0.0.1', 25000]],
    ],
    [
      'a variable that stayed as it was is no address',
      {
        source: env('${NOMAD_IP_http} ${NOMAD_PORT_http}'),
        rendered: { ORDERS: '${NOMAD_IP_http} ${NOMAD_PORT_http}' },
      },
      [],
    ],
    [
      'what the person says',
      { source: env('10.0.0.1:25000'), names: { dials: '10.88.0.11' } },
      [
        ['10.88.0.11', undefined],
        ['10.0.0.1', 25000],
      ],
    ],
    [
      'the local port of an upstream',
      { source: env('127.0.0.1:9191'), sourceGroup: group({ name: 'web', services: [upstream('orders')] }) },
      [['127.0.0.1', 9191]],
    ],
    ['IPv6', { source: env('[fd00::1]:8080') }, [['fd00::1', 8080]]],
  ])('%s', (_, given, expected) => {
    expect(places(derived('path.dials', finding(given)))).toEqual(expected)
  })

  test('from outside only the person knows', () => {
    expect(places(derived('path.dials', { links: nobody }))).toEqual([])
    expect(places(derived('path.dials', { links: nobody, names: { caller: 'outside', dials: ':80' } }))).toEqual([
      ['', 80],
    ])
  })
})
