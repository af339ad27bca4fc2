import * as fc from 'fast-check'
import { address, match } from './nft-matches.ts'
import type { Family } from './nft-matches.ts'
import { verdict } from './nft-verdicts.ts'
import { pick } from './pick.ts'
import { ruledBy } from './rules.ts'
import type { Name } from './site.ts'
import type { Mutation } from './world.ts'

// Tables as nft takes them, beside those of iptables or alone.

const priorities: Readonly<Record<string, readonly number[]>> = {
  filter: [-310, -300, -160, -150, -10, 0, 10, 10, 55],
  nat: [-110, -90, 90, 110],
}

const base: fc.Arbitrary<readonly [type: string, hook: string, priority: number]> = fc.oneof(
  {
    weight: 5,
    arbitrary: fc.tuple(
      fc.constant('filter'),
      pick('prerouting', 'input', 'forward', 'forward', 'forward', 'output', 'postrouting'),
      pick(...priorities['filter']!),
    ),
  },
  {
    weight: 3,
    arbitrary: fc
      .tuple(
        fc.constant('nat'),
        pick('prerouting', 'prerouting', 'output', 'postrouting', 'postrouting', 'input'),
        pick(-1, 1),
      )
      .map(
        ([type, hook, side]) =>
          [type, hook, ['prerouting', 'output'].includes(hook) ? -100 + side * 10 : 100 + side * 10] as const,
      ),
  },
  { weight: 1, arbitrary: fc.constant(['route', 'output', -155] as const) },
)

const namedSets = [
  '  set friends { type ipv4_addr; flags interval; elements = { 10.99.0.2-10.99.0.3, 172.26.64.0/24 }; }',
  '  set doors { type inet_service; elements = { 8080, 25001, 25002 }; }',
]

const table = (share6: number): fc.Arbitrary<string> =>
  fc
    .tuple(
      fc.oneof(
        { weight: 10, arbitrary: pick<Family>('ip', 'inet', 'inet') },
        { weight: share6, arbitrary: fc.constant<Family>('ip6') },
      ),
      base,
      fc.nat(9999),
      // nft 1.0.6 prints the flags so that nobody can read them: not too many.
      fc.oneof(
        { weight: 40, arbitrary: fc.constant<string[]>([]) },
        { weight: 1, arbitrary: fc.constant(['  flags dormant']) },
      ),
    )
    .chain(([family, [type, hook, priority], n, flags]) => {
      const rule = fc
        .tuple(fc.array(match(family, hook), { maxLength: 3 }), verdict(family, hook, type))
        .map(([list, end]) => `    ${fitting(list, end).join(' ')}`)
      return fc
        .tuple(
          fc.array(rule, { minLength: 1, maxLength: 4 }),
          fc.array(
            fc
              .tuple(
                fc.array(match(family, hook), { maxLength: 2 }),
                pick('accept', 'return', 'counter', 'meta mark set 0x1', ...(type === 'nat' ? [] : ['drop'])),
              )
              .map(([list, end]) => `    ${fitting(list, end).join(' ')}`),
            { maxLength: 2 },
          ),
          type === 'nat' ? fc.constant('accept') : pick('accept', 'accept', 'accept', 'drop'),
        )
        .map(([rules, extra, policy]) =>
          [
            `table ${family} t${n} {`,
            ...flags,
            ...namedSets,
            '  chain extra {',
            ...extra,
            '  }',
            '  chain base {',
            `    type ${type} hook ${hook} priority ${priority}; policy ${policy};`,
            ...rules,
            '  }',
            '}',
          ].join('\n'),
        )
    })

const l4 = (text: string): boolean => /(^| )(tcp|udp|th|l4proto|icmp)( |$)/.test(text)
const l3 = (text: string): boolean => /(^| )(ip6?|nfproto)( |$)/.test(text)

/** What nft 1.0.6 leaves out where it lists a rule that resets: nobody can read it there. */
const unprinted = (text: string): boolean => text.startsWith('meta nfproto ')

/** A port needs its protocol and two matches must not contradict each other in a way nft refuses. */
function fitting(list: readonly string[], end: string): readonly string[] {
  const kept: string[] = []
  for (const text of list)
    if (
      !(unprinted(text) && end.endsWith('reject with tcp reset')) &&
      !(l4(text) && (kept.some(l4) || l4(end))) &&
      !(l3(text) && (kept.some((one) => l3(one) && one.split(' ')[0] !== text.split(' ')[0]) || l3(end)))
    )
      kept.push(text)
  const port = /(dnat|redirect).*:\d/.test(end)
  // A port may be given only to protocols that have ports.
  if (port) kept.splice(0, kept.length, ...kept.filter((text) => !/^meta l4proto (!= udp|icmp)$/.test(text)))
  const ported = port && !kept.some(l4) && !l4(end)
  return [...kept, ...(ported ? ['meta l4proto tcp'] : []), end]
}

/** Rules on the frames of a device, before every hook of the others, or on those of the bridge. */
const frames: fc.Arbitrary<readonly Mutation[]> = fc
  .tuple(
    pick<readonly [Name, string]>(
      ['host', 'eth0'],
      ['host', 'eth0'],
      ['host', 'vetha1'],
      ['client', 'eth0'],
      ['a1', 'eth0'],
    ),
    pick('netdev', 'netdev', 'inet', 'bridge'),
    pick('prerouting', 'input', 'forward', 'output', 'postrouting'),
    fc.nat(9999),
    fc.array(
      fc.tuple(
        fc.oneof(
          address('inet', 'saddr'),
          address('inet', 'daddr'),
          pick(...['25001', '8080', '9000'].flatMap((port) => [`tcp dport ${port}`, `udp dport ${port}`])),
        ),
        pick('accept', 'accept', 'drop', 'counter', 'return'),
      ),
      { minLength: 1, maxLength: 3 },
    ),
  )
  .map(([[ns, device], family, bridged, n, rules]) => [
    {
      kind: 'nft',
      ns,
      text: [
        `table ${family} f${n} {`,
        ...namedSets,
        '  chain frames {',
        `    type filter hook ${family === 'bridge' ? bridged : `ingress device "${device}"`} priority 0; policy accept;`,
        ...rules.map(([match, end]) => `    ${match} ${end}`),
        '  }',
        '}',
      ].join('\n'),
    },
  ])

export const nftMutations = (share6: number): fc.Arbitrary<readonly Mutation[]> =>
  fc.oneof(
    {
      weight: 14,
      arbitrary: fc.tuple(ruledBy, table(share6)).map(([ns, text]) => [{ kind: 'nft' as const, ns, text }]),
    },
    { weight: 1, arbitrary: frames },
  )
