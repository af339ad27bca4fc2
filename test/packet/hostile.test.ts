import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { parseBridgePorts, parseFdb } from '../../src/packet/bridge.ts'
import { parseConntrack } from '../../src/packet/conntrack.ts'
import { parseAddress, parseNetwork } from '../../src/packet/ipaddr.ts'
import { parseRoutes, parseRouteRules } from '../../src/packet/ip-route.ts'
import { parseLinks, parseNeighbours } from '../../src/packet/ip.ts'
import { parseIptablesSave } from '../../src/packet/iptables.ts'
import { parseNftRuleset } from '../../src/packet/nft.ts'
import type { Parsed } from '../../src/packet/parsed.ts'
import { parseListeners, parseSockets } from '../../src/packet/ss.ts'
import { parseSysctls } from '../../src/packet/sysctl.ts'
import { parseXfrmPolicies } from '../../src/packet/xfrm.ts'
import * as samples from './samples.ts'

const parsers: readonly (readonly [string, (text: string) => Parsed<unknown>, string])[] = [
  ['links', parseLinks, samples.links],
  ['routes', (text) => parseRoutes(text, 4), samples.routes],
  ['routing rules', parseRouteRules, samples.routeRules],
  ['neighbours', parseNeighbours, samples.neighbours],
  ['policies of IPsec', parseXfrmPolicies, samples.xfrm],
  ['bridge ports', parseBridgePorts, samples.ports],
  ['forwarding database', parseFdb, samples.fdb],
  ['iptables', parseIptablesSave, samples.save],
  ['nftables', parseNftRuleset, samples.nft],
  ['sockets', (text) => parseSockets(text, 'tcp'), samples.sockets],
  ['listeners', (text) => parseListeners(text, 'udp'), samples.sockets],
  ['settings', parseSysctls, samples.sysctls],
  ['tracked connections', parseConntrack, samples.conntrack],
]

const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty']

/** Real text with a piece cut out, replaced or doubled. */
const mutated = (sample: string): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.nat(sample.length),
      fc.nat(80),
      fc.oneof(
        fc.string({ unit: 'binary', maxLength: 12 }),
        fc.constantFrom(...names, '"', '\n', '-j', '! ', '/', '0x', '[', '{}', 'null', '-1', '1e999'),
      ),
      fc.boolean(),
    )
    .map(
      ([start, length, inserted, rest]) =>
        sample.slice(0, start) + inserted + (rest ? sample.slice(start + length) : ''),
    )

test.each(parsers)('%s: no text makes the parser throw', (_name, parse, sample) => {
  expect(parse(sample).ok).toBe(true)
  const check = (text: string): boolean => typeof parse(text).ok === 'boolean'
  fc.assert(fc.property(fc.string({ unit: 'binary' }), check), { numRuns: 200 })
  fc.assert(fc.property(fc.json(), check), { numRuns: 200 })
  fc.assert(fc.property(mutated(sample), check), { numRuns: 500 })
})

test('a save cut anywhere inside its tables is never taken for a whole one', () => {
  const end = samples.save.lastIndexOf('COMMIT')
  for (let length = samples.save.indexOf('*filter') + 1; length < end; length++) {
    const save = parseIptablesSave(samples.save.slice(0, length))
    const between = samples.save.slice(0, length).trimEnd().split('\n').at(-1)?.startsWith('#') === true
    if (!between) expect(save, `first ${length} characters`).toMatchObject({ ok: true, value: { complete: false } })
  }
})

test('deep nesting and long lines are read without harm', () => {
  const deep = '['.repeat(20_000) + ']'.repeat(20_000)
  for (const [, parse] of parsers) {
    expect(typeof parse(deep).ok).toBe('boolean')
    expect(
      typeof parse(`{"nftables":[{"rule":{"family":"ip","table":"t","chain":"c","expr":[{"x":${deep}}]}}]}`).ok,
    ).toBe('boolean')
    expect(typeof parse(`-A X ${'a '.repeat(100_000)}`).ok).toBe('boolean')
    expect(typeof parse(' '.repeat(200_000)).ok).toBe('boolean')
    expect(typeof parse(`LISTEN 0 0 ${':'.repeat(100_000)}`).ok).toBe('boolean')
  }
  const long = samples.forward([
    `-m comment --comment "${'\\"'.repeat(50_000)}" -j DROP`,
    `${'-m tcp '.repeat(20_000)}-j DROP`,
  ])
  expect(parseIptablesSave(long).ok).toBe(true)
})

test('no text makes an address parser throw', () => {
  fc.assert(
    fc.property(fc.oneof(fc.string(), mutated('::ffff:10.0.0.1/96')), (text) => {
      parseAddress(text)
      parseNetwork(text)
    }),
  )
})
