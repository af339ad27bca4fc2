import { expect, test } from 'vitest'
import { parseBridgePorts, parseFdb } from '../../src/packet/bridge.ts'
import { parseConntrack, translatedFrom, translatedTo } from '../../src/packet/conntrack.ts'
import { parseRoutes, parseRouteRules } from '../../src/packet/ip-route.ts'
import { parseLinks, parseNeighbours } from '../../src/packet/ip.ts'
import { baseChains, parseNftRuleset, rulesOf } from '../../src/packet/nft.ts'
import { deviceKey, deviceSetting, numberSetting, parseSysctls } from '../../src/packet/sysctl.ts'
import { parseXfrmPolicies } from '../../src/packet/xfrm.ts'
import * as samples from './samples.ts'
import { valueOf } from './value.ts'

test('links, with what holds and what is beneath them', () => {
  const [lo, docker0, veth, macvlan, ...rest] = valueOf(parseLinks(samples.links))
  expect(rest).toEqual([])
  expect(lo).toMatchObject({
    name: 'lo',
    kind: 'loopback',
    up: true,
    carrier: true,
    mtu: 65536,
    addresses: [{ family: 4, address: '127.0.0.1', prefix: 8, scope: 'host', flags: [] }, { family: 6 }],
  })
  expect(docker0).toMatchObject({
    kind: 'bridge',
    up: true,
    carrier: false,
    operstate: 'DOWN',
    bridge: { nfCallIptables: true, nfCallIp6tables: false, vlanFiltering: false, stp: false },
  })
  expect(docker0?.addresses[1]).toEqual({ family: 6, address: 'fe80::1', prefix: 64, scope: 'link', flags: ['nodad'] })
  expect(veth).toMatchObject({
    kind: 'veth',
    master: 'nomad',
    beneath: { index: 2, netns: 1 },
    port: { state: 'forwarding', hairpin: false, isolated: false },
    addresses: [],
  })
  expect(macvlan).toMatchObject({ kind: 'macvlan', mode: 'bridge', up: false, beneath: { name: 've1' } })
})

test('routes of every type', () => {
  const [first, via52, none, odd, many, down, local] = valueOf(parseRoutes(samples.routes, 4))
  expect(first).toEqual({
    family: 4,
    dst: 'default',
    prefix: 0,
    gateway: '10.77.195.254',
    dev: 'eth0',
    table: 'main',
    type: 'unicast',
    metric: 0,
    hops: [],
    flags: [],
  })
  expect(via52).toMatchObject({ table: '52', mtu: 1400, prefix: 16, prefsrc: '10.9.0.1' })
  expect(none).toMatchObject({ type: 'unreachable', metric: 4278198272 })
  expect(odd).toMatchObject({ dst: '1.2.3.4/32', gateway: 'fe80::1' })
  expect(many?.hops).toEqual([
    { gateway: '10.9.0.3', dev: 'br0', weight: 2, flags: [] },
    { gateway: '10.9.0.4', dev: 'br0', weight: 1, flags: ['dead'] },
  ])
  expect(down).toMatchObject({ flags: ['linkdown'], scope: 'link' })
  expect(local).toMatchObject({ type: 'local', table: 'local', dst: '127.0.0.1/32' })
  expect(valueOf(parseRoutes('[{"dst":"default","gateway":"fe80::1","dev":"eth0","metric":1024}]', 6))).toMatchObject([
    { prefix: 0, metric: 1024 },
  ])
  expect(parseRoutes(samples.routes, 6)).toMatchObject({ ok: false })
})

test('routing rules, with selectors nobody here can judge named', () => {
  const rules = valueOf(parseRouteRules(samples.routeRules))
  expect(rules.map(({ action }) => action)).toEqual([
    'lookup',
    'blackhole',
    'goto',
    'unreachable',
    'lookup',
    'lookup',
    'lookup',
  ])
  expect(rules[2]).toMatchObject({ goto: 32766, fwmark: { value: 0x40000, mask: 0xff0000 } })
  expect(rules[3]).toMatchObject({
    src: '10.0.0.0/8',
    dst: 'all',
    iif: 'br0',
    uids: { from: 0, to: 99 },
    proto: 'tcp',
    dports: { from: 80, to: 90 },
  })
  expect(rules[4]?.other).toEqual(['l3mdev'])
  expect(rules[5]).toMatchObject({ table: 'main', suppressPrefix: 0, other: [] })
  expect(rules[6]).toMatchObject({ not: true, fwmark: { value: 0xca6c, mask: 0xffffffff }, table: '51820' })
})

test('neighbours, bridge ports and the forwarding database', () => {
  expect(valueOf(parseNeighbours(samples.neighbours))).toEqual([
    { address: '172.26.64.3', dev: 'nomad', mac: '3a:e1:94:cf:1a:51', state: ['REACHABLE'], flags: [] },
    { address: '10.77.0.9', dev: 'eth0', state: ['FAILED'], flags: [] },
    { address: '10.9.0.6', dev: 'br0', state: [], flags: ['proxy'] },
  ])
  expect(valueOf(parseBridgePorts(samples.ports))).toEqual([
    {
      index: 4,
      name: 'veth1',
      master: 'nomad',
      state: 'forwarding',
      hairpin: true,
      isolated: false,
      learning: true,
      flags: ['BROADCAST', 'UP'],
      mtu: 1500,
    },
  ])
  expect(valueOf(parseFdb(samples.fdb))).toEqual([
    { mac: '33:33:00:00:00:01', dev: 'eth0', state: 'permanent', flags: ['self'] },
    { mac: '0a:58:ac:1a:40:02', dev: 'veth1', master: 'nomad', state: '', flags: [] },
  ])
})

test('policies of IPsec, without those of single sockets', () => {
  expect(valueOf(parseXfrmPolicies(samples.xfrm))).toMatchObject([
    { src: '10.1.0.0/24', dir: 'fwd', priority: 100, block: false, wraps: true, proto: 'tcp', dport: 80, dev: 'eth0' },
    { dst: '10.55.0.9/32', dir: 'out', priority: 0, block: true, wraps: false },
  ])
  expect(parseXfrmPolicies('src 10.1.0.0/24 dst 10.2.0.0/24 \n')).toMatchObject({ ok: false })
  expect(parseXfrmPolicies('Object "xfrm" is unknown')).toMatchObject({ ok: false, line: 1 })
})

test('the nftables ruleset, base chains in the order they run', () => {
  const ruleset = valueOf(parseNftRuleset(samples.nft))
  expect(ruleset).toMatchObject({
    version: '1.0.6',
    tables: [{ name: 'filter' }, { family: 'inet', name: 'hardening' }],
    others: [],
  })
  const [hardening, filter] = baseChains(ruleset, 4, 'forward')
  expect(hardening).toMatchObject({ table: 'hardening', base: { prio: -5, policy: 'drop', type: 'filter' } })
  expect(filter).toMatchObject({ table: 'filter', name: 'FORWARD' })
  expect(baseChains(ruleset, 6, 'forward')).toHaveLength(1)
  expect(rulesOf(ruleset, hardening!)).toMatchObject([
    { n: 1, comment: 'replies', counted: false, opaque: [], text: 'ct state established,related accept' },
  ])
  expect(rulesOf(ruleset, filter!)).toMatchObject([
    { counted: true, opaque: ['comment'], text: 'xt match comment counter jump NOMAD-ADMIN' },
  ])
  expect(ruleset.rules[1]?.text).toBe('oifname "nomad" ip daddr != 172.26.64.0/20 counter accept')
  expect(ruleset.sets).toMatchObject([{ kind: 'set', name: 'lan', elem: [{ prefix: { addr: '10.0.0.0', len: 8 } }] }])
})

test('every short form of an nftables expression', () => {
  const rule = {
    family: 'ip',
    table: 't',
    chain: 'c',
    expr: [
      { match: { op: '==', left: { '&': [{ meta: { key: 'mark' } }, 8192] }, right: 8192 } },
      {
        match: {
          op: '==',
          left: { payload: { protocol: 'tcp', field: 'dport' } },
          right: { set: [22, { range: [80, 90] }] },
        },
      },
      {
        vmap: {
          key: { meta: { key: 'iifname' } },
          data: {
            set: [
              ['lo', { accept: null }],
              ['eth0', { jump: { target: 'lan' } }],
            ],
          },
        },
      },
      { mangle: { key: { meta: { key: 'mark' } }, value: 1 } },
      { limit: { rate: 5, per: 'minute' } },
      { reject: { type: 'icmpx', expr: 'admin-prohibited' } },
      { dnat: { addr: '10.0.0.1', port: 80 } },
      { redirect: { port: 1 } },
      { masquerade: null },
      { goto: { target: 'x' } },
      { reject: null },
    ],
  }
  expect(valueOf(parseNftRuleset(JSON.stringify({ nftables: [{ rule }] }))).rules[0]?.text).toBe(
    'meta mark & 0x00002000 == 0x00002000 tcp dport { 22, 80-90 } iifname vmap { "lo" : accept, "eth0" : jump lan } meta mark set 0x00000001 limit rate 5/minute reject with icmpx admin-prohibited dnat to 10.0.0.1:80 redirect to :1 masquerade goto x reject',
  )
})

test('incomplete JSON is not read', () => {
  for (const parse of [parseNftRuleset, parseLinks, parseFdb]) {
    expect(parse(samples.nft.slice(0, -3))).toEqual({ ok: false, why: 'the output is not complete JSON' })
    expect(parse('')).toMatchObject({ ok: false })
  }
  expect(parseLinks('[{"ifindex":1}]')).toEqual({ ok: false, why: 'entry 1: a device without index, name or MTU' })
  expect(parseNftRuleset('{"nftables":[{"rule":{"family":"ip"}}]}')).toMatchObject({ ok: false })
})

test('settings, also of a device with a dot in its name', () => {
  const sysctls = valueOf(parseSysctls(samples.sysctls))
  expect(Object.keys(sysctls)).toHaveLength(4)
  expect(sysctls['net.ipv4.ip_local_reserved_ports']).toBe('')
  expect(deviceKey(4, 'eth0.100', 'rp_filter')).toBe('net.ipv4.conf.eth0/100.rp_filter')
  expect(deviceSetting(sysctls, 4, 'eth0.100', 'rp_filter')).toBe('2')
  expect(numberSetting(sysctls, 'net.ipv4.ip_forward')).toBe(1)
  expect(numberSetting(sysctls, 'net.ipv4.tcp_rmem')).toBeUndefined()
  expect(parseSysctls('net.ipv4.ip_forward = 1\nhello\n')).toEqual({
    ok: false,
    why: 'not a line `key = value`',
    line: 2,
  })
})

test('tracked connections in both directions', () => {
  const [mapped, igmp, counted, offloaded] = valueOf(parseConntrack(samples.conntrack))
  expect(mapped).toEqual({
    family: 4,
    proto: 'tcp',
    protoNumber: 6,
    timeout: 119,
    state: 'TIME_WAIT',
    unreplied: false,
    assured: true,
    mark: 0,
    fields: { use: '1' },
    flags: [],
    original: { src: '10.77.195.12', dst: '10.77.195.11', sport: 36744, dport: 24264 },
    reply: { src: '172.26.64.2', dst: '10.77.195.12', sport: 8080, dport: 36744 },
  })
  expect(translatedTo(mapped!)).toEqual({ address: '172.26.64.2', port: 8080 })
  expect(translatedFrom(mapped!)).toBeUndefined()
  expect(igmp).toMatchObject({ proto: 'unknown', protoNumber: 2, unreplied: true })
  expect(translatedTo(igmp!)).toBeUndefined()
  expect(counted).toMatchObject({
    original: { packets: 1, bytes: 40 },
    reply: { packets: 0 },
    mark: 8192,
    fields: { zone: '5' },
  })
  expect(counted).not.toHaveProperty('family')
  expect(offloaded).toMatchObject({ family: 6, flags: ['OFFLOAD'] })
  expect(offloaded).not.toHaveProperty('timeout')
  expect(parseConntrack('tcp 6 119 ESTABLISHED src=1.1.1.1\n')).toMatchObject({ ok: false, line: 1 })
})
