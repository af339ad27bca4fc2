import { describe, expect, test } from 'vitest'
import { reachedDerivation } from '../../src/derive/path/reached.ts'
import { isAnswered } from '../../src/knowledge/measured.ts'
import type { Attempt } from '../../src/knowledge/shapes/runtime.ts'
import type { PathWalk } from '../../src/knowledge/shapes/walk.ts'
import type { Thing } from '../../src/knowledge/things.ts'

const path: Thing = {
  id: 'p',
  kind: 'path',
  about: 'path',
  names: {},
  links: { 'target.group': 'group:a/b' },
  many: {},
}
const to = (outcome: Attempt['outcome'], port = 80): Attempt => ({
  from: 'source',
  place: 'allocation aaaaaaaa',
  host: '10.0.0.1',
  port,
  outcome,
  ms: 1,
})
const port = { mapped: { hostIp: '10.0.0.1', hostPort: 80 } }
const reached = (...attempts: readonly Attempt[]): unknown => {
  const found = reachedDerivation.make({ 'path.attempts': attempts }, { 'path.port': port }, path, {})
  return (found as { value?: unknown }).value
}

test('of the registered address all attempts count', () => {
  expect(reached(to('answered'))).toBe('answered')
  expect(reached(to('timed-out'))).toBe('fails')
  expect(reached(to('sometimes'))).toBe('sometimes')
  expect(reached(to('answered'), to('sometimes'))).toBe('sometimes')
  expect(reached(to('sometimes'), to('answered', 81))).toBe('sometimes')
  expect(reached(to('unclear'))).toBeUndefined()
})

describe('of a source that has its addresses written down', () => {
  const written = (
    dial: { readonly host: string; readonly port?: number },
    attempts: readonly Attempt[],
    way = 'fixed-address',
  ): unknown => {
    const dials = [{ ...dial, from: 'env ORDERS of task web' }]
    const known = { 'path.port': port, 'path.discovery': way, 'path.dials': dials }
    const found = reachedDerivation.make({ 'path.attempts': attempts }, known, path, {})
    return (found as { value?: unknown }).value
  }
  const own = { host: '10.0.0.1', port: 80 }
  const loopback = (outcome: Attempt['outcome']): Attempt => ({ ...to(outcome, 8080), host: '127.0.0.1' })
  test('one of those has to be tried', () => {
    expect(written(own, [to('answered')])).toBe('answered')
    expect(written({ ...own, port: 25000 }, [to('answered')])).toBeUndefined()
    expect(written({ host: '10.0.0.1' }, [to('answered')])).toBe('answered')
  })
  test('and counts, whatever becomes of the registered one', () => {
    const other = { host: '10.0.0.1', port: 81 }
    expect(written(other, [to('answered'), to('refused', 81)])).toBe('fails')
    expect(written(other, [to('refused'), to('answered', 81)])).toBe('answered')
    expect(written(other, [to('answered'), to('unclear', 81)])).toBeUndefined()
  })
  test('a sibling is called on loopback, and not by way of its host port', () => {
    const called = { host: '127.0.0.1', port: 8080 }
    expect(written(called, [to('timed-out'), loopback('answered')], 'localhost')).toBe('answered')
    expect(written(called, [to('timed-out'), loopback('refused')], 'localhost')).toBe('fails')
    expect(written(called, [to('timed-out')], 'localhost')).toBeUndefined()
    const beside: Attempt = { ...loopback('answered'), from: 'target' }
    const within = { ...path, links: { ...path.links, 'source.alloc': 'a', 'target.alloc': 'a' } }
    const seen = (namespace: string, thing: Thing): unknown => {
      const dials = [{ ...called, from: 'args of task loop' }]
      const known = {
        'path.port': port,
        'path.discovery': 'localhost',
        'path.dials': dials,
        'path.caller-namespace': namespace,
      }
      const found = reachedDerivation.make({ 'path.attempts': [to('timed-out'), beside] }, known, thing, {})
      return (found as { value?: unknown }).value
    }
    expect(seen('group', within)).toBe('answered')
    expect(seen('container', within)).toBeUndefined()
    expect(seen('group', path)).toBeUndefined()
  })
})

test('what answers sometimes is not stopped by what matches always, and may be by what matches by chance', () => {
  const walk = (chances: readonly unknown[]) =>
    ({
      begins: 'source',
      wanted: { proto: 'tcp' },
      dial: { host: '10.0.0.1', port: 80 },
      traces: [{ chances }],
    }) as unknown as PathWalk
  expect(isAnswered(walk([]), [to('sometimes')])).toBe(true)
  expect(isAnswered(walk(['a rule']), [to('sometimes')])).toBe(false)
  expect(isAnswered(walk(['a rule']), [to('connected')])).toBe(true)
})

describe('what is called by UDP no attempt tells', () => {
  const walk = (outcome: string) => ({ begins: 'source', outcome })
  const by = (known: Readonly<Record<string, unknown>>): unknown => {
    const all = { 'path.port': port, 'path.protocol': 'udp', ...known }
    const found = reachedDerivation.make({ 'path.attempts': [to('refused')] }, all, path, {})
    return (found as { value?: unknown }).value
  }
  test.each<[string, unknown, Readonly<Record<string, unknown>>]>([
    ['answers of the target were seen', 'answered', { 'path.flows': [to('answered')] }],
    ['nothing stands in its way', 'untold', { 'path.flows': [], 'path.walks': [walk('answered')] }],
    ['it ends on its way', undefined, { 'path.flows': [], 'path.walks': [walk('answered'), walk('silent')] }],
    ['its way is not known', undefined, { 'path.flows': [], 'path.walks': [walk('unknown')] }],
    ['nobody is named who calls', undefined, { 'path.flows': [], 'path.walks': [] }],
    ['it is not called by UDP', 'fails', { 'path.protocol': 'unsaid' }],
  ])('%s: %s', (_, reached, known) => expect(by(known)).toBe(reached))
})
