import { expect, test } from 'vitest'
import type { Ask, Request } from '../../src/ask/request.ts'
import { editedPlan } from '../../src/probes/nomad/edited-plan.ts'

const asked: Request[] = []
/** Servers that read every file as the job shop. */
const servers =
  (body: unknown): Ask =>
  (request) => {
    asked.push(request)
    const parse = request.via === 'nomad' && request.path.startsWith('/v1/jobs/parse')
    return Promise.resolve({ at: '', ms: 1, status: 200, body: JSON.stringify(parse ? { ID: 'shop' } : body) })
  }
const planned = (type: string, updates: Readonly<Record<string, number>>) => {
  const body = {
    Annotations: { DesiredTGUpdates: { srv: updates, cli: { Ignore: 1 } } },
    Diff: {
      TaskGroups: [
        { Type: type, Name: 'srv' },
        { Type: 'None', Name: 'cli' },
      ],
    },
    FailedTGAllocs: null,
    Warnings: '',
  }
  return editedPlan(servers(body), { text: 'job {}', variables: '', namespace: 'default' })
}

test.each([
  ['Edited', { DestructiveUpdate: 1 }, 'group srv: 1 replaced; group cli: nothing changes; everything finds a place'],
  // A failed allocation waits for its turn.
  [
    'Edited',
    { Ignore: 1 },
    'group srv: nothing at once, the next allocation has the edit; group cli: nothing changes; everything finds a place',
  ],
  ['None', { Ignore: 1 }, 'group srv: nothing changes; group cli: nothing changes; everything finds a place'],
])('what the servers would do with a group, %s, %o', async (type, updates, said) => {
  expect(await planned(type, updates)).toEqual({ plan: said })
})

test('what finds no place is not said to be placed, and the servers say why', async () => {
  // What a Nomad 2.0.6 answers where no client has the driver.
  const failed = { flags: { NodesEvaluated: 1, NodesFiltered: 1, ConstraintFiltered: { 'missing drivers': 1 } } }
  const full = { Annotations: { DesiredTGUpdates: { flags: { Place: 2 } } }, FailedTGAllocs: failed }
  expect(await editedPlan(servers(full), { text: 'job {}', variables: '' })).toEqual({
    plan: 'group flags: 2 to place; no place for all of flags (missing drivers: 1 client)',
  })
})

test('a job as the API has it is planned as it stands: the parser of the servers reads HCL', async () => {
  const job = { ID: 'api', Namespace: 'team', TaskGroups: [] }
  for (const text of [JSON.stringify(job), JSON.stringify({ Job: job })]) {
    asked.length = 0
    const none = { Annotations: null, FailedTGAllocs: null }
    expect(await editedPlan(servers(none), { text, variables: '' })).toEqual({ plan: 'everything finds a place' })
    expect(asked).toMatchObject([{ path: '/v1/job/api/plan?namespace=team', body: { Job: job } }])
  }
})

test('a recording that holds no answer gives neither an answer nor a reason', async () => {
  const refusal = { why: 'not-recorded', detail: 'no' } as const
  const nothing: Ask = () => Promise.resolve({ at: '', ms: 0, status: -1, body: '', refusal })
  expect(await editedPlan(nothing, { text: 'job {}', variables: '' })).toEqual({})
})
