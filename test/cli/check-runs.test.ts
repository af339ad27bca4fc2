import { expect, test } from 'vitest'
import { program, smallCase, type Line } from './program.ts'

// Nobody has to reach a batch job: what is wrong with it is that its run failed.

type Lines = readonly Line[]
interface Run {
  readonly id: string
  readonly parent?: string
  readonly created: number
  /** Of its allocations, the oldest first. */
  readonly ended: readonly ('failed' | 'complete' | 'refused')[]
}

const groups = [{ Name: 'hit', Count: 1, Tasks: [{ Name: 'hit', Driver: 'exec', Config: { command: 'run' } }] }]
const job = (id: string, more: object = {}) => ({
  ID: id,
  Name: id,
  Namespace: 'default',
  Type: 'batch',
  Status: 'dead',
  Version: 0,
  TaskGroups: groups,
  ...more,
})
const alloc = ({ id }: Run, ended: string, place: number) => ({
  ID: `${id.replaceAll(/[^0-9a-z]/g, '').slice(-7)}${place}-0000-0000-0000-000000000000`,
  Name: `${id}.hit[0]`,
  Namespace: 'default',
  JobID: id,
  JobType: 'batch',
  TaskGroup: 'hit',
  NodeID: 'c1',
  NodeName: 'c1',
  ClientStatus: ended,
  DesiredStatus: 'run',
  CreateIndex: place,
  TaskStates: {
    hit: {
      State: 'dead',
      Failed: ended === 'failed',
      Events: [
        { Type: 'Started', DisplayMessage: 'Task started by client', Time: 1 },
        { Type: 'Terminated', DisplayMessage: `Exit Code: ${ended === 'failed' ? 1 : 0}`, Time: 2 },
      ],
    },
  },
})
const listed = ({ id, parent, created }: Run) => ({
  ...job(id),
  TaskGroups: undefined,
  CreateIndex: created,
  ...(parent === undefined ? {} : { ParentID: parent }),
})

function lines(run: Run): Lines {
  const path = `/v1/job/${encodeURIComponent(run.id)}`
  const allocs = run.ended.flatMap((ended, i) => (ended === 'refused' ? [] : [alloc(run, ended, i)]))
  const refused = run.ended.includes('refused')
  const logs = allocs.flatMap(({ ID }) =>
    ['stdout', 'stderr'].map((type) => ({
      path: `/v1/client/fs/logs/${ID}?task=hit&type=${type}&plain=true&origin=end&offset=20000`,
      body: type === 'stderr' ? "wget: can't connect to remote host (127.0.0.1): Connection refused\n" : '',
    })),
  )
  return [
    { path, body: job(run.id) },
    {
      path: `${path}/allocations?all=true`,
      ...(refused ? { status: 403, body: 'Permission denied' } : { body: allocs }),
    },
    ...allocs.map((one) => ({ path: `/v1/allocation/${one.ID}`, body: one })),
    ...logs,
  ]
}

const parent: Lines = [
  { path: '/v1/job/per', body: job('per', { Status: 'running', Periodic: { Spec: '* * * * *' } }) },
  { path: '/v1/job/per/allocations?all=true', body: [] },
]
async function checked(name: string, runs: readonly Run[], more: Lines = [], list = true) {
  const jobs = [...(more.length > 0 ? [job(name)] : []), ...runs.map(listed)]
  const dir = smallCase([
    ...(list
      ? [{ path: '/v1/jobs?meta=true&namespace=*', body: jobs }]
      : [
          { path: '/v1/jobs?meta=true&namespace=*', status: 403, body: 'Permission denied' },
          { path: '/v1/jobs?meta=true', status: 403, body: 'Permission denied' },
        ]),
    { path: '/v1/jobs?per_page=1', body: [] },
    { path: '/v1/nodes?os=true&resources=true', body: [] },
    ...more,
    ...runs.flatMap(lines),
  ])
  const { stdout, code } = await program(['check', '--case', dir, '--job', name, '--format', 'json'])
  const said = JSON.parse(stdout) as {
    readonly signs?: readonly { readonly sentence: string }[]
    readonly unknown: readonly { readonly about: string }[]
  }
  return {
    code,
    signs: said.signs?.map(({ sentence }) => sentence) ?? [],
    open: said.unknown.map(({ about }) => about),
  }
}
const run = (id: string, created: number, ...ended: Run['ended']): Run => ({
  id: `per/periodic-${id}`,
  parent: 'per',
  created,
  ended,
})
const words =
  'failed: task hit ended with exit code 1, and last said "wget: can\'t connect to remote host (127.0.0.1): Connection refused"'

test('a batch job whose newest allocation failed says how it ended, and what it said last', async () => {
  const { signs, code } = await checked('bat', [{ id: 'bat', created: 1, ended: ['complete', 'failed'] }])
  expect(signs).toEqual([`allocation bat1-000 of bat/hit ${words}`])
  expect(code).toBe(3)
})

test('one that ended well after an old failure is no fault', async () => {
  const { signs } = await checked('bat', [{ id: 'bat', created: 1, ended: ['failed', 'complete'] }])
  expect(signs).toEqual([])
})

test('of a periodic job its newest run counts', async () => {
  const failed = await checked('per', [run('1', 1, 'complete'), run('2', 2, 'failed')], parent)
  expect(failed.signs).toEqual([expect.stringContaining(`of per/periodic-2/hit ${words}`)])
  const mended = await checked('per', [run('1', 1, 'failed'), run('2', 2, 'complete')], parent)
  expect(mended.signs).toEqual([])
})

test('what its newest run came to is not known where its allocations, or the list of jobs, may not be read', async () => {
  const refused = await checked('per', [run('1', 1, 'failed'), run('2', 2, 'refused')], parent)
  expect(refused.signs).toEqual([])
  expect(refused.open).toContain('group:per/periodic-2/hit')
  expect(refused.code).toBe(3)
  const unlisted = await checked('per', [run('2', 2, 'failed')], parent, false)
  expect(unlisted.open).toContain('every job')
  expect(unlisted.code).toBe(3)
})
