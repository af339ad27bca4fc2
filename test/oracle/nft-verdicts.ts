import * as fc from 'fast-check'
import type { Family } from './nft-matches.ts'
import { pick } from './pick.ts'

// What a rule of nft does to a packet.

const vmaps = (family: Family, end: string): fc.Arbitrary<string> =>
  pick(
    `tcp dport vmap { 8080 : ${end}, 25001 : accept }`,
    `ct state vmap { established : accept, related : accept, invalid : ${end}, new : continue }`,
    `meta l4proto vmap { tcp : jump extra, udp : goto extra }`,
    family === 'ip6'
      ? `ip6 daddr vmap { fd00:a110::2 : ${end}, fd00:a110::3 : jump extra }`
      : `ip daddr vmap { 172.26.64.2 : ${end}, 172.26.64.3 : jump extra, 10.99.0.0/24 : return }`,
    `numgen inc mod 2 vmap { 0 : ${end}, 1 : jump extra }`,
    `jhash ${family === 'ip6' ? 'ip6' : 'ip'} saddr mod 2 vmap { 0 : ${end}, 1 : accept }`,
    `meta mark vmap { 0x1 : ${end}, 0x2000 : accept }`,
    `iifname . meta l4proto vmap { "eth0" . tcp : ${end}, "nomad" . udp : accept }`,
  )

const headers = (family: Family): readonly string[] => [
  ...(family === 'ip6' ? [] : ['ip ttl set 1', 'ip ttl set 2', 'ip dscp set 4', 'ip dscp set cs1']),
  ...(family === 'ip' ? [] : ['ip6 hoplimit set 1', 'ip6 dscp set cs1']),
]

export function verdict(family: Family, hook: string, type: string): fc.Arbitrary<string> {
  const marks = pick(
    'meta mark set 0x1',
    'meta mark set meta mark or 0x2000',
    'meta mark set meta mark & 0xfffffffe',
    'ct mark set 0x1',
    'ct mark set meta mark',
    'meta mark set ct mark',
    ...headers(family),
    'counter',
    'log prefix "x"',
  )
  const plain = pick('accept', 'accept', 'drop', 'return', 'jump extra', 'goto extra', 'counter drop', 'continue')
  if (type === 'nat') {
    const four = [
      'dnat to 172.26.64.2:8080',
      'dnat to 172.26.64.3',
      'dnat to :8080',
      'dnat to 10.99.0.3:8080',
      'dnat to tcp dport map { 25001 : 172.26.64.2, 25002 : 172.26.64.3 }',
      'dnat to ip daddr . tcp dport map { 10.99.0.1 . 25002 : 172.26.64.3 . 8080, 10.99.0.1 . 25001 : 172.26.64.2 . 8080 }',
      'redirect to :8080',
      'redirect',
    ]
    const six = ['dnat to [fd00:a110::2]:8080', 'dnat to fd00:a110::3', 'redirect to :8080', 'dnat to [fd99::3]:8080']
    const dnat =
      family === 'inet'
        ? four.map((text) =>
            text.startsWith('dnat to :') || text.startsWith('redirect') ? text : text.replace('dnat to', 'dnat ip to'),
          )
        : family === 'ip6'
          ? six
          : four
    const snat =
      family === 'ip6'
        ? ['masquerade', 'snat to fd99::1']
        : ['masquerade', 'snat to 10.99.0.1', 'masquerade', 'snat to 172.26.64.1'].map((text) =>
            family === 'inet' ? text.replace('snat to', 'snat ip to') : text,
          )
    const change = ['prerouting', 'output'].includes(hook)
      ? dnat
      : snat.filter((text) => hook === 'postrouting' || text !== 'masquerade')
    return fc.oneof(
      { weight: 5, arbitrary: pick(...change) },
      { weight: 2, arbitrary: marks },
      { weight: 2, arbitrary: pick('accept', 'return') },
    )
  }
  const reject =
    family === 'inet'
      ? [
          'reject',
          'reject with icmpx admin-prohibited',
          'reject with icmpx port-unreachable',
          'reject with icmpx host-unreachable',
          'reject with icmpx no-route',
          'meta l4proto tcp reject with tcp reset',
        ]
      : family === 'ip'
        ? [
            'reject',
            'reject with icmp host-prohibited',
            'reject with icmp admin-prohibited',
            'reject with icmp net-unreachable',
            'meta l4proto tcp reject with tcp reset',
          ]
        : [
            'reject',
            'reject with icmpv6 admin-prohibited',
            'reject with icmpv6 no-route',
            'meta l4proto tcp reject with tcp reset',
          ]
  return fc.oneof(
    { weight: 6, arbitrary: plain },
    { weight: 2, arbitrary: marks },
    ...(['input', 'forward', 'output'].includes(hook) ? [{ weight: 2, arbitrary: pick(...reject) }] : []),
    ...(['prerouting', 'output'].includes(hook) ? [{ weight: 1, arbitrary: fc.constant('notrack') }] : []),
    { weight: 1, arbitrary: vmaps(family, 'drop') },
  )
}
