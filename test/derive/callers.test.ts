import { expect, test } from 'vitest'
import { callersIn } from '../../src/derive/callers.ts'
import { group, job, record, task } from '../../src/knowledge/samples.ts'
import type { JobSpec } from '../../src/knowledge/shapes/job.ts'
import type { AllocPort } from '../../src/knowledge/shapes/runtime.ts'

// Whom a task calls, as its own texts tell: the pairs that a survey judges.

const service = { ...group().services[0]!, name: 'api', provider: 'nomad', port: 'http' }
const server = (namespace: string, name = 'api'): JobSpec =>
  job({ id: name, namespace, groups: [group({ name, services: [{ ...service, name }] })] })
const caller = (namespace: string, env: Readonly<Record<string, string>>, data = ''): JobSpec => {
  const templates = data === '' ? [] : [{ ...task().templates[0]!, data, destination: 'local/x' }]
  return job({
    id: 'web',
    namespace,
    groups: [group({ name: 'web', services: [], tasks: [task({ env, templates })] })],
  })
}
const at = (spec: JobSpec, node: string, hostPort?: number) => ({
  spec,
  allocations: [
    record(`${spec.namespace}-${spec.id}-${node}`, {
      job: spec.id,
      namespace: spec.namespace,
      group: spec.groups[0]!.name,
      node,
      ports:
        hostPort === undefined
          ? []
          : [{ label: 'http', hostIp: '10.0.0.9', hostPort, to: 0, hostNetwork: 'default' } satisfies AllocPort],
    }),
  ],
})
const pairs = (jobs: Parameters<typeof callersIn>[0]): readonly string[] =>
  callersIn(jobs).map(({ from, to }) =>
    [from, to].map((side) => (side?.kind === 'workload' ? `${side.namespace}:${side.job}` : '?')).join(' -> '),
  )

const asks = '{{ range nomadService "api" }}{{ .Address }}:{{ .Port }}{{ end }}'

test('of one name in several namespaces the own one is meant', () => {
  const all = [at(caller('prod', {}, asks), 'n1'), at(server('prod'), 'n2'), at(server('dev'), 'n2')]
  expect(pairs(all)).toEqual(['prod:web -> prod:api'])
  expect(pairs(all.filter(({ spec }) => spec.namespace === 'prod' || spec.id === 'web'))).toEqual([
    'prod:web -> prod:api',
  ])
  expect(pairs([all[0]!, all[2]!])).toEqual(['prod:web -> dev:api'])
})

test('a port of the own client is of whoever has it there; of another client where nobody has', () => {
  const env = { API: '${attr.unique.network.ip-address}:25000' }
  const web = at(caller('default', env), 'n1')
  const [near, far] = [at(server('default', 'near'), 'n1', 25000), at(server('default', 'far'), 'n2', 25000)]
  expect(pairs([web, near, far])).toEqual(['default:web -> default:near'])
  expect(pairs([web, far])).toEqual(['default:web -> default:far'])
  expect(pairs([at(caller('default', { API: '$NOMAD_HOST_IP_x:25000' }), 'n1'), far])).toEqual([
    'default:web -> default:far',
  ])
})

test('a name that nobody has is that of the one group of the own job that has nearly this name', () => {
  const web = caller('default', {}, asks.replace('api', 'shop-apis')).groups[0]!
  const server = (name: string) => group({ name, services: [{ ...service, name }] })
  const one = (...names: readonly string[]) => [
    { spec: job({ id: 'shop', groups: [web, ...names.map(server)] }), allocations: [] },
  ]
  expect(pairs(one('shop-api', 'shop-db'))).toEqual(['default:shop -> default:shop'])
  expect(pairs(one('shop-db'))).toEqual([])
  expect(pairs(one('shop-api', 'shop-apix'))).toEqual([])
})

test('nobody is called by a port that nobody has, or a name that nobody registers', () => {
  expect(
    pairs([
      at(caller('default', { API: '10.0.0.9:1' }, asks.replace('api', 'other')), 'n1'),
      at(server('default'), 'n1', 2),
    ]),
  ).toEqual([])
})
