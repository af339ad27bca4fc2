import { describe, expect, test } from 'vitest'
import { asHeld, made } from '../../src/derive/derivation.ts'
import { shownByUdp } from '../../src/derive/ports/shown.ts'
import type { Seen } from '../../src/knowledge/fact.ts'
import { flowsDerivation } from '../../src/derive/path/flows.ts'
import { protocolDerivation } from '../../src/derive/path/protocol.ts'
import { inbound } from '../../src/knowledge/crossing-samples.ts'
import type { Listener } from '../../src/knowledge/shapes/packet.ts'
import { service } from '../../src/knowledge/samples.ts'
import type { Thing } from '../../src/knowledge/things.ts'

const path = (dials?: string): Thing => ({
  id: 'p',
  kind: 'path',
  about: 'path',
  names: dials === undefined ? {} : { dials },
  links: {},
  many: {},
})
const valueOf = (made: unknown): unknown =>
  typeof made === 'object' && made !== null && 'value' in made ? made.value : undefined

describe('the protocol of a path', () => {
  const mapped = { label: 'dns', hostIp: '10.0.0.1', hostPort: 25001, to: 5353, hostNetwork: 'default' }
  const port = { label: 'dns', number: null, mapped }
  const sockets = (...protos: readonly Listener['proto'][]): readonly Listener[] =>
    protos.map((proto) => ({ proto, address: '0.0.0.0', port: 5353, processes: [] }))
  const check = { name: '', type: 'tcp', path: '', port: '', addressMode: '', expose: false }
  const checked = service({ port: 'dns', checks: [check] })
  test.each<[string, unknown, Readonly<Record<string, unknown>>, string?]>([
    ['the sockets are UDP alone', 'udp', { 'target.alloc.listeners': sockets('udp') }],
    ['TCP is served, too', 'unsaid', { 'target.alloc.listeners': sockets('udp', 'tcp') }],
    ['nobody listens', 'unsaid', { 'target.alloc.listeners': [] }],
    ['the sockets are not known', 'unsaid', {}],
    ['a check makes TCP connections', 'tcp', { 'target.alloc.listeners': sockets('udp'), 'path.service': checked }],
    [
      'a check runs a script',
      'udp',
      {
        'target.alloc.listeners': sockets('udp'),
        'path.service': service({ port: 'dns', checks: [{ ...check, type: 'script' }] }),
      },
    ],
    ['the person says UDP', 'udp', { 'path.service': checked }, 'udp:10.0.0.1:25001'],
    ['the person says TCP', 'tcp', { 'target.alloc.listeners': sockets('udp') }, 'tcp:10.0.0.1:25001'],
  ])('where %s: %s', (_, is, known, dials) =>
    expect(valueOf(protocolDerivation.make({}, { 'path.port': port, ...known }, path(dials), {}))).toBe(is),
  )
})

describe('answered UDP flows', () => {
  const way = inbound()
  const entry = {
    proto: 'udp',
    original: { src: way.sources[0], dst: way.address, sport: 40125, dport: way.port },
    reply: { src: way.inside?.address, dst: way.sources[0], sport: way.inside?.port, dport: 40125 },
    unreplied: false,
  }
  const flows = (entries: unknown, protocol = 'udp'): unknown =>
    valueOf(
      flowsDerivation.make(
        { 'path.protocol': protocol, 'path.inbound.way': way },
        entries ? { 'target.node.conntrack': entries } : {},
        path(),
        {},
      ),
    )
  test('of the caller to the target are seen', () => {
    expect(flows([entry])).toMatchObject([{ outcome: 'answered', host: way.address, port: way.port }])
  })
  test.each<[string, object]>([
    ['nobody answered', { unreplied: true }],
    ['another caller', { original: { ...entry.original, src: '10.0.0.99' } }],
    ['another port', { original: { ...entry.original, dport: 1 } }],
    ['somebody else answers', { reply: { ...entry.reply, src: '172.26.64.99' } }],
    ['it is TCP', { proto: 'tcp' }],
  ])('%s: none', (_, changed) => expect(flows([{ ...entry, ...changed }])).toEqual([]))
  test('are none of a path by TCP, and not known where nobody looked', () => {
    expect(flows([entry], 'unsaid')).toEqual([])
    expect(flows(undefined)).toBeUndefined()
  })
})

test('a UDP socket is shown by the request that lists UDP sockets', () => {
  const seen = (request: string): Seen => ({ by: 'x', ask: request, request, excerpt: 'all', at: '' })
  const both = [seen('ss -H -ltnpe   on node c1'), seen('ss -H -lunpe   on node c1')]
  const held = asHeld('x', shownByUdp(made(1, 'port dns: 5353 is loopback')), both[0], both)
  expect(held).toMatchObject({ known: true, seen: { ...both[1], excerpt: 'port dns: 5353 is loopback' } })
  const none = asHeld('x', shownByUdp(made(1, 'own')), both[0], [both[0]!])
  expect(none).toMatchObject({ seen: { ...both[0], excerpt: 'own' } })
})
