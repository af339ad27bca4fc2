import { expect, test } from 'vitest'
import { parseTcpdump } from '../../src/packet/tcpdump.ts'
import { lastSeen, seenAlong } from '../../src/way/seen.ts'
import { valueOf } from '../packet/value.ts'
import { twoClients } from './site.ts'
import { called } from './walks.ts'

const syn = (time: number, device: string, way: string, packet: string): string =>
  `08:49:5${time}.649212 ${device} ${way} IP ${packet}: Flags [S], seq 38, win 64240, length 0\n`
const packets = (text: string) => valueOf(parseTcpdump(text))
const web = packets(
  syn(1, 'eth0', 'Out', '172.26.64.7.40000 > 10.0.0.2.25000') +
    syn(2, 'eth0', 'Out', '172.26.64.7.40000 > 10.0.0.2.25000'),
)
const c2 = packets(
  syn(1, 'eth0', 'In', '10.0.0.1.40000 > 10.0.0.2.25000') +
    '08:49:51.7 eth0 Out IP 10.0.0.2.25000 > 10.0.0.1.40000: Flags [R.], seq 0, ack 1, win 0, length 0\n',
)
const capture = (watches: { namespace: string; packets: ReturnType<typeof packets> | null; why?: string }[]) => ({
  host: '10.0.0.2',
  port: 25000,
  outcome: 'timed-out' as const,
  watches,
})

const both = [
  { namespace: 'web', packets: web },
  { namespace: 'c2', packets: c2 },
]

test('packets of one place are counted by device and way; answers are told apart', () => {
  const seen = seenAlong(capture(both), called(twoClients()))
  expect(
    seen.map(({ place, packets: own }) => [
      place,
      own.map(
        ({ direction, device, packet, answers, count }) => `${direction} ${device} ${packet} ${answers} ${count}`,
      ),
    ]),
  ).toEqual([
    ['allocation web on c1', ['out eth0 172.26.64.7 -> 10.0.0.2:25000 false 2']],
    ['client c2', ['in eth0 10.0.0.1 -> 10.0.0.2:25000 false 1', 'out eth0 10.0.0.2:25000 -> 10.0.0.1 true 1']],
  ])
  expect(lastSeen(capture(both), called(twoClients()))).toEqual({
    at: 'client c2, in by eth0 as 10.0.0.1 -> 10.0.0.2:25000',
    certain: true,
  })
})

test('what was not watched says so, and is not where it was last seen', () => {
  const walk = called(twoClients())
  const half = capture([
    { namespace: 'web', packets: web },
    { namespace: 'c2', packets: null, why: 'denied' },
  ])
  const seen = seenAlong(half, walk)
  expect(seen[1]).toMatchObject({ packets: [], why: 'denied' })
  expect(lastSeen(half, walk)?.at).toMatch(/^allocation web on c1/)
  expect(lastSeen(capture([{ namespace: 'web', packets: [] }]), walk)?.at).toBeNull()
})

test('where the answer came nothing is said of where the packet was last seen', () => {
  for (const outcome of ['answered', 'connected', 'reset'] as const)
    expect(lastSeen({ ...capture(both), outcome }, called(twoClients()))).toBeUndefined()
})

const busy = (...more: readonly string[]) =>
  capture([
    { namespace: 'web', packets: web },
    { namespace: 'c2', packets: [...c2, ...packets(more.join(''))] },
    { namespace: 'api', packets: packets(syn(1, 'eth0', 'Out', '172.26.64.9.42000 > 10.0.0.2.25000')) },
  ])

test('others who call the target at the same time are told by the port they call from', () => {
  // The target calls itself, and another machine calls it, too.
  const other = syn(1, 'eth0', 'In', '10.0.0.1.41000 > 10.0.0.2.25000')
  expect(lastSeen(busy(other), called(twoClients()))).toEqual({
    at: 'client c2, in by eth0 as 10.0.0.1 -> 10.0.0.2:25000',
    certain: true,
  })
})

test('what somebody else sends from the address that the caller has elsewhere is not shown with its packets', () => {
  const probe = syn(1, 'eth0', 'Out', '172.26.64.7.42000 > 10.0.0.2.25000')
  const answer = '08:49:51.7 eth0 In IP 10.0.0.2.25000 > 172.26.64.7.42000: Flags [S.], seq 0, ack 1, win 0, length 0\n'
  const moved = syn(1, 'eth0', 'In', '10.0.0.1.1024 > 10.0.0.2.25000')
  const seen = seenAlong(
    capture([
      { namespace: 'web', packets: web },
      { namespace: 'c2', packets: packets(probe + answer + moved) },
    ]),
    called(twoClients()),
  )
  // The port of ours may have been changed on the way: the addresses tell it, then.
  expect(seen[1]?.packets.map(({ packet }) => packet)).toEqual(['10.0.0.1 -> 10.0.0.2:25000'])
})

test('several connections of the caller itself, or another port on the way, leave it uncertain', () => {
  const twice = packets(syn(1, 'eth0', 'Out', '172.26.64.7.40001 > 10.0.0.2.25000'))
  const own = capture([{ namespace: 'web', packets: [...web, ...twice] }])
  expect(lastSeen(own, called(twoClients()))).toMatchObject({ certain: false })
  const moved = packets(syn(1, 'eth0', 'In', '10.0.0.1.1024 > 10.0.0.2.25000'))
  const half = capture([
    { namespace: 'web', packets: web },
    { namespace: 'c2', packets: moved },
  ])
  expect(lastSeen(half, called(twoClients()))).toEqual({
    at: 'client c2, in by eth0 as 10.0.0.1 -> 10.0.0.2:25000',
    certain: false,
  })
})
