import { describe, expect, test } from 'vitest'
import type { Route, RouteRule } from '../../../src/packet/ip-route.ts'
import { routeTo } from '../../../src/packet/walk/index.ts'

const route = (dst: string, dev: string, but: Partial<Route> = {}): Route => ({
  family: 4,
  dst,
  prefix: dst === 'default' ? 0 : Number(dst.split('/')[1]),
  dev,
  table: 'main',
  type: 'unicast',
  metric: 0,
  hops: [],
  flags: [],
  ...but,
})
const rule = (priority: number, table: string, but: Partial<RouteRule> = {}): RouteRule => ({
  priority,
  not: false,
  src: 'all',
  dst: 'all',
  action: 'lookup',
  table,
  other: [],
  ...but,
})

describe('the route of a namespace', () => {
  const rules = [rule(32_766, 'main'), rule(0, 'local'), rule(32_767, 'default')]
  const routes = [route('default', 'eth0'), route('172.26.64.0/20', 'nomad'), route('172.26.64.0/22', 'tun0')]

  test.each<[string, readonly Route[], readonly RouteRule[], unknown]>([
    ['the longest prefix wins', routes, rules, { dev: 'tun0' }],
    [
      'then the lowest metric',
      [route('172.26.64.0/20', 'a', { metric: 9 }), route('172.26.64.0/20', 'b', { metric: 1 })],
      rules,
      { dev: 'b' },
    ],
    [
      'a rule for the device comes first',
      [...routes, route('default', 'wg0', { table: '51820' })],
      [...rules, rule(10, '51820', { iif: 'nomad' })],
      { dev: 'wg0' },
    ],
    [
      'a rule for another device does not',
      [...routes, route('default', 'wg0', { table: '51820' })],
      [...rules, rule(10, '51820', { iif: 'lo' })],
      { dev: 'tun0' },
    ],
    [
      'a default route may be suppressed',
      [route('default', 'eth0'), route('default', 'wg0', { table: '5' })],
      [rule(10, 'main', { suppressPrefix: 0 }), rule(20, '5')],
      { dev: 'wg0' },
    ],
    ['a blackhole is no route', [route('172.26.0.0/16', 'x', { type: 'blackhole' })], rules, null],
    ['no route at all', [], rules, null],
  ])('%s', (_, table, policy, expected) => {
    const state = { routes4: table, rules4: policy, unread: [] }
    const found = routeTo(state, { dst: '172.26.64.2', src: '10.0.0.12', iif: 'nomad' })
    if (expected === null) expect(found).toBeNull()
    else expect(found).toMatchObject(expected as object)
  })

  test.each<[string, Partial<RouteRule>]>([
    ['asks for the port, which is not known', { sports: { from: 1, to: 9 } }],
    ['says something new', { other: ['tun_id'] }],
    ['does something new', { action: 'hop' }],
  ])('a rule that %s is not guessed', (_, but) => {
    const state = { routes4: routes, rules4: [rule(1, 'main', but)], unread: [] }
    expect(routeTo(state, { dst: '172.26.64.2' })).toEqual(expect.any(String))
  })

  test('a source that is not chosen yet is asked for by no rule, as ip route get has it', () => {
    const state = {
      routes4: [...routes, route('default', 'wg0', { table: '5' })],
      rules4: [rule(1, '5', { src: '10.0.0.0/8' }), ...rules],
      unread: [],
    }
    expect(routeTo(state, { dst: '172.26.64.2' })).toMatchObject({ dev: 'tun0' })
    expect(routeTo(state, { dst: '172.26.64.2', src: '10.0.0.12' })).toMatchObject({ dev: 'wg0' })
  })

  test('one of several next hops is not guessed', () => {
    const hops = ['a', 'b'].map((dev) => ({ dev, weight: 1, flags: [] }))
    const state = { routes4: [route('default', '', { hops })], rules4: rules, unread: [] }
    expect(routeTo(state, { dst: '9.9.9.9' })).toContain('several next hops')
  })
})
