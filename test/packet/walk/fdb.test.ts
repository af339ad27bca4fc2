import { expect, test } from 'vitest'
import { namespaceFrom, type Topology } from '../../../src/packet/walk/index.ts'
import { machine, repliesOf } from './machine.ts'
import { plain, said, sent, site } from './site.ts'

const macs = { a1: '02:00:00:00:00:01', a2: '02:00:00:00:00:02' } as const
type Flags = Readonly<Record<string, boolean>>
type Entry = Readonly<Record<string, unknown>>

/** The site with the database of its bridge, and flags of the ports v1 and v2. */
function bridged(ports: Readonly<Record<string, Flags>>, fdb?: readonly Entry[]): Topology {
  const topology = site({ client: { routes: ['172.20.0.0/24 via 10.0.0.1 dev eth0'] } })
  const replies = repliesOf(plain.host)
  const link = 'bridge -j -d link show'
  const printed = JSON.parse(replies[link] ?? '') as readonly Readonly<Record<string, unknown>>[]
  const host = namespaceFrom({
    ...replies,
    [link]: JSON.stringify(printed.map((one) => ({ ...one, ...ports[String(one['ifname'])] }))),
    ...(fdb ? { 'bridge -j fdb show': JSON.stringify(fdb) } : {}),
  })
  const own = (name: 'a1' | 'a2') =>
    machine({ ...plain[name], devices: plain[name].devices.map((one) => ({ ...one, mac: macs[name] })) })
  return { ...topology, namespaces: { ...topology.namespaces, host, a1: own('a1'), a2: own('a2') } }
}
const entry = (mac: string, ifname: string, state: string, more: Entry = {}): Entry => ({
  mac,
  ifname,
  flags: [],
  master: 'br0',
  state,
  ...more,
})

const arrives = 'answered a1 10.0.0.9>172.20.0.2:8080'
const deaf = { flood: false, learning: false }
test.each<[what: string, ports: Flags, fdb: readonly Entry[] | undefined, then: string]>([
  ['nothing is known but the flags', {}, undefined, arrives],
  ['nothing is in it', {}, [], arrives],
  ['it is learned there', deaf, [entry(macs.a1, 'v1', '')], arrives],
  ['an entry of the port itself names it', deaf, [entry(macs.a1, 'v1', 'static')], arrives],
  ['the port neither learns nor floods', deaf, [], 'silent host bridge: the bridge does not know that'],
  ['the same, and it was not read', deaf, undefined, 'unknown host bridge: whether the bridge knows'],
  ['the port does not flood', { flood: false }, [], 'unknown host bridge: the bridge sends frames for'],
  ['the port does not learn', { learning: false }, [], arrives],
  [
    'a static entry leads elsewhere',
    {},
    [entry(macs.a1, 'v2', 'static')],
    'unknown host bridge: the bridge sends frames',
  ],
  [
    'a sticky one does',
    {},
    [entry(macs.a1, 'v2', 'static', { flags: ['sticky'] })],
    `silent host bridge: the bridge sends frames for ${macs.a1} to v2, not to v1`,
  ],
  [
    'one does where the port does not learn',
    { learning: false },
    [entry(macs.a1, 'v2', 'static')],
    'silent host bridge',
  ],
  [
    'an entry of the device itself does not count',
    {},
    [{ mac: macs.a1, ifname: 'v2', flags: ['self'], state: 'permanent' }],
    arrives,
  ],
  ['what was learned elsewhere is learned again', {}, [entry(macs.a1, 'v2', '')], arrives],
])('the forwarding database of a bridge: %s', (_, ports, fdb, then) => {
  const topology = bridged({ v1: ports }, fdb)
  expect(said(sent(topology, 'client', 'tcp 172.20.0.2:8080'))).toContain(then)
})

test('whoever asked was heard on its port, and is answered there', () => {
  expect(said(sent(bridged({ v2: { flood: false } }, []), 'a2', 'tcp 172.20.0.2:8080'))).toBe(
    'answered a1 172.20.0.3>172.20.0.2:8080',
  )
})

test('an answer to a question does not come back by a port that neither learns nor floods', () => {
  const trace = sent(bridged({ v2: deaf }, []), 'a2', 'tcp 172.20.0.2:8080')
  expect(trace.verdict).toMatchObject({ kind: 'unknown', because: expect.stringContaining('comes back by v2 of') })
})

test('a question to all does not get to a port that takes none of other ports', () => {
  const topology = bridged({ v1: { bcast_flood: false } })
  expect(said(sent(topology, 'a2', 'tcp 172.20.0.2:8080'))).toContain('does not send questions to v1')
  expect(said(sent(topology, 'host', 'tcp 172.20.0.2:8080'))).toContain('answered a1')
})
