import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { cross, walk } from '../../../src/packet/walk/index.ts'
import type { Crossing, Meant } from '../../../src/packet/walk/index.ts'
import { machine, type Machine } from './machine.ts'
import { plain } from './site.ts'

const host = (but: Partial<Machine> = {}) => machine({ ...plain.host, ...but })
const wanted = { proto: 'tcp', src: '10.0.0.9', dst: '10.0.0.1', dport: 80 } as const
const to = { address: '172.20.0.2', port: 8080 }
const meant: Meant = { to, out: 'br0' }
const crossed = (but: Partial<Machine>, more: Meant = meant): Crossing => {
  const [first] = cross(host(but), { arrives: 'eth0' }, wanted, more)
  if (!first) throw new Error('no crossing')
  return first
}
const ends = ({ passed }: Crossing): readonly string[] =>
  passed.map(({ verdict }) => ('by' in verdict ? `${verdict.kind} ${verdict.by.at}` : verdict.kind))
const door = 'PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.20.0.2:8080'

test('where nothing ends the packet nothing is made up', () => {
  const found = crossed({ iptables: { nat: [door] } })
  expect(found).toMatchObject({ passed: [], end: { out: 'br0' }, tuple: { dst: '172.20.0.2', dport: 8080 } })
  expect(found.hops.map(({ does }) => does)).not.toContain('meant')
  expect(found.back).toMatchObject({ passed: [] })
  expect(found.back?.hops.find(({ does }) => does === 'translate back')).toMatchObject({ after: { src: '10.0.0.1' } })
})

test('every end on the way is noted, not the first alone', () => {
  const found = crossed({
    iptables: { raw: ['PREROUTING -j DROP'], nat: [door], filter: [':FORWARD DROP'], mangle: ['FORWARD -j REJECT'] },
    settings: { 'net.ipv4.conf.eth0.forwarding': 0, 'net.ipv4.conf.br0.forwarding': 0 },
  })
  expect(ends(found)).toEqual(['dropped prerouting', 'dropped route', 'rejected forward', 'dropped forward'])
  expect(found.end).toEqual({ out: 'br0' })
  // The answer meets them, too.
  expect(ends({ ...found, passed: found.back?.passed ?? [] })).toEqual(ends(found))
})

test.each<[string, Partial<Machine>]>([
  ['no rule', {}],
  ['a rule that leads elsewhere', { iptables: { nat: ['PREROUTING -p tcp -j DNAT --to-destination 10.0.0.7:1'] } }],
  ['an exemption from tracking', { iptables: { raw: ['PREROUTING -j CT --notrack'], nat: [door] } }],
  [
    'a rule nobody models',
    { iptables: { nat: ['PREROUTING -m geoip --source-country XX -j DNAT --to-destination 10.0.0.7:1'] } },
  ],
  ['a way that leads elsewhere', { iptables: { nat: [door] }, routes: ['172.20.0.2/32 via 10.0.0.2 dev eth0'] }],
  ['no way', { iptables: { nat: [door] }, routes: ['blackhole 172.20.0.2/32'] }],
])('what is meant and not done is made up for: %s', (_, but) => {
  const found = crossed(but)
  expect(found).toMatchObject({ end: { out: 'br0' }, tuple: { dst: '172.20.0.2', dport: 8080 } })
  expect(found.hops.filter(({ does }) => does === 'meant')).toHaveLength(1)
})

test('what is made up for is a connection as the rules would have made it', () => {
  const rules = ['FORWARD -m conntrack --ctstate NEW,DNAT -j ACCEPT', ':FORWARD DROP']
  expect(crossed({ iptables: { filter: rules } }).passed).toEqual([])
})

test('nothing is made up where nothing is meant', () => {
  const found = crossed({ iptables: { filter: [':INPUT DROP'] } }, {})
  expect(ends(found)).toEqual(['dropped input'])
  expect(found.end).toMatchObject({ verdict: { kind: 'refused' } })
  expect(found.back).toBeUndefined()
})

test('what nobody names of a packet that begins here is not guessed', () => {
  const why = (but: Partial<Machine>, start: Parameters<typeof cross>[1], dst: string): unknown =>
    cross(
      host(but),
      start,
      { proto: 'tcp', dst, dport: 80, ...('arrives' in start ? { src: '172.20.0.2' } : {}) },
      {},
    )[0]?.passed[0]?.verdict
  const ported = { iptables: { filter: ['FORWARD -m physdev --physdev-in v1 -j DROP'] } }
  const hooked = { ...ported, settings: { 'net.bridge.bridge-nf-call-iptables': 1 } }
  expect(why(hooked, { arrives: 'br0' }, '10.0.0.2')).toMatchObject({ kind: 'unknown', where: { at: 'forward' } })
  expect(why(ported, { arrives: 'br0' }, '10.0.0.2')).toBeUndefined()
  const owned = { iptables: { filter: ['OUTPUT -m owner --uid-owner 0 -j DROP'] } }
  expect(why(owned, { uid: null, gid: null }, '10.0.0.2')).toMatchObject({ kind: 'unknown', where: { at: 'output' } })
  expect(why(owned, {}, '10.0.0.2')).toMatchObject({ kind: 'dropped' })
})

test('more ways than are followed leave it open', () => {
  const rule = 'FORWARD -m statistic --mode random --probability 0.5 -j MARK --set-xmark 0x1/0x1'
  const found = cross(
    host({ iptables: { mangle: Array.from({ length: 7 }, () => rule), filter: [':FORWARD DROP'] } }),
    { arrives: 'eth0' },
    wanted,
    meant,
  )
  expect(found.at(-1)).toMatchObject({ hops: [], passed: [], end: { verdict: { kind: 'unknown' } } })
})

const chains = ['PREROUTING', 'FORWARD', 'INPUT', 'OUTPUT', 'POSTROUTING'] as const
const tables: Readonly<Record<(typeof chains)[number], readonly string[]>> = {
  PREROUTING: ['raw', 'mangle', 'nat'],
  FORWARD: ['mangle', 'filter'],
  INPUT: ['mangle', 'filter'],
  OUTPUT: ['raw', 'mangle', 'nat', 'filter'],
  POSTROUTING: ['mangle', 'nat'],
}
const rule = fc
  .constantFrom(...chains)
  .chain((chain) =>
    fc
      .tuple(
        fc.constantFrom(...tables[chain]),
        fc.constantFrom(
          '-p tcp',
          '-p udp',
          '-i eth0',
          '-m mark --mark 0x1',
          '-m statistic --mode random --probability 0.5',
          '-m geoip --source-country XX',
        ),
        fc.constantFrom('DROP', 'ACCEPT', 'RETURN', 'MARK --set-xmark 0x1/0x1'),
      )
      .map(
        ([table, match, target]) =>
          [table, `${chain} ${/-i/.test(match) && chain === 'OUTPUT' ? '' : match} -j ${target}`] as const,
      ),
  )
const setting = fc.constantFrom(
  'eth0.forwarding',
  'br0.forwarding',
  'eth0.rp_filter',
  'br0.route_localnet',
  'all.rp_filter',
)
const spec = fc
  .record({
    rules: fc.array(rule, { maxLength: 6 }),
    door: fc.boolean(),
    settings: fc.dictionary(
      setting.map((key) => `net.ipv4.conf.${key}`),
      fc.constantFrom(0, 1),
      { maxKeys: 3 },
    ),
    routes: fc.subarray(['10.0.0.9/32 dev br0', 'blackhole 172.20.0.2/32', '172.20.0.2/32 dev eth0']),
  })
  .map(({ rules, door: open, settings, routes }): Partial<Machine> => {
    const saved = Object.groupBy(rules, ([table]) => table)
    const iptables = Object.fromEntries(
      Object.entries(saved).map(([table, all = []]) => [table, all.map(([, text]) => text)]),
    )
    return { settings, routes, iptables: { ...iptables, nat: [...(iptables['nat'] ?? []), ...(open ? [door] : [])] } }
  })
const starts = fc.constantFrom<readonly [{ readonly arrives?: string }, string | undefined, string]>(
  [{ arrives: 'eth0' }, '10.0.0.9', '10.0.0.1'],
  [{ arrives: 'br0' }, '172.20.0.2', '10.0.0.2'],
  [{}, undefined, '127.0.0.1'],
  [{}, undefined, '10.0.0.1'],
)

test('going on past an end changes nothing before it', () => {
  fc.assert(
    fc.property(spec, starts, fc.constantFrom<Meant>({}, meant, { out: '' }), (but, [start, src, dst], more) => {
      const state = host(but)
      const one = { proto: 'tcp', dst, dport: 80, ...(src === undefined ? {} : { src }) } as const
      const found = cross(state, start, one, more)
      const walked = walk({ namespaces: { here: state }, joins: [] }, { namespace: 'here', ...start }, one)
      // Of more ways than are followed, one may be missing: then the last says so.
      if (found.some(({ hops, end }) => hops.length === 0 && 'verdict' in end && end.verdict.kind === 'unknown'))
        return true
      return walked.every(({ hops, verdict }) =>
        found.some((crossing) => {
          const [first] = crossing.passed
          const made = crossing.hops.findIndex(({ does }) => does === 'meant')
          const until = Math.min(first?.after ?? Infinity, made === -1 ? Infinity : made, hops.length)
          const same = JSON.stringify(crossing.hops.slice(0, until)) === JSON.stringify(hops.slice(0, until))
          const stopped =
            until === hops.length &&
            (!first || first.after > until || JSON.stringify(first.verdict) === JSON.stringify(verdict))
          return same && (until < hops.length ? made === until : stopped)
        }),
      )
    }),
    { numRuns: 400 },
  )
})
