import { expect, test } from 'vitest'
import { base, chain, drop, field, match, rule, set, table } from './nft-json.ts'
import { said, sent, site } from './site.ts'
import type { Machine } from './machine.ts'

// Nobody said who calls: the address of the packet stands for anybody who comes in by eth0 of the host.
const from = (host: Partial<Machine>, src = '10.0.0.12'): string =>
  said(sent(site({ host }), 'host', 'tcp 172.20.0.2:8080', { src, arrives: 'eth0', anyone: true }))
const answered = 'answered a1 10.0.0.12>172.20.0.2:8080'
const depends = (what: string, at = 'forward'): string =>
  `unknown host ${at}: it depends on who calls: outside:ADDRESS says whether ${what} is meant`

test.each<[rules: readonly string[], then: string]>([
  [['FORWARD -i eth0 ! -s 10.0.0.12/32 -j DROP'], depends('10.0.0.12/32')],
  [['FORWARD -i eth0 -s 10.0.0.12/32 -j ACCEPT', 'FORWARD -j DROP'], depends('10.0.0.12/32')],
  [['FORWARD -s 10.0.0.0/8 -j DROP'], depends('10.0.0.0/8')],
  [['FORWARD -m iprange --src-range 10.0.0.5-10.0.0.9 -j DROP'], depends('10.0.0.5-10.0.0.9')],
  [['FORWARD -m conntrack --ctorigsrc 10.0.0.9/32 -j DROP'], depends('10.0.0.9/32')],
  // The answer goes to whoever it was.
  [['FORWARD -o eth0 -d 10.0.0.9/32 -j DROP'], 'unknown a1 10.0.0.12>172.20.0.2:8080'],
  // Whoever it is comes neither from the bridge behind the host nor from the host itself.
  [
    [
      'FORWARD -i eth0 -s 172.20.0.0/24 -j DROP',
      'FORWARD -i eth0 -s 172.20.0.2/32 -j DROP',
      'FORWARD -s 10.0.0.1/32 -j DROP',
    ],
    answered,
  ],
  [['FORWARD -s 172.16.0.0/12 -j DROP'], depends('172.16.0.0/12')],
  [['FORWARD -p udp -s 10.0.0.0/8 -j DROP'], answered],
  [['FORWARD -s 10.0.0.0/8 -j LOG'], answered],
])('%j', (rules, then) => {
  const found = from({ iptables: { filter: rules } })
  expect(found).toBe(then)
})

test('rules and sets of nft ask for the caller too', () => {
  const nft = (...rules: readonly object[]): Partial<Machine> => ({
    nft: [table('fw'), set('friends', ['10.0.0.9']), chain('f', base('forward', 0)), ...rules],
  })
  expect(from(nft(rule('f', [match(field('ip', 'saddr'), '10.0.0.9', '!='), drop])))).toBe(depends('10.0.0.9'))
  expect(from(nft(rule('f', [match(field('ip', 'saddr'), '@friends'), drop])))).toBe(depends('10.0.0.9'))
  expect(from(nft(rule('f', [match(field('ip', 'saddr'), { range: ['10.0.0.3', '10.0.0.9'] }), drop])))).toBe(
    depends('10.0.0.3-10.0.0.9'),
  )
  expect(from(nft(rule('f', [match(field('ip', 'saddr'), '172.20.0.3'), drop])))).toBe(answered)
})

test('a caller who is named is asked about exactly', () => {
  const host = { iptables: { filter: ['FORWARD -i eth0 ! -s 10.0.0.12/32 -j DROP'] } }
  const named = { src: '10.0.0.12', arrives: 'eth0' }
  expect(said(sent(site({ host }), 'host', 'tcp 172.20.0.2:8080', named))).toBe(answered)
})
