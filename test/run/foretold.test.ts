import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { exitCode } from '../../src/knowledge/exit-code.ts'
import { unmeasuredIn } from '../../src/knowledge/foretold.ts'
import type { Report } from '../../src/knowledge/report.ts'
import type { Verdict } from '../../src/knowledge/verdict.ts'
import { groupId } from '../../src/knowledge/things.ts'
import { reportOf } from '../recordings.ts'

const said = ({ foretold = [] }: Report) => foretold.map(({ id, about }) => `${id} ${about}`)

const refusal = { status: 1, body: '', stderr: 'Permission denied (publickey)', at: '2026-01-01T00:00:00Z', ms: 1 }
/** No command is allowed on a client, nor inside an allocation. */
const withoutClients =
  (source: Ask): Ask =>
  async (request) =>
    request.via === 'nomad' || request.via === 'consul' ? source(request) : refusal
/** Every allocation of the job has failed. */
const dead =
  (job: string) =>
  (source: Ask): Ask =>
  async (request) => {
    const reply = await withoutClients(source)(request)
    return 'path' in request && request.path.includes(`/v1/job/${job}/allocations`)
      ? { ...reply, body: reply.body.replaceAll('"ClientStatus":"running"', '"ClientStatus":"failed"') }
      : reply
  }

test('a token that may only read jobs: the file is told of, and nothing is settled by it', async () => {
  const report = await reportOf('cases/acl-limited-undetermined')
  expect(said(report)).toEqual(['app-binds-loopback-only group:orders-api/api'])
  expect(report).toMatchObject({ diagnosis: null, findings: [], counts: { present: 0 } })
  expect(report.unknown.map(({ id }) => id)).toContain('app-binds-loopback-only')
  expect(report.steps.some(({ verdict }) => verdict === 'present')).toBe(false)
  expect(exitCode(report)).toBe(3)
  expect(report.foretold?.[0]?.fix[0]).toMatchObject({ proven: true })
  expect(report.foretold?.[0]?.fix[0]?.diff).toContain('"0.0.0.0:8080"')
})

test.each(['app-ignores-assigned-port', 'to-without-mapper'])(
  '%s is measured, and foretold only where it cannot be',
  async (id) => {
    const folder = `test/recordings/${id}`
    expect(said(await reportOf(folder))).toEqual([])
    const blind = await reportOf(folder, withoutClients)
    expect(blind.diagnosis).toBeNull()
    expect(blind.foretold?.map((one) => one.id)).toEqual([id])
  },
)

test('of a group whose allocations are dead the file is all there is', async () => {
  const report = await reportOf('test/recordings/app-ignores-assigned-port', dead('orders-api'))
  expect(said(report)).toEqual(['app-ignores-assigned-port group:orders-api/api'])
})

test.each(
  ['bridge-healthy', 'consul-discovery-healthy', 'wrong-to-port-repaired']
    .map((id) => `cases/${id}`)
    .concat(
      ['host-mode-healthy', 'native-discovery-healthy', 'connect-healthy', 'cni-custom-healthy'].map(
        (id) => `test/recordings/${id}`,
      ),
    ),
)('%s: nothing is foretold, whether it is measured or not', async (folder) => {
  expect(said(await reportOf(folder))).toEqual([])
  expect(said(await reportOf(folder, withoutClients))).toEqual([])
})

const group = {
  id: groupId('web', 'api'),
  kind: 'group',
  about: 'group:web/api',
  links: {},
  many: {},
  names: {},
} as const
const alloc = { ...group, id: 'alloc:a1', kind: 'alloc', about: 'alloc:a1', links: { group: group.id } } as const
const world = { things: new Map([group, alloc].map((one) => [one.id, one])), facts: new Map() }
const judged = { fault: 'wrong-to-port', thing: alloc.id, about: alloc.about }
const unknown = (why: 'denied' | 'not-asked' | 'not-named'): Verdict => ({
  ...judged,
  verdict: 'unknown',
  because: [{ fact: 'alloc.listening', why }],
  at: [],
})
const absent: Verdict = { ...judged, verdict: 'absent', reason: 'the facts do not show it', evidence: [] }

test.each<[string, readonly Verdict[], boolean]>([
  ['refused', [unknown('denied')], true],
  ['nothing runs that could show it', [{ ...absent, idle: true }], true],
  ['not asked yet', [unknown('not-asked')], false],
  ['a matter of a caller nobody named', [unknown('not-named')], false],
  ['one of two allocations was measured', [unknown('denied'), absent], false],
])('not measured: %s', (_, verdicts, expected) => {
  expect(unmeasuredIn(verdicts, world)('wrong-to-port', group) !== undefined).toBe(expected)
})
