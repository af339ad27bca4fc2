import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { change } from '../../../src/packet/change/index.ts'
import { walk, walkPast } from '../../../src/packet/walk/index.ts'
import type { Topology, Trace, Verdict } from '../../../src/packet/walk/index.ts'
import { site, type Site } from './site.ts'

const wanted = { proto: 'tcp', dst: '10.0.0.1', dport: 80 } as const
const door = 'PREROUTING -p tcp -m tcp --dport 80 -j DNAT --to-destination 172.20.0.2:8080'
const rules: readonly (readonly [where: 'client' | 'host' | 'a1', table: string, rule: string])[] = [
  ['client', 'mangle', 'OUTPUT -p tcp -j DROP'],
  ['client', 'filter', 'INPUT -p tcp -j DROP'],
  ['host', 'raw', 'PREROUTING -i eth0 -p tcp -j DROP'],
  ['host', 'mangle', 'PREROUTING -j DROP'],
  ['host', 'mangle', 'FORWARD -o br0 -j DROP'],
  ['host', 'filter', 'FORWARD -i br0 -j REJECT'],
  ['host', 'mangle', 'POSTROUTING -o br0 -j DROP'],
  ['a1', 'filter', 'INPUT -p tcp -m tcp --dport 8080 -j REJECT --reject-with tcp-reset'],
  ['a1', 'raw', 'OUTPUT -j DROP'],
]
const made = (chosen: typeof rules, but: Site = {}): Topology => {
  const own = (name: 'client' | 'host' | 'a1') => {
    const byTable = Object.groupBy(
      chosen.filter(([where]) => where === name),
      ([, table]) => table,
    )
    const iptables = Object.fromEntries(
      Object.entries(byTable).map(([table, all = []]) => [table, all.map((o) => o[2])]),
    )
    return { iptables: { ...iptables, ...(name === 'host' ? { nat: [door] } : {}) }, ...but[name] }
  }
  return site({ client: own('client'), host: own('host'), a1: own('a1') })
}
const placeOf = (verdict: Verdict | { readonly kind: 'returned' }): string | undefined =>
  'by' in verdict && verdict.by.by !== 'kernel'
    ? JSON.stringify([verdict.by.namespace, verdict.by.table, verdict.by.chain])
    : undefined
const from = (topology: Topology): readonly Trace[] => walk(topology, { namespace: 'client' }, wanted)
const past = (topology: Topology): Trace => walkPast(topology, { namespace: 'client' }, wanted)[0]!

/** What ends the packet or its answer, when each rule that does is taken away in turn. */
function peeled(topology: Topology): readonly string[] {
  const [trace] = from(topology)
  const end = [trace?.verdict, trace?.back?.verdict].find((one) => one && placeOf(one) !== undefined)
  if (!end || !('by' in end)) return []
  const { namespace, table = '', chain = '' } = end.by
  const after = change(topology.namespaces[namespace]!, ['iptables', '-t', table, '-D', chain, '1'])
  if (!('state' in after)) throw new Error(after.not)
  const namespaces = { ...topology.namespaces, [namespace]: after.state }
  return [placeOf(end)!, ...peeled({ ...topology, namespaces })]
}

test('what is met behind an end is what ends the packet once that is gone', () => {
  fc.assert(
    fc.property(fc.subarray([...rules]), (chosen) => {
      const topology = made(chosen)
      const { passed = [], back } = past(topology)
      const met = [...passed, ...(back?.passed ?? [])].map(({ verdict }) => placeOf(verdict)!)
      expect([...new Set(met)]).toEqual(peeled(topology))
    }),
    { numRuns: 300 },
  )
})

test('where nothing ends it, it is the walk', () => {
  const topology = made([])
  const [walked] = from(topology)
  const { passed, back, ...rest } = past(topology)
  expect([passed, back?.passed]).toEqual([[], []])
  const { passed: _, ...answer } = back!
  expect({ ...rest, back: answer }).toEqual(walked)
})

test('settings that end it are passed as well', () => {
  const settings = { 'net.ipv4.conf.eth0.forwarding': 0 }
  const found = past(made([], { host: { settings, iptables: { nat: [door], mangle: ['FORWARD -j DROP'] } } }))
  const ends = found.passed?.map(({ verdict }) => ('by' in verdict ? verdict.by.text : ''))
  expect(ends).toEqual(['net.ipv4.conf.eth0.forwarding = 0', '-A FORWARD -j DROP'])
})

test('what is not known ends it still, and nothing is made up for', () => {
  const opaque = {
    iptables: { nat: [door], mangle: ['PREROUTING -m geoip --source-country XX -j DROP', 'FORWARD -j DROP'] },
  }
  expect(past(made([], { host: opaque }))).toMatchObject({ passed: [], verdict: { kind: 'unknown' } })
  const untranslated = past(made([rules[2]!], { host: { iptables: { raw: ['PREROUTING -j DROP'] } } }))
  expect(untranslated).toMatchObject({ passed: [{ verdict: { kind: 'dropped' } }], verdict: { kind: 'refused' } })
  expect(untranslated.hops.map(({ does }) => does)).not.toContain('meant')
})
