import { assert, nat, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { parseTcpdump } from '../../src/packet/tcpdump.ts'
import { valueOf } from './value.ts'

// What tcpdump 4.99.3 printed for a connection that a client machine translates to an allocation.
const any = `08:49:54.649212 lan   In  IP 10.30.0.9.59542 > 10.30.0.1.25000: Flags [S], seq 3825465330, win 64240, options [mss 1460,sackOK,TS val 2826529628 ecr 0,nop,wscale 10], length 0
08:49:54.649254 br0   Out IP 10.30.0.9.59542 > 172.30.0.2.8080: Flags [S], seq 3825465330, win 64240, options [mss 1460,sackOK,TS val 2826529628 ecr 0,nop,wscale 10], length 0
08:49:54.649277 lan   Out IP 10.30.0.1.25000 > 10.30.0.9.59542: Flags [S.], seq 3088697511, ack 3825465331, win 65160, options [mss 1460,sackOK,TS val 44067985 ecr 2826529628,nop,wscale 10], length 0
08:49:54.649700 br0   Out IP 10.30.0.9.59542 > 172.30.0.2.8080: Flags [P.], seq 1:80, ack 1, win 63, options [nop,nop,TS val 2826529629 ecr 44067985], length 79: HTTP: GET / HTTP/1.1
08:50:39.389191 lan   Out IP6 fd30::1.25000 > fd30::9.40730: Flags [R.], seq 0, ack 2978582778, win 0, length 0
08:50:39.399957 lan   In  IP 10.30.0.9.49361 > 10.30.0.1.25000: UDP, length 6
`

test('packets on any device: device, direction, both ends, flags', () => {
  const packets = valueOf(parseTcpdump(any))
  expect(
    packets.map(
      ({ device, direction, proto, src, sport, dst, dport, flags }) =>
        `${device} ${direction} ${proto} ${src} ${sport} ${dst} ${dport} ${flags}`,
    ),
  ).toEqual([
    'lan in tcp 10.30.0.9 59542 10.30.0.1 25000 S',
    'br0 out tcp 10.30.0.9 59542 172.30.0.2 8080 S',
    'lan out tcp 10.30.0.1 25000 10.30.0.9 59542 S.',
    'br0 out tcp 10.30.0.9 59542 172.30.0.2 8080 P.',
    'lan out tcp fd30::1 25000 fd30::9 40730 R.',
    'lan in udp 10.30.0.9 49361 10.30.0.1 25000 ',
  ])
})

test('where tcpdump names no device, none is known', () => {
  const one = '08:49:54.649213 IP 10.30.0.9.59542 > 10.30.0.1.25000: Flags [S], seq 1, win 64240, length 0\n'
  expect(valueOf(parseTcpdump(one))[0]).toMatchObject({ device: null, direction: null, dst: '10.30.0.1', flags: 'S' })
})

test.each<[what: string, text: string, line: number]>([
  ['cut in the middle', any.slice(0, 200), 2],
  [
    'another protocol',
    `${any}08:49:54.6 lan In  IP 10.30.0.9 > 10.30.0.1: ICMP echo request, id 1, seq 1, length 64\n`,
    7,
  ],
  ['a name where an address stands', '08:49:54.1 IP host.http > other.80: Flags [S], length 0\n', 1],
  ['noise', '\u0000\u0001\n', 1],
])('%s is not read', (_, text, line) => {
  expect(parseTcpdump(text)).toMatchObject({ ok: false, line })
})

test('nothing seen is an answer', () => expect(valueOf(parseTcpdump('\n'))).toEqual([]))

test('whatever is printed, it never throws', () => {
  assert(property(string({ unit: 'binary' }), (text) => typeof parseTcpdump(text).ok === 'boolean'))
  assert(
    property(nat(any.length), string({ maxLength: 3 }), (at, put) => {
      expect(typeof parseTcpdump(any.slice(0, at) + put + any.slice(at + 1)).ok).toBe('boolean')
    }),
  )
})
