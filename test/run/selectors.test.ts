import { expect, test } from 'vitest'
import { clusterId, jobId } from '../../src/knowledge/things.ts'
import type { Side } from '../../src/knowledge/subject.ts'
import { candidatesOf, portsOf } from '../../src/run/selectors.ts'
import type { State } from '../../src/run/state.ts'

const group = {
  name: 'web',
  network: { ports: [{ label: 'http', to: 8080 }] },
  services: [{ name: 'api' }],
  tasks: [{ name: 'server', services: [{ name: 'admin' }] }],
}
const known = (value: unknown) => ({ known: true, value })
const stateOf = (to: Side | null, groups: readonly string[] = ['web']) =>
  ({
    draft: { to },
    facts: new Map([
      [
        clusterId,
        new Map([
          ['cluster.jobs', known([{ id: 'shop', namespace: 'team', type: 'service', groups }])],
          ['cluster.services', known([{ name: 'admin', namespace: 'team' }])],
          ['cluster.consul.services', known(['api', 'admin', 'db'])],
        ]),
      ],
      [jobId('shop', 'team'), new Map([['job.spec', known({ groups: [group] })]])],
    ]),
  }) as unknown as State

test('services of Consul can be chosen, in the namespace of the job that registers them, and each once', () => {
  const services = candidatesOf(stateOf(null)).filter(({ side }) => side.kind === 'service')
  expect(services.map(({ id, hint }) => [id, hint])).toEqual([
    ['team:service:admin', 'service, native'],
    ['team:service:api', 'service, Consul'],
    ['service:db', 'service, Consul'],
  ])
})

test('of a job with several groups, one of them is chosen', () => {
  const workloads = (groups: readonly string[]) =>
    candidatesOf(stateOf(null, groups)).flatMap(({ id, side }) => (side.kind === 'workload' ? [id] : []))
  expect(workloads(['web', 'cache'])).toEqual(['team:shop/web', 'team:shop/cache'])
  expect(workloads(['web'])).toEqual(['team:shop/web'])
  expect(workloads([])).toEqual(['team:shop'])
})

test('the ports of a service are those of the group that registers it', () => {
  const ports = (service: string) => portsOf(stateOf({ kind: 'service', namespace: 'team', service }))
  expect(ports('api')).toEqual([{ id: 'http', hint: 'dynamic, to 8080' }])
  expect(ports('admin').map(({ id }) => id)).toEqual(['http'])
  expect(ports('db')).toEqual([])
})
