import * as fc from 'fast-check'
import { pick } from './pick.ts'
import { kubeTables, managed } from './managed.ts'
import type { Name } from './site.ts'
import type { Mutation } from './world.ts'

// Several changes that make sense only together.

const ip = (ns: Name, line: string): Mutation => ({ kind: 'ip', ns, line })

/** A device on the hosts' network, beside the bridge. */
const onTop: fc.Arbitrary<readonly Mutation[]> = fc
  .tuple(
    fc.subarray(
      [
        ['a2', 'mac0', '10.99.0.30'],
        ['d1', 'mac0', '10.99.0.31'],
        ['b1', 'ipv0', '10.99.0.40'],
      ] as const,
      { minLength: 1 },
    ),
    fc.boolean(),
    fc.boolean(),
    pick('bridge', 'bridge', 'bridge', 'private', 'vepa'),
  )
  .map(([list, alone, linked, mode]) =>
    list.flatMap(([ns, device, address]) => [
      ...(mode === 'bridge' || device !== 'mac0' ? [] : [ip(ns, `link set ${device} type macvlan mode ${mode}`)]),
      ip(ns, `link set ${device} up`),
      ip(ns, `addr add ${address}/24 dev ${device}`),
      ip(ns, `addr add fd99::${address.slice(-2)}/64 dev ${device} nodad`),
      // Without an address of the link no question of IPv6 is asked for others.
      ...(linked ? [ip(ns, `addr add fe80::${address.slice(-2)}/64 dev ${device} nodad`)] : []),
      ...(alone ? [ip(ns, 'link set eth0 down'), ip(ns, `route replace default via 10.99.0.3 dev ${device}`)] : []),
    ]),
  )

const narrow: fc.Arbitrary<readonly Mutation[]> = fc
  .tuple(
    pick<readonly [Name, string]>(
      ['host', 'eth0'],
      ['host', 'nomad'],
      ['host', 'eth1'],
      ['host', 'vetha1'],
      ['client', 'eth0'],
      ['peer', 'eth0'],
      ['a1', 'eth0'],
      ['a2', 'eth0'],
    ),
    pick(1400, 1400, 1300),
    fc.integer({ min: 0, max: 4 }),
  )
  .map(([[ns, device], mtu, n]) =>
    n > 0
      ? [ip(ns, `link set ${device} mtu ${mtu}`)]
      : [
          ip('host', `route replace 10.99.0.3/32 dev eth0 mtu ${mtu}`),
          ip('client', `route replace 10.99.0.1/32 dev eth0 mtu ${mtu}`),
        ],
  )

/** A transparent proxy: its rule, the routes that make everything local, and its socket. */
const proxy: fc.Arbitrary<readonly Mutation[]> = fc
  .record({
    ns: pick<Name>('host', 'host', 'peer'),
    proto: pick<'tcp' | 'udp'>('tcp', 'tcp', 'udp'),
    match: pick('', '-i eth0', '-d 10.99.0.1/32', '-d 172.26.64.0/20', '-i nomad'),
    to: pick('--on-port 15001', '--on-port 15001 --on-ip 127.0.0.1', '--on-port 8080', '--on-port 15002'),
    transparent: pick(true, true, true, false),
    local: pick(true, true, true, false),
  })
  .map(({ ns, proto, match, to, transparent, local }) => [
    {
      kind: 'rule',
      ns,
      family: 4,
      table: 'mangle',
      chain: 'PREROUTING',
      at: 0,
      rule: [match, `-p ${proto} -j TPROXY ${to} --tproxy-mark 0x1/0x1`].filter(Boolean).join(' '),
    },
    ...(local
      ? [ip(ns, 'rule add fwmark 0x1/0x1 lookup 100 pref 999'), ip(ns, 'route replace local default dev lo table 100')]
      : []),
    { kind: 'listen', ns, proto, address: '0.0.0.0', port: 15001, ...(transparent ? { transparent } : {}) },
    { kind: 'listen', ns, proto, address: '127.0.0.1', port: 15001, ...(transparent ? { transparent } : {}) },
  ])

/** Connections of one device in a zone of their own, both ways or only one. */
const zones: fc.Arbitrary<readonly Mutation[]> = fc
  .record({ chains: pick(['PREROUTING', 'OUTPUT'], ['PREROUTING'], ['OUTPUT']), device: pick('', 'eth0', 'nomad') })
  .map(({ chains, device }) =>
    chains.map((chain) => ({
      kind: 'rule' as const,
      ns: 'host' as const,
      family: 4 as const,
      table: 'raw' as const,
      chain,
      at: 0,
      rule: `${device === '' ? '' : `${chain === 'OUTPUT' ? '-o' : '-i'} ${device} `}-j CT --zone 7`,
    })),
  )

/** A socket bound to a device beside one that is not. */
const bound: fc.Arbitrary<readonly Mutation[]> = fc
  .record({
    ns: pick<readonly [Name, string]>(
      ['host', 'eth0'],
      ['host', 'nomad'],
      ['a1', 'eth0'],
      ['client', 'eth1'],
      ['host', 'lo'],
    ),
    proto: pick<'tcp' | 'udp'>('tcp', 'udp'),
    address: pick('0.0.0.0', '::', '10.99.0.1', '172.26.64.2'),
    port: pick(8080, 8081, 9000, 25010),
  })
  .map(({ ns: [ns, device], ...one }) => [{ kind: 'listen', ns, device, ...one }])

/** `nft` and `iptables` say where rules may be written besides those of the generator. */
export const families = (native: boolean): fc.Arbitrary<readonly Mutation[]> =>
  fc.oneof(
    { weight: 3, arbitrary: onTop },
    { weight: 3, arbitrary: narrow },
    { weight: 1, arbitrary: bound },
    ...(native
      ? [{ weight: 6, arbitrary: managed }]
      : [
          { weight: 2, arbitrary: proxy },
          { weight: 2, arbitrary: zones },
          { weight: 2, arbitrary: kubeTables },
        ]),
  )
