import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { namespaceFrom, walk } from '../../../src/packet/walk/index.ts'
import type { NamespaceState, Trace } from '../../../src/packet/walk/index.ts'
import { repliesOf, type Machine } from './machine.ts'
import { plain, site } from './site.ts'

// Whatever a machine replies, or refuses to: never a throw, and never a verdict that the replies do not bear out.

const host: Machine = {
  ...plain.host,
  iptables: {
    raw: ['PREROUTING -s 10.99.0.0/16 -j DROP'],
    nat: [
      ':DOORS -',
      'PREROUTING -m addrtype --dst-type LOCAL -j DOORS',
      'DOORS -p tcp -m multiport --dports 80,81 -m comment --comment "a \\"door\\"" -j DNAT --to-destination 172.20.0.2:8080',
      'POSTROUTING -o br0 -j MASQUERADE',
    ],
    filter: [
      ':FORWARD DROP',
      'FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
      'FORWARD -i eth0 -o br0 -j ACCEPT',
    ],
  },
  nft: [
    { table: { family: 'inet', name: 'fw' } },
    { chain: { family: 'inet', table: 'fw', name: 'in', hook: 'forward', prio: 10, type: 'filter', policy: 'accept' } },
    {
      rule: {
        family: 'inet',
        table: 'fw',
        chain: 'in',
        expr: [
          { match: { op: '==', left: { payload: { protocol: 'ip', field: 'saddr' } }, right: '10.0.0.77' } },
          { drop: null },
        ],
      },
    },
  ],
}
const replies = repliesOf(host)
const commands = Object.keys(replies)

const topology = site()
const sent = (state: NamespaceState): readonly Trace[] =>
  walk(
    { ...topology, namespaces: { ...topology.namespaces, host: state } },
    { namespace: 'client' },
    { proto: 'tcp', dst: '10.0.0.1', dport: 80 },
  )
const state = namespaceFrom(replies)
/** The state without what one command tells, and what it tells now. */
function pieceOf(name: string, text: string): Partial<NamespaceState> {
  const piece = Object.keys(namespaceFrom({ [name]: replies[name] ?? '' })).find((key) => key !== 'unread') ?? ''
  return { [piece]: undefined, ...namespaceFrom({ [name]: text }) }
}
const [whole] = sent(state)
const sure = ({ verdict, tuple, back }: Trace): string => JSON.stringify([verdict, tuple, back?.verdict])

/** Open, with its place and reason named. */
const open = ({ verdict, back }: Trace): boolean =>
  [verdict, back?.verdict].some((one) => one?.kind === 'unknown' && one.because !== '' && one.where.namespace !== '')

const openOrSame = (traces: readonly Trace[]): boolean =>
  traces.length > 0 && traces.every((trace) => open(trace) || (whole && sure(trace) === sure(whole)))

test('the whole replies decide', () => {
  expect(whole?.verdict).toMatchObject({ kind: 'delivered', namespace: 'a1' })
  expect(whole?.tuple).toMatchObject({ src: '172.20.0.1', dst: '172.20.0.2', dport: 8080 })
})

// These have an end that can be missed; a list of lines without one cannot tell that it is short.
const ended = commands.filter((name) => /^(ip|bridge|nft|iptables-save) /.test(name))

test.each(ended)(
  '%s, cut at any byte',
  (name) => {
    const text = replies[name] ?? ''
    // Between two tables a save looks like a whole one with fewer tables.
    const between = (cut: string): boolean => name.startsWith('iptables') && /(^|\n# Completed on [^\n]*\n*)$/.test(cut)
    for (let length = 0; length < text.length; length++) {
      const cut = text.slice(0, length)
      if (between(cut)) continue
      const traces = sent({ ...state, ...pieceOf(name, cut) })
      expect(openOrSame(traces), `the first ${length} bytes`).toBe(true)
    }
  },
  120_000,
)

test('what was refused is unknown where it matters', () => {
  fc.assert(
    fc.property(fc.subarray(commands), (kept) =>
      openOrSame(sent(namespaceFrom(Object.fromEntries(kept.map((name) => [name, replies[name] ?? '']))))),
    ),
    { numRuns: 200 },
  )
})

test('noise instead of a reply is no reply', () => {
  fc.assert(
    fc.property(fc.constantFrom(...ended), fc.string({ unit: 'binary', minLength: 1 }), (name, noise) =>
      openOrSame(sent(namespaceFrom({ ...replies, [name]: `\u0000${noise}` }))),
    ),
    { numRuns: 200 },
  )
})

const kinds = ['delivered', 'refused', 'rejected', 'dropped', 'unreachable', 'looped', 'unknown']
const shaped = (traces: readonly Trace[]): boolean =>
  traces.length > 0 && traces.every(({ verdict }) => kinds.includes(verdict.kind))

test('no damage to a reply makes the walk throw', () => {
  const odd = ['__proto__', 'constructor', '"', '\n', '-j', '! ', '/', '[', '{}', 'null', '-1', '1e999', '%']
  fc.assert(
    fc.property(
      fc.constantFrom(...commands),
      fc.nat(5000),
      fc.nat(60),
      fc.oneof(fc.constantFrom(...odd), fc.string({ unit: 'binary', maxLength: 8 })),
      (name, at, length, put) => {
        const text = replies[name] ?? ''
        const start = at % (text.length + 1)
        return shaped(
          sent(namespaceFrom({ ...replies, [name]: text.slice(0, start) + put + text.slice(start + length) })),
        )
      },
    ),
    { numRuns: 600 },
  )
})

test('no expression of nftables makes the walk throw', () => {
  const words = [
    'match',
    'vmap',
    'dnat',
    'map',
    'payload',
    'meta',
    'ct',
    'fib',
    'set',
    'jump',
    'reject',
    'tproxy',
    'numgen',
  ]
  const value = fc.letrec<{ any: unknown }>((tie) => ({
    any: fc.oneof(
      { maxDepth: 4 },
      fc.constantFrom<unknown>(null, 0, -1, 1e21, '', '10.0.0.1', '@x', 'tcp', 'dport', '*', true),
      fc.array(tie('any'), { maxLength: 3 }),
      fc.dictionary(
        fc.constantFrom(...words, 'left', 'right', 'op', 'key', 'data', 'addr', 'port', 'field', 'protocol', 'range'),
        tie('any'),
        { maxKeys: 3 },
      ),
    ),
  })).any
  fc.assert(
    fc.property(fc.array(fc.dictionary(fc.constantFrom(...words), value, { minKeys: 1, maxKeys: 1 })), (expr) => {
      const rule = { rule: { family: 'inet', table: 'fw', chain: 'in', expr } }
      const nftables = [...(host.nft ?? []), rule]
      return shaped(sent(namespaceFrom({ ...replies, 'nft -j list ruleset': JSON.stringify({ nftables }) })))
    }),
    { numRuns: 400 },
  )
})

const ruled = (filter: readonly string[]): readonly Trace[] =>
  sent(namespaceFrom(repliesOf({ ...host, iptables: { ...host.iptables, filter } })))

test('a match or target nobody models is unknown, and named', () => {
  const name = fc.constantFrom('recent', 'string', 'quota', 'geoip', 'tls', 'mac-of-nobody')
  fc.assert(
    fc.property(name, fc.constantFrom('DROP', 'ACCEPT', 'REJECT'), (module, target) => {
      const [trace] = ruled([`FORWARD -m ${module} --some "thing -j ACCEPT" -j ${target}`, ':FORWARD DROP'])
      expect(trace?.verdict).toMatchObject({ kind: 'unknown', where: { table: 'filter', chain: 'FORWARD', rule: 1 } })
    }),
    { numRuns: 50 },
  )
  const [target] = ruled(['FORWARD -i eth0 -j WONDER --how much'])
  expect(target?.verdict).toMatchObject({ kind: 'unknown', where: { chain: 'FORWARD', rule: 1 } })
  const [aside] = ruled(['FORWARD -i eth7 -m geoip --from here -j DROP'])
  expect(aside?.verdict).toMatchObject({ kind: 'delivered' })
})

test('jumps in a circle are unknown, and named', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5 }), fc.boolean(), (length, how) => {
      const chains = Array.from({ length }, (_, n) => `C${n}`)
      const rules = chains.map((name, n) => `${name} ${how ? '-j' : '-g'} ${chains[(n + 1) % length]}`)
      const [trace] = ruled([...chains.map((name) => `:${name} -`), 'FORWARD -j C0', ...rules])
      expect(trace?.verdict).toMatchObject({ kind: 'unknown', where: { table: 'filter' } })
    }),
    { numRuns: 30 },
  )
})

test('two backends at once: both count, and the one that was not read is unknown', () => {
  const warned = `# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n${replies['iptables-save -c']}`
  const [blind] = sent(namespaceFrom({ ...replies, 'iptables-save -c': warned }))
  expect(blind?.verdict).toMatchObject({ kind: 'unknown', where: { by: 'iptables-legacy' } })
  const legacy = repliesOf({ ...host, legacy: { filter: [':FORWARD DROP'] } })['iptables-legacy-save -c'] ?? ''
  const [both] = sent(namespaceFrom({ ...replies, 'iptables-save -c': warned, 'iptables-legacy-save -c': legacy }))
  expect(both?.verdict).toMatchObject({ kind: 'dropped', by: { by: 'iptables-legacy', chain: 'FORWARD' } })
})
