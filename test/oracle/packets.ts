import * as fc from 'fast-check'
import { pick } from './pick.ts'
import type { Name } from './site.ts'
import type { Packet } from './world.ts'

const dports = [8080, 8080, 8080, 8081, 8082, 9000, 9001, 25001, 25001, 25002, 25003, 25010] as const
/** Host ports that lead somewhere, asked at the addresses that are their host's. */
const doors = [25001, 25001, 25001, 25002, 25003, 25010, 8080] as const

const targets4 = {
  host: ['10.99.0.1', '10.99.0.1', '10.98.0.1', '172.26.64.1', '172.17.0.1'],
  peer: ['10.99.0.2'],
  client: ['10.99.0.3', '10.98.0.3', '192.0.2.10', '192.0.2.10'],
  allocs: ['172.26.64.2', '172.26.64.2', '172.26.64.3', '172.17.0.2', '10.99.0.30', '10.99.0.31', '10.99.0.40'],
  nobody: ['10.99.0.77', '172.26.64.99', '192.0.2.99', '198.51.100.1', '127.0.0.2'],
} as const
const targets6 = {
  host: ['fd99::1', 'fd98::1', 'fd00:a110::1'],
  client: ['fd99::3', 'fd98::3'],
  allocs: ['fd00:a110::2', 'fd00:a110::3'],
  nobody: ['fd99::77', 'fd00:a110::99', '2001:db8::1'],
} as const

const own: Readonly<Record<4 | 6, Readonly<Partial<Record<Name, readonly string[]>>>>> = {
  4: {
    host: ['10.99.0.1', '10.98.0.1', '172.26.64.1', '127.0.0.1'],
    peer: ['10.99.0.2', '172.26.64.1'],
    client: ['10.99.0.3', '10.98.0.3', '192.0.2.10'],
    a1: ['172.26.64.2', '127.0.0.1'],
    a2: ['172.26.64.3'],
    b1: ['172.26.64.2'],
  },
  6: { host: ['fd99::1', 'fd00:a110::1'], client: ['fd99::3', 'fd98::3'], a1: ['fd00:a110::2'] },
}

const seldom = <T>(arbitrary: fc.Arbitrary<T>, of = 8): fc.Arbitrary<T | undefined> =>
  fc.oneof({ weight: of, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary })

const from4 = pick<Name>('client', 'client', 'client', 'host', 'host', 'host', 'peer', 'a1', 'a1', 'a2', 'b1', 'd1')
const from6 = pick<Name>('client', 'client', 'host', 'host', 'a1', 'a1', 'a2', 'peer')

function aimed(family: 4 | 6): fc.Arbitrary<{ readonly dst: string; readonly dport: number }> {
  const to = family === 4 ? targets4 : { ...targets6, peer: ['fd99::2'] as const }
  const loopback = family === 4 ? '127.0.0.1' : '::1'
  return fc.oneof(
    { weight: 8, arbitrary: fc.record({ dst: pick<string>(...to.host), dport: pick<number>(...doors) }) },
    { weight: 2, arbitrary: fc.record({ dst: pick<string>(...to.peer), dport: pick<number>(25001, 8080) }) },
    { weight: 3, arbitrary: fc.record({ dst: pick<string>(loopback), dport: pick<number>(...doors, 8082) }) },
    {
      weight: 5,
      arbitrary: fc.record({ dst: pick<string>(...to.allocs), dport: pick<number>(8080, 8080, 8081, 9000) }),
    },
    { weight: 3, arbitrary: fc.record({ dst: pick<string>(...to.client), dport: pick<number>(8080, 8080, 9000) }) },
    { weight: 2, arbitrary: fc.record({ dst: pick<string>(...to.nobody), dport: pick<number>(...dports) }) },
    {
      weight: 2,
      arbitrary: fc.record({
        dst: pick<string>(...to.host, ...to.allocs, ...to.client, ...to.peer),
        dport: pick<number>(...dports),
      }),
    },
  )
}

const packet = (family: 4 | 6): fc.Arbitrary<Packet> =>
  (family === 4 ? from4 : from6).chain((from) =>
    fc
      .record({
        proto: pick<'tcp' | 'udp'>('tcp', 'tcp', 'udp'),
        to: aimed(family),
        src: seldom(pick<string>(...(own[family][from] ?? [''])), 6),
        mark: seldom(pick(1, 2, 0x2000), 12),
        uid: seldom(pick(1000, 65534), 12),
        sport: fc.boolean(),
        size: seldom(pick(1300, 1310, 1400, 1402, 1404, 1406, 1500), 5),
        df: pick(true, true, false),
      })
      .map(({ proto, to, src, mark, uid, sport, size, df }) => ({
        from,
        proto,
        ...to,
        ...(src ? { src } : {}),
        ...(mark === undefined ? {} : { mark }),
        ...(uid === undefined ? {} : { uid }),
        ...(sport ? { sport } : {}),
        ...(size !== undefined && proto === 'udp' ? { size, df: df || family === 6 } : {}),
      })),
  )

export const packets = (share6: number): fc.Arbitrary<readonly Packet[]> =>
  fc.array(fc.oneof({ weight: 10, arbitrary: packet(4) }, { weight: share6, arbitrary: packet(6) }), {
    minLength: 1,
    maxLength: 20,
    size: 'max',
  })
