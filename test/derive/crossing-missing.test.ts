import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { inbound, outbound } from '../../src/knowledge/crossing-samples.ts'
import type { FactKey } from '../../src/knowledge/facts.ts'
import type { Machine } from '../packet/walk/machine.ts'
import { client, cniFilter, cniNat, derived, kernel, without } from './client.ts'

const pieces = ['links', 'routes4', 'rules4', 'iptables4', 'nft', 'tcp', 'sysctls'] as const
const facts: readonly FactKey[] = [
  'path.inbound.translation',
  'path.inbound.input',
  'path.forward',
  'path.untranslated',
  'path.forwarding-off',
  'path.loopback-off',
  'path.reverse-path',
]
const ways = [
  inbound(),
  inbound({ sources: ['10.0.0.12', '203.0.113.77'] }),
  inbound({ in: '', sources: ['127.0.0.1'], address: '127.0.0.1' }),
  inbound({ mode: 'host', out: '', inside: null, port: 22 }),
  inbound({ mode: 'host', inside: { address: '172.26.64.2', port: 8080 } }),
  outbound({ sources: ['172.26.64.2'], address: '10.0.0.12' }),
]
const spoilt = fc
  .record({
    filter: fc.subarray([...cniFilter]),
    nat: fc.subarray([...cniNat]),
    raw: fc.subarray(['PREROUTING -j CT --notrack', 'PREROUTING -m geoip --source-country XX -j DROP']),
    off: fc.subarray(['eth0.forwarding', 'nomad.forwarding', 'eth0.rp_filter', 'nomad.route_localnet']),
    routes: fc.subarray(['default via 10.0.0.1 dev eth0', '10.0.0.12/32 dev nomad', '172.26.64.2/32 dev eth0']),
  })
  .map(({ filter, nat, raw, off, routes }): Partial<Machine> => {
    const values = off.map((key) => [`net.ipv4.conf.${key}`, key.endsWith('rp_filter') ? 1 : 0])
    const settings = { 'net.ipv4.conf.nomad.route_localnet': 1, ...(Object.fromEntries(values) as object) }
    return { iptables: { filter, nat, raw }, settings, routes }
  })

test('a reply more settles what was not known, and never changes what was', () => {
  fc.assert(
    fc.property(spoilt, fc.constantFrom(...ways), fc.subarray([...pieces]), (but, way, missing) => {
      const given = {
        'path.inbound.way': way.side === 'target' ? way : null,
        'path.outbound.way': way.side === 'source' ? way : null,
        'target.node.reverse-path-drops': 3,
      }
      const whole = client('target', kernel(but))
      const less = without(but, ...missing)
      const of = (told: typeof whole): typeof whole =>
        way.side === 'target'
          ? told
          : Object.fromEntries(Object.entries(told).map(([need, one]) => [need.replace('target.', 'source.'), one]))
      for (const fact of facts) {
        const [all, some] = [derived(fact, { ...given, ...of(whole) }), derived(fact, { ...given, ...of(less) })]
        if (some?.known) expect({ fact, some: some.value }).toEqual({ fact, some: all?.known ? all.value : all })
      }
    }),
    { numRuns: 300 },
  )
})
