import { describe, expect, test } from 'vitest'
import { asHeld, originOf } from '../../src/derive/derivation.ts'
import { settingDerivations } from '../../src/derive/walk/settings.ts'
import { inbound, outbound } from '../../src/knowledge/crossing-samples.ts'
import type { Seen } from '../../src/knowledge/fact.ts'
import type { Thing } from '../../src/knowledge/things.ts'
import { walkPast } from '../../src/packet/walk/index.ts'
import { site } from '../packet/walk/site.ts'
import type { Machine } from '../packet/walk/machine.ts'
import type { GivenValues } from '../world.ts'
import { client, derived, healthy, kernel, without } from './client.ts'

const path: Thing = { id: 'p', kind: 'path', about: 'path', names: {}, links: {}, many: {} }
const target = (but: Partial<Machine> = {}) => client('target', kernel(but))
const given = { 'path.inbound.way': inbound(), 'path.outbound.way': null }
/** What forwarding is looked for in besides: nothing is walked here. */
const unwalked = {
  'path.past': [],
  'path.network': { topology: { namespaces: {}, joins: [] }, places: {} },
  'path.attempts': [],
  'path.followed': true,
}
const local = {
  'path.inbound.way': inbound({ in: '', sources: ['127.0.0.1'], address: '127.0.0.1' }),
  'path.outbound.way': null,
}

test('a setting that was not printed is not known', () => {
  const settings = { 'net.ipv4.conf.nomad.forwarding': 0 }
  expect(derived('path.forwarding-off', { ...unwalked, ...given, ...target() })).toMatchObject({
    known: true,
    value: null,
  })
  expect(derived('path.forwarding-off', { ...unwalked, ...given, ...target({ settings }) })).toMatchObject({
    known: true,
    value: { key: 'net.ipv4.conf.nomad.forwarding', all: false },
  })
  const unprinted = client('target', { ...kernel(), sysctls: {} })
  expect(derived('path.forwarding-off', { ...unwalked, ...given, ...unprinted })).toMatchObject({ known: false })
})

test('the first hook of a port of the client itself is INPUT', () => {
  const way = inbound({ mode: 'host', out: '', inside: null, port: 22 })
  const one = { ...given, 'path.inbound.way': way }
  expect(derived('path.inbound.input', { ...one, ...target() })).toMatchObject({ known: true, value: null })
  expect(derived('path.inbound.input', { ...one, ...target({ iptables: { filter: [':INPUT DROP'] } }) })).toMatchObject(
    {
      known: true,
      value: { stop: { chain: 'INPUT', rule: null }, way: { port: 22 } },
    },
  )
})

const topology = site({
  client: { routes: ['default6 via fd00::1 dev eth0'] },
  host: { settings: { 'net.ipv6.conf.all.forwarding': 0 } },
})
const sixNetwork = { topology, places: { host: { kind: 'client', label: 'client c1', node: 'c1' } } }
const sixWalk = {
  dial: { host: 'fd20::2', port: 8080, from: 'case' },
  begins: 'source',
  start: { namespace: 'client' },
  wanted: { proto: 'tcp', dst: 'fd20::2', dport: 8080 },
  places: {},
  traces: walkPast(topology, { namespace: 'client' }, { proto: 'tcp', dst: 'fd20::2', dport: 8080 }),
  outcome: 'silent',
  unread: [],
}

test('over IPv6 the walk tells which client does not forward', () => {
  const seen = {
    'path.followed': true,
    'path.inbound.way': null,
    'path.outbound.way': null,
    'path.network': sixNetwork,
  }
  const held = derived('path.forwarding-off', { ...seen, 'path.attempts': [], 'path.past': [sixWalk] })
  expect(held).toMatchObject({
    known: true,
    value: { way: { node: 'c1', in: 'eth0' }, key: 'net.ipv6.conf.all.forwarding', all: true },
  })
  const answered = { from: 'source', host: 'fd20::2', port: 8080, outcome: 'connected', place: 'client' }
  expect(
    derived('path.forwarding-off', { ...seen, 'path.attempts': [answered], 'path.past': [sixWalk] }),
  ).toMatchObject({
    known: true,
    value: null,
  })
})

describe('settings between the hooks', () => {
  const off = (key: string, value = 0): Partial<Machine> => ({ settings: { ...healthy.settings, [key]: value } })

  test('forwarding that is off as a whole is told apart from that of a device', () => {
    const settings = {
      'net.ipv4.ip_forward': 0,
      'net.ipv4.conf.eth0.forwarding': 0,
      'net.ipv4.conf.nomad.forwarding': 0,
    }
    expect(derived('path.forwarding-off', { ...unwalked, ...given, ...target({ settings }) })).toMatchObject({
      value: { key: 'net.ipv4.conf.eth0.forwarding', all: true },
    })
    expect(
      derived('path.forwarding-off', { ...unwalked, ...given, ...target({ settings, iptables: {} }) }),
    ).toMatchObject({
      value: { all: true },
    })
    expect(derived('path.forwarding-off', { ...unwalked, ...local, ...target({ settings }) })).toMatchObject({
      known: true,
      value: null,
    })
  })

  test('a call to 127.0.0.1 is sent on where the bridge may have it', () => {
    const key = 'net.ipv4.conf.nomad.route_localnet'
    expect(derived('path.loopback-off', { ...local, ...target() })).toMatchObject({ known: true, value: null })
    for (const but of [off(key), { ...off(key), iptables: {} }, { ...off(key), routes: ['172.26.64.2/32 dev eth0'] }])
      expect(derived('path.loopback-off', { ...local, ...target(but) })).toMatchObject({ known: true, value: { key } })
    expect(
      derived('path.loopback-off', { ...local, ...target(off('net.ipv4.conf.all.route_localnet', 1)) }),
    ).toMatchObject({
      value: null,
    })
    expect(derived('path.loopback-off', { ...given, ...target(off(key)) })).toMatchObject({ known: true, value: null })
    for (const piece of ['routes4', 'sysctls'] as const)
      expect(derived('path.loopback-off', { ...local, ...without({}, piece) })).toMatchObject({
        known: false,
      })
  })

  const strict = (routes: readonly string[] = []): GivenValues =>
    target({ ...off('net.ipv4.conf.eth0.rp_filter', 1), routes })
  const callers = inbound({ sources: ['10.0.0.12', '203.0.113.77'] })

  test('a caller whose answers leave elsewhere is dropped, where the check is strict', () => {
    const away = ['10.0.0.12/32 via 172.26.64.2 dev nomad']
    expect(derived('path.reverse-path', { ...given, ...strict() })).toMatchObject({ known: true, value: null })
    expect(derived('path.reverse-path', { ...given, ...strict(away) })).toMatchObject({
      value: { key: 'net.ipv4.conf.eth0.rp_filter', back: 'nomad', all: true, drops: null },
    })
    expect(derived('path.reverse-path', { ...given, ...target({ routes: away }) })).toMatchObject({
      known: true,
      value: null,
    })
    const loose = target({ ...off('net.ipv4.conf.eth0.rp_filter', 2), routes: away })
    expect(derived('path.reverse-path', { ...given, ...loose })).toMatchObject({ known: true, value: null })
  })

  test('where strangers alone are dropped, the counter tells whether there are any', () => {
    const one = { ...given, 'path.inbound.way': callers, ...strict(['203.0.113.0/24 via 172.26.64.2 dev nomad']) }
    expect(derived('path.reverse-path', one)).toMatchObject({ known: false })
    expect(derived('path.reverse-path', { ...one, 'target.node.reverse-path-drops': 0 })).toMatchObject({ value: null })
    expect(derived('path.reverse-path', { ...one, 'target.node.reverse-path-drops': 7 })).toMatchObject({
      value: { all: false, drops: 7 },
    })
  })

  test('without the routes the way back is not known', () => {
    const one = without(off('net.ipv4.conf.eth0.rp_filter', 1), 'routes4')
    expect(derived('path.reverse-path', { ...given, ...one })).toMatchObject({ known: false })
    expect(derived('path.forwarding-off', { ...unwalked, ...given, ...one })).toMatchObject({
      known: true,
      value: null,
    })
  })
})

describe('what shows that a client does not forward', () => {
  const rule = settingDerivations.find(({ provides }) => provides === 'path.forwarding-off')
  const made = (inbound: object | null, known: Readonly<Record<string, unknown>>) =>
    rule?.make({}, { 'path.inbound.way': inbound, 'path.attempts': [], ...known }, path, {})

  test('is the reply of the side on which it is off', () => {
    const by = { at: 'route', text: 'net.ipv4.conf.nomad.forwarding = 0' }
    const off = [{ wanted: {}, passed: [{ verdict: { kind: 'dropped', by } }], end: { out: '' } }]
    const on = [{ wanted: {}, passed: [], end: { out: '' } }]
    const at = (inside: object, outside: object) =>
      originOf(
        made(inbound(), {
          'path.outbound.way': outbound(),
          'path.inbound.crossings': inside,
          'path.outbound.crossings': outside,
        }),
      ).from
    expect(at(off, on)).toBe('target.node.sysctls')
    expect(at(on, off)).toBe('source.node.sysctls')
  })

  test('is that of the client at which the walk ends', () => {
    const returned = made(null, { 'path.outbound.way': null, 'path.network': sixNetwork, 'path.past': [sixWalk] })
    const seen = ['c2', 'c1'].map((node): Seen => {
      const ask = JSON.stringify(['node', `@${node}`, ['sysctl', '-a']])
      return { by: 'node-sysctls', ask, request: `sysctl on ${node}`, excerpt: '', at: '' }
    })
    expect(asHeld('path.forwarding-off', returned, seen[0], seen)).toMatchObject({
      seen: { request: 'sysctl on c1', excerpt: expect.stringContaining('net.ipv6.conf.all.forwarding = 0') as string },
    })
  })
})

test('where no way is read, as over IPv6, there are the walks alone', () => {
  const rule = settingDerivations.find(({ provides }) => provides === 'path.forwarding-off')
  const why = { why: 'not-evaluable', detail: 'only IPv4 is simulated, not fd20::2' } as const
  const held = (walk: object, followed: object) => {
    const known = { 'path.network': sixNetwork, 'path.attempts': [], 'path.past': [{ ...sixWalk, ...walk }] }
    return asHeld('', rule?.make({}, { ...known, ...followed }, path, { 'path.inbound.way': why }), undefined, [])
  }
  const whole = { 'path.followed': true }
  expect(held({}, {})).toMatchObject({ known: true, value: { key: 'net.ipv6.conf.all.forwarding', all: true } })
  const answered = { traces: [], outcome: 'answered' }
  expect(held(answered, whole)).toMatchObject({ known: true, value: null })
  expect(held(answered, {})).toMatchObject({ known: false, detail: why.detail })
  expect(held({ traces: [], outcome: 'unknown' }, whole)).toMatchObject({ known: false, detail: why.detail })
})
