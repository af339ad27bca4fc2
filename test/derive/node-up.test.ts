import { describe, expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { withRunning } from '../../src/derive/running.ts'
import { record } from '../../src/knowledge/samples.ts'
import { nodeId, type Thing } from '../../src/knowledge/things.ts'
import { known, missing, worldOf } from '../engine/world.ts'

const refused = missing('denied', 'HTTP 403: Permission denied')
const document = (status: string) => ({ name: 'c1', id: 'n1', status, attributes: {}, networks: [], modes: [] })
const up = (node: unknown, alloc?: ReturnType<typeof record>, role = 'target.alloc') => {
  const world = worldOf({
    c1: {
      kind: 'node',
      links: alloc ? { [role]: 'a1' } : {},
      facts: node === undefined ? {} : { 'node.document': node },
    },
    a1: { kind: 'alloc', facts: alloc ? { 'alloc.record': known('alloc.record', alloc) } : {} },
  })
  return derive(world, derivations).facts.get('c1')?.get('node.up')
}
const running = record('a1', { clientStatus: 'running' })

describe('node.up', () => {
  test.each(['ready', 'initializing'] as const)('a client the servers count as %s runs', (status) => {
    expect(up(document(status))).toMatchObject({ known: true, value: 'up', seen: { excerpt: `c1: Status ${status}` } })
  })

  test.each(['down', 'disconnected'] as const)('a client that is %s does not', (status) => {
    expect(up(document(status))).toMatchObject({ known: true, value: 'down' })
    expect(up(document(status), running)).toMatchObject({ known: true, value: 'down' })
  })

  test.each(['target.alloc', 'source.alloc'])('of one that cannot be read, what runs there tells: %s', (role) => {
    const held = up(refused, running, role)
    expect(held).toMatchObject({
      known: true,
      value: 'up',
      seen: { excerpt: 'it runs allocation a1 of orders/api' },
    })
    expect(held?.known && held.seen.request).toBe('GET /alloc.record')
  })

  test.each(['pending', 'lost', 'unknown', 'failed', 'complete'] as const)(
    'an allocation that is %s tells nothing of it: the refusal is the reason',
    (clientStatus) => {
      expect(up(refused, record('a1', { clientStatus }))).toMatchObject({
        known: false,
        why: 'denied',
        detail: 'HTTP 403: Permission denied',
      })
    },
  )

  test('nothing is told before the client was asked for', () => {
    expect(up(undefined, running)).toBeUndefined()
  })
})

const client = (id: string): Thing => ({ id: nodeId(id), kind: 'node', about: id, links: {}, many: {}, names: {} })
const clients = new Map([client('n1'), client('n2')].map((one) => [one.id, one]))
const side = (job: string) => ({ kind: 'workload', namespace: 'default', job }) as const
const on = (id: string, node: string, clientStatus: 'running' | 'lost' = 'running') =>
  record(id, { node, clientStatus })

test('the first allocation of a side that runs on a client speaks for it', () => {
  const records = [on('a0', 'n1', 'lost'), on('a1', 'n1'), on('a2', 'n1'), on('a3', 'n2'), on('a4', 'n3')]
  const linked = (to: string, from: string) =>
    withRunning(
      clients,
      { to: side(to), from: side(from), port: null, symptom: 'unknown' },
      { job: 'orders', namespace: 'default' },
      records,
    ).map(({ id, links }) => [id, links])
  expect(linked('orders', 'checkout')).toEqual([
    ['node:n1', { 'target.alloc': 'alloc:a1' }],
    ['node:n2', { 'target.alloc': 'alloc:a3' }],
  ])
  expect(linked('checkout', 'orders')[0]).toEqual(['node:n1', { 'source.alloc': 'alloc:a1' }])
  expect(linked('checkout', 'reports')).toEqual([])
})
