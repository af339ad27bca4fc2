import { describe, expect, test } from 'vitest'
import { group, record, service, task } from '../../src/knowledge/samples.ts'
import type { TaskSpec } from '../../src/knowledge/shapes/job.ts'
import { derived, valueOf, nobody, upstream, template, env, type Finding, finding } from './path-cases.ts'

/** Its neighbour in the group is the task `server`. */
const besideServer = (source: TaskSpec): Finding => ({
  source,
  sourceGroup: group({ name: 'web', tasks: [source, task({ name: 'server' })] }),
  sameGroup: true,
})

/** A task whose template writes ORDERS, and whose command is this. */
const commanded = (...args: readonly string[]): Finding => {
  const asking = template('{{ range nomadService "orders" }}ORDERS={{ .Address }}:{{ .Port }}{{ end }}')
  const source = task({ name: 'loop', config: { command: args[0], args: args.slice(1) }, templates: asking.templates })
  return { source, sourceGroup: group({ name: 'web', tasks: [source] }) }
}

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
    [
      'a command without the variable of the template',
      commanded('sh', '-c', 'wget http://127.0.0.1:8080/'),
      'localhost',
    ],
    ['a fixed address in such a command', commanded('sh', '-c', 'curl http://10.0.0.1:8080/'), 'fixed-address'],
    ['a command with that variable', commanded('sh', '-c', 'wget $ORDERS || wget 127.0.0.1:8080'), 'nomad-template'],
    ['an address to listen on is not called', commanded('server', '-listen', '127.0.0.1:8080'), 'nomad-template'],
    ['a command that calls another', commanded('sh', '-c', 'wget http://127.0.0.1:9999/'), 'nomad-template'],
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
      'a slip of the pen',
      {
        source: template('{{ range nomadService "odrers" }}A={{ .Address }}{{ end }}'),
        target: group({ services: [service({ name: 'orders' })] }),
      },
      'nomad-template',
    ],
    [
      'a name nobody registers, when there is no other',
      { source: template('{{ range nomadService "billing" }}A={{ .Address }}{{ end }}') },
      'nomad-template',
    ],
    [
      'not the name of another service, though there is no other way',
      {
        source: template('{{ range nomadService "billing" }}A={{ .Address }}{{ end }}'),
        registered: ['orders', 'billing'],
      },
      undefined,
    ],
    [
      'nor one that is nearly right, when it is the name of another',
      {
        source: template('{{ range nomadService "orders-api" }}A={{ .Address }}{{ end }}'),
        target: group({ services: [service({ name: 'orders-api-v2' })] }),
        registered: ['orders-api', 'orders-api-v2'],
      },
      undefined,
    ],
    [
      'a name whose owner is not known',
      { source: template('{{ range nomadService "billing" }}A={{ .Address }}{{ end }}'), registered: null },
      undefined,
    ],
    [
      'what a name with values of Nomad in it becomes',
      {
        source: template('{{ range nomadService "shop-api" }}A={{ .Address }}{{ end }}'),
        target: group({ services: [service({ name: '${NOMAD_JOB_NAME}-api' })] }),
        registered: ['shop-api'],
      },
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
    ['a sibling by its name, with a port', besideServer(env('http://server:8080/')), 'fixed-address'],
    ['a sibling by its name alone', besideServer(env('http://server/')), 'fixed-address'],
    [
      'a sibling in a variable for hosts',
      besideServer(task({ name: 'loop', env: { APP_HOST: 'server' } })),
      'fixed-address',
    ],
    ['a word that is the name of a sibling', besideServer(env('server')), undefined],
    ['a sibling is nobody of another group', { ...besideServer(env('http://server/')), sameGroup: false }, undefined],
    ['within the group localhost comes first', { source: env('127.0.0.1:6379'), sameGroup: true }, 'localhost'],
  ])('%s', (_, given, expected) => {
    expect(valueOf(derived('path.discovery', finding(given)))).toBe(expected)
  })

  test('from outside it is a load balancer or another machine', () => {
    expect(valueOf(derived('path.discovery', { links: nobody }))).toBe('load-balancer')
  })

  test.each([
    ['a template for a service', template('{{ range nomadService "files" }}A={{ .Address }}{{ end }}')],
    ['another address', env('10.9.9.9:5432')],
    ['the address asked about', env('198.51.100.7:443')],
    ['nothing', task({ name: 'loop' })],
  ])('an address outside is found by its address, whatever else the source holds: %s', (_, source) => {
    const { given, names } = finding({
      source,
      rendered: {},
      registered: ['files'],
      names: { address: '198.51.100.7', port: 443 },
    })
    const { 'target.group.spec': __, 'target.alloc.record': ___, 'target.job.spec': ____, ...outside } = given ?? {}
    const links = { 'target.group': null, 'target.alloc': null, 'target.job': null, 'target.service': null }
    const asked = { given: outside, links, ...(names ? { names } : {}) }
    expect(valueOf(derived('path.discovery', asked))).toBe('fixed-address')
    const dials = valueOf(derived('path.dials', asked)) as readonly { host: string }[]
    expect(dials.map(({ host }) => host)).toEqual(source.env['ORDERS']?.startsWith('198') ? ['198.51.100.7'] : [])
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

test.each([
  ['10.0.0.1:25000', 'fixed-address'],
  ['udp:10.0.0.1:25000', 'fixed-address'],
  ['tcp:10.0.0.1:25000', 'fixed-address'],
  ['127.0.0.1:25000', 'localhost'],
  ['orders.corp.lan:8080', undefined],
])('an address that was told, %s, is one it dials, though its texts name none', (dials, expected) => {
  const given = {
    'source.task.spec': task({ name: 'loop' }),
    'source.group.spec': group({ name: 'web' }),
    'target.group.spec': group({ name: 'web' }),
    'every.node.allocations': [],
    'target.alloc.record': record('a1', { address: '172.20.0.2' }),
    'cluster.nodes': [],
  }
  expect(valueOf(derived('path.discovery', { given, names: { caller: 'web/loop', dials } }))).toBe(expected)
})
