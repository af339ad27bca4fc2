import { describe, expect, test } from 'vitest'
import { inbound, outbound } from '../../src/knowledge/crossing-samples.ts'
import type { Machine } from '../packet/walk/machine.ts'
import type { GivenValues } from '../world.ts'
import { client, cniFilter, cniNat, derived, kernel, owner, without } from './client.ts'

const target = (but: Partial<Machine> = {}) => client('target', kernel(but))
const filter = (...rules: readonly string[]): Partial<Machine> => ({ iptables: { filter: rules, nat: cniNat } })
const nat = (...rules: readonly string[]): Partial<Machine> => ({ iptables: { filter: cniFilter, nat: rules } })
const noRules: Partial<Machine> = { iptables: { filter: [], nat: [] } }
const given = { 'path.inbound.way': inbound(), 'path.outbound.way': null }
const local = {
  'path.inbound.way': inbound({ in: '', sources: ['127.0.0.1'], address: '127.0.0.1' }),
  'path.outbound.way': null,
}

describe('two clients', () => {
  const dropping = filter(...cniFilter.filter((rule) => !rule.startsWith('NOMAD-ADMIN')))

  test('what the target stops stays stopped, whatever the source does', () => {
    const one = { 'path.inbound.way': inbound(), ...target(dropping) }
    const alone = derived('path.forward', one)
    expect(alone).toMatchObject({
      known: true,
      value: { way: { side: 'target' }, stop: { chain: 'FORWARD', rule: null } },
    })
    expect(derived('path.forward', { ...one, 'path.outbound.way': null })).toEqual(alone)
  })

  test.each([
    ['the jump to it', (rule: string) => !rule.endsWith('-j NOMAD-ADMIN'), { adminJump: false, adminAccepts: true }],
    ['its rule', (rule: string) => !rule.startsWith('NOMAD-ADMIN'), { adminJump: true, adminAccepts: false }],
  ])('of NOMAD-ADMIN, %s may be missing', (_, kept, cni) => {
    const one = { 'path.inbound.way': inbound(), ...target(filter(...cniFilter.filter(kept))) }
    expect(derived('path.forward', one)).toMatchObject({ known: true, value: { cni } })
  })

  test('when the target lets it through, the source has to be known', () => {
    const one = { 'path.inbound.way': inbound(), ...target() }
    expect(derived('path.forward', one)).toMatchObject({ known: false })
    expect(derived('path.forward', { ...one, 'path.outbound.way': null })).toMatchObject({ known: true, value: null })
  })

  test('an allocation that calls out needs a rule for its address', () => {
    const way = outbound({ sources: ['172.26.64.2'], address: '10.0.0.12' })
    const one = { 'path.inbound.way': null, 'path.outbound.way': way }
    expect(derived('path.untranslated', { ...one, ...client('source', kernel(noRules)) })).toMatchObject({
      known: true,
      value: { what: 'source', way: { node: 'c2' } },
    })
    expect(derived('path.untranslated', { ...one, ...client('source', { unread: [] }) })).toMatchObject({
      known: false,
    })
    expect(derived('path.untranslated', { ...one, ...client('source', kernel()) })).toMatchObject({
      known: true,
      value: null,
    })
  })
})

describe('the destination', () => {
  test.each<[string, Partial<Machine>, unknown]>([
    ['the mapping', {}, { kind: 'to', address: '172.26.64.2', port: 8080, chain: 'CNI-DN-1', alloc: owner }],
    ['no mapping', noRules, { kind: 'none' }],
    [
      'an exemption from tracking',
      { iptables: { filter: cniFilter, nat: cniNat, raw: ['PREROUTING -p tcp -m tcp --dport 25001 -j CT --notrack'] } },
      { kind: 'untracked', rule: expect.stringContaining('--notrack') },
    ],
    [
      'somebody else who is asked first',
      nat('PREROUTING -p tcp -m tcp --dport 25001 -j DNAT --to-destination 172.17.0.2:80', ...cniNat),
      { kind: 'to', address: '172.17.0.2', port: 80, chain: 'PREROUTING', alloc: null },
    ],
    [
      'a mapping that keeps the port',
      nat('PREROUTING -p tcp -m tcp --dport 25001 -j DNAT --to-destination 172.17.0.2'),
      { kind: 'to', address: '172.17.0.2', port: 25001 },
    ],
    [
      'a rule that sends it to the client itself',
      nat('PREROUTING -p tcp -m tcp --dport 25001 -j REDIRECT --to-ports 80'),
      { kind: 'to', address: '10.0.0.11', port: 80 },
    ],
    [
      'a mapping in a table of nftables',
      {
        ...noRules,
        nft: [
          { table: { family: 'ip', name: 'own' } },
          {
            chain: {
              family: 'ip',
              table: 'own',
              name: 'in',
              hook: 'prerouting',
              prio: -100,
              type: 'nat',
              policy: 'accept',
            },
          },
          { rule: { family: 'ip', table: 'own', chain: 'in', expr: [{ dnat: { addr: '172.26.64.2', port: 8080 } }] } },
        ],
      },
      { kind: 'to', address: '172.26.64.2', port: 8080, chain: 'in' },
    ],
  ])('%s', (_, but, value) => {
    expect(derived('path.inbound.translation', { ...given, ...target(but) })).toMatchObject({ known: true, value })
  })

  test.each<[string, Partial<Machine>, string]>([
    [
      'a rule nobody models',
      nat('PREROUTING -m geoip --source-country XX -j DNAT --to-destination 172.26.64.2:8080'),
      'geoip',
    ],
    [
      'chance',
      nat('PREROUTING -m statistic --mode random --probability 0.5 -j DNAT --to-destination 10.9.9.9:1'),
      'chance',
    ],
  ])('it is not known where it depends on %s', (_, but, why) => {
    expect(derived('path.inbound.translation', { ...given, ...target(but) })).toMatchObject({
      known: false,
      detail: expect.stringContaining(why) as unknown,
    })
    expect(derived('path.untranslated', { ...given, ...target(but) })).toMatchObject({ known: false })
  })

  test('a client without the mapping leaves it as it is', () => {
    expect(derived('path.untranslated', { ...given, ...target(noRules) })).toMatchObject({
      known: true,
      value: { what: 'destination', cni: { entries: 0 } },
    })
    expect(derived('path.untranslated', { ...given, ...target() })).toMatchObject({ known: true, value: null })
  })

  test('a call to 127.0.0.1 needs another source, too', () => {
    expect(derived('path.untranslated', { ...local, ...target() })).toMatchObject({ known: true, value: null })
    const bare = nat(...cniNat.filter((rule) => !rule.startsWith('POSTROUTING -j')))
    expect(derived('path.untranslated', { ...local, ...target(bare) })).toMatchObject({
      known: true,
      value: { what: 'source', way: { side: 'target' } },
    })
  })
})

const own = (policy: 'accept' | 'drop', ...expr: readonly object[]): readonly object[] => [
  { table: { family: 'inet', name: 'own' } },
  { chain: { family: 'inet', table: 'own', name: 'fw', hook: 'forward', prio: 0, type: 'filter', policy } },
  ...(expr.length === 0 ? [] : [{ rule: { family: 'inet', table: 'own', chain: 'fw', expr } }]),
]
const is = (left: object, right: unknown): object => ({ match: { op: '==', left, right } })

describe('what stops a forwarded packet', () => {
  test.each<[string, Partial<Machine>, object]>([
    [
      'a rule, with its place in FORWARD and the chains that led there',
      filter(
        ':DOCKER-USER -',
        ':OTHER -',
        'FORWARD -j OTHER',
        'FORWARD -j DOCKER-USER',
        ...cniFilter,
        'OTHER -p udp -j DROP',
        'DOCKER-USER -i eth0 -j DROP',
      ),
      {
        by: 'iptables',
        table: 'filter',
        chain: 'DOCKER-USER',
        rule: '-A DOCKER-USER -i eth0 -j DROP',
        via: ['FORWARD', 'DOCKER-USER'],
        at: 2,
      },
    ],
    ['a policy', filter(':FORWARD DROP'), { by: 'iptables', chain: 'FORWARD', rule: null, via: ['FORWARD'], at: null }],
    [
      'another table',
      { ...filter(), iptables: { mangle: ['FORWARD -j DROP'], filter: [], nat: cniNat } },
      { table: 'mangle', at: 1 },
    ],
    ['a policy of nftables', { nft: own('drop') }, { by: 'nftables', table: 'inet own', chain: 'fw', rule: null }],
    [
      'a rule of nftables',
      { nft: own('accept', is({ meta: { key: 'iifname' } }, 'eth*'), { reject: null }) },
      { by: 'nftables', verdict: 'reject', rule: expect.any(String) },
    ],
    ['the legacy backend', { legacy: { filter: [':FORWARD DROP'] } }, { by: 'iptables-legacy', rule: null }],
  ])('%s', (_, but, stop) => {
    expect(derived('path.forward', { ...given, ...target(but) })).toMatchObject({ known: true, value: { stop } })
  })

  test.each<[string, Partial<Machine>]>([
    ['everything as it should be', {}],
    ['translated packets are accepted', { nft: own('drop', is({ ct: { key: 'status' } }, 'dnat'), { accept: null }) }],
    ['a rule for another interface', { nft: own('accept', is({ meta: { key: 'iifname' } }, 'wlan0'), { drop: null }) }],
  ])('nothing: %s', (_, but) => {
    expect(derived('path.forward', { ...given, ...target(but) })).toMatchObject({ known: true, value: null })
  })

  test.each<[string, Partial<Machine>]>([
    ['the mapping is gone', nat()],
    ['the mapping leads elsewhere', nat('PREROUTING -p tcp -j DNAT --to-destination 10.0.0.99:80')],
    ['the way leads elsewhere', { routes: ['172.26.64.0/24 dev eth0'] }],
    ['there is no way', { routes: ['unreachable 172.26.64.0/24'] }],
    ['forwarding is off', { settings: { 'net.ipv4.conf.eth0.forwarding': 0 } }],
    [
      'the way back is another one',
      { settings: { 'net.ipv4.conf.eth0.rp_filter': 1 }, routes: ['10.0.0.12/32 dev nomad'] },
    ],
    ['it is not tracked', { iptables: { filter: cniFilter, nat: cniNat, raw: ['PREROUTING -j CT --notrack'] } }],
    ['it is dropped before', { iptables: { filter: cniFilter, nat: cniNat, raw: ['PREROUTING -j DROP'] } }],
    [
      'the table of connections is full',
      { settings: { 'net.netfilter.nf_conntrack_count': 9, 'net.netfilter.nf_conntrack_max': 9 } },
    ],
  ])('it does not hide behind what comes before: %s', (_, but) => {
    expect(derived('path.forward', { ...given, ...target(but) })).toMatchObject({ known: true, value: null })
    const { iptables = {} } = but
    const dropping = { ...but, iptables: { nat: cniNat, ...iptables, filter: [':FORWARD DROP'] } }
    expect(derived('path.forward', { ...given, ...target(dropping) })).toMatchObject({
      known: true,
      value: { stop: { chain: 'FORWARD', rule: null } },
    })
  })

  test('a stranger and a neighbour who fare differently leave it open', () => {
    const way = inbound({ sources: ['10.0.0.12', '203.0.113.77'] })
    const but = filter(':FORWARD DROP', 'FORWARD -s 10.0.0.0/24 -j ACCEPT')
    expect(derived('path.forward', { ...given, 'path.inbound.way': way, ...target(but) })).toMatchObject({
      known: false,
      detail: "it depends on the caller's address",
    })
  })

  test.each<[string, GivenValues]>([
    ['iptables is not known', without({}, 'iptables4')],
    ['nftables is not known', without({}, 'nft')],
    ['the interfaces are not known', without({}, 'links')],
    ['a rule nobody models stands before', target(filter('FORWARD -m geoip --source-country XX -j DROP'))],
    ['a set was not read', target(filter('FORWARD -m set --match-set bad src -j DROP'))],
    ['a rule matches by chance', target(filter('FORWARD -m statistic --mode random --probability 0.5 -j DROP'))],
  ])('it is not known when %s', (_, facts) => {
    expect(derived('path.forward', { ...given, ...facts })).toMatchObject({ known: false })
  })

  test('what it does not depend on may be missing', () => {
    expect(
      derived('path.forward', { ...given, ...without({}, 'routes4', 'sysctls', 'tcp', 'udp', 'neighbours') }),
    ).toMatchObject({
      known: true,
      value: null,
    })
  })
})
