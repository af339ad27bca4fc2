import { expect, test } from 'vitest'
import type { Held } from '../../src/knowledge/fact.ts'
import { group, job, service, task } from '../../src/knowledge/samples.ts'
import type { GroupSpec } from '../../src/knowledge/shapes/job.ts'
import { withoutPlacing } from '../../src/run/unplanned.ts'

const seen = { by: '', ask: '', request: '', excerpt: '', at: '' }
const known = (value: unknown): Held<unknown> => ({ known: true, value, seen })
const failing = { failed: { api: { constraintFiltered: { 'missing network': 1 } } } }
const bridge: GroupSpec = { ...group(), name: 'api', network: { mode: 'Bridge', ports: [] } }
const left = (after: GroupSpec, evaluations: readonly unknown[] = [failing], more = {}): readonly string[] => {
  const facts = new Map(
    Object.entries({ 'job.evaluations': known(evaluations), 'job.plan': known({}), 'job.allocations': known([]) }),
  )
  const laid = withoutPlacing(facts, { ...job(), groups: [bridge] }, { ...job(), groups: [after], ...more })
  return [...laid].flatMap(([key, held]) => (held.known ? [key] : []))
}

test.each<[string, GroupSpec]>([
  ['another network mode', { ...bridge, network: { mode: 'bridge', ports: [] } }],
  ['a constraint less', { ...bridge, constraints: [{ left: '${attr.kernel.name}', operand: '=', right: 'linux' }] }],
  ['another driver', { ...bridge, tasks: [task({ driver: 'exec' })] }],
  ['another provider, which implies other constraints', { ...bridge, services: [service({ provider: 'consul' })] }],
])('%s: what the scheduler said of the job as it was is not known of the edited one', (_, after) => {
  expect(left(after)).toEqual(['job.allocations'])
})

test('so it is where the job itself may run elsewhere', () => {
  expect(left(bridge, [failing], { datacenters: ['dc2'] })).toEqual(['job.allocations'])
})

test('an edit that the scheduler does not weigh leaves its words as they are', () => {
  const after = { ...bridge, tasks: bridge.tasks.map((one) => ({ ...one, env: { PORT: '80' } })) }
  expect(left(after)).toEqual(['job.evaluations', 'job.plan', 'job.allocations'])
})

test('where it refused nothing, its evaluations stay', () => {
  expect(left({ ...bridge, network: { mode: 'bridge', ports: [] } }, [{ failed: {} }])).toEqual([
    'job.evaluations',
    'job.allocations',
  ])
})
