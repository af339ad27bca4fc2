import { expect, test } from 'vitest'
import { divertedDerivation } from '../../src/derive/walk/diverted.ts'
import { inbound } from '../../src/knowledge/crossing-samples.ts'
import { record } from '../../src/knowledge/samples.ts'
import type { Thing } from '../../src/knowledge/things.ts'

// A rule of the caller's client may send its call elsewhere before it leaves; where it comes to the target, none does.

const path: Thing = {
  id: 'p',
  kind: 'path',
  about: 'path',
  names: { caller: 'x' },
  links: { 'source.node': 'node:n2', 'source.alloc': 'alloc:b1', 'target.node': 'node:n1', 'target.alloc': 'alloc:a1' },
  many: {},
}
const places = {
  c2: { kind: 'client', label: 'client c2', node: 'n2' },
  c1: { kind: 'client', label: 'client c1', node: 'n1' },
  b1: { kind: 'alloc', label: 'allocation b1', alloc: 'b1' },
  a1: { kind: 'alloc', label: 'allocation a1', alloc: 'a1' },
}
const before = { proto: 'tcp', src: '172.26.64.3', dst: '10.0.0.11', dport: 25001 }
const hop = (but: object = {}, dst = '10.0.0.99', dport = 9999) => ({
  namespace: 'c2',
  at: 'prerouting',
  by: 'iptables',
  table: 'nat',
  chain: 'PREROUTING',
  rule: 1,
  text: '-A PREROUTING -j DNAT',
  does: 'dnat',
  before,
  after: { ...before, dst, dport },
  ...but,
})
const lost = { kind: 'unknown', because: 'nobody was read', where: { namespace: 'c2', at: 'neighbour', by: 'kernel' } }
const trace = (verdict: object, hops: readonly { after: object }[] = [hop()]) => ({
  hops,
  verdict,
  tuple: hops.at(-1)?.after ?? before,
  chances: [],
})
const at = (kind: string, namespace: string) => ({ kind, namespace })
const walk = (traces: readonly object[], but: object = {}) => ({
  begins: 'source',
  dial: { host: '10.0.0.11', port: 25001, from: 'env SERVER of task web' },
  start: { namespace: 'b1' },
  wanted: { proto: 'tcp' },
  meant: ['a1', 'b1'],
  outcome: 'unknown',
  places,
  traces,
  ...but,
})
const facts = {
  'path.network': { topology: { namespaces: {}, joins: [] }, places },
  'path.attempts': [],
  'path.followed': true,
  'path.port': {
    label: 'http',
    number: null,
    mapped: { label: 'http', hostIp: '10.0.0.11', hostPort: 25001, to: 8080, hostNetwork: 'default' },
  },
  'path.inbound.way': inbound(),
  'path.registered': [],
  'target.alloc.record': record('a1'),
  'target.node.addresses': ['10.0.0.11'],
  'target.node.links': [],
}
const found = (one: object | undefined, but: object = {}, links: object = {}): unknown => {
  const known = { ...facts, ...(one ? { 'path.walks': [one] } : {}), ...but }
  const thing = { ...path, links: { ...path.links, ...links } }
  const made = divertedDerivation.make({}, known, thing, {}) as { value?: unknown; unknown?: unknown }
  return 'value' in made ? made.value : 'unknown'
}

test.each([
  ["the caller's client itself takes it", walk([trace(at('delivered', 'c2'))])],
  ['nobody takes it there', walk([trace(at('refused', 'c2'))])],
  ['it goes to a machine that was not read', walk([trace(lost)])],
  ['it is dropped on that way', walk([trace({ kind: 'dropped', by: {} })])],
  ['it goes to another port of the target', walk([trace(at('refused', 'c1'), [hop({}, '10.0.0.11', 9)])])],
  ['the caller is in the network of its client', walk([trace(lost, [hop({ at: 'output' })])])],
])('a rule sends the call elsewhere: %s', (_, one) => {
  expect(found(one)).toMatchObject({ place: 'client c2', chain: 'PREROUTING', rule: 1, answered: false })
})

test('a call that was measured to be answered may be passed on from there', () => {
  const attempt = { from: 'source', host: '10.0.0.11', port: 25001, outcome: 'connected', place: 'allocation b1' }
  expect(found(walk([trace(lost)]), { 'path.attempts': [attempt] })).toMatchObject({ answered: true })
})

const fine: readonly (readonly [string, object, object?])[] = [
  ['no rule changes the destination', walk([trace(lost, [])])],
  ['it comes to the target all the same', walk([trace(at('delivered', 'a1'))])],
  ["the caller's own sidecar takes it", walk([trace(at('delivered', 'b1'))])],
  ["it is sent to the target's address", walk([trace(lost, [hop({}, '10.0.0.11', 25001 + 1)])])],
  ["the rule is in the caller's own namespace", walk([trace(at('delivered', 'b1'), [hop({ namespace: 'b1' })])])],
  ["the rule is on the target's client", walk([trace(at('delivered', 'c1'), [hop({ namespace: 'c1' })])])],
  ["what is called is not the target's", walk([trace(lost)], { dial: { host: '10.0.0.200', port: 25001, from: '' } })],
  ["the port is not the target's", walk([trace(lost)], { dial: { host: '10.0.0.11', port: 80, from: '' } })],
  ['both are on one client', walk([trace(lost)]), { 'source.node': 'node:n1' }],
  ['the caller is on no client', walk([trace(lost)]), { 'source.node': null }],
]
test.each(fine.map(([name, one, links = {}]) => [name, one, links] as const))(
  'nothing is sent elsewhere where %s',
  (_, one, links) => {
    expect(found(one, {}, links)).toBeNull()
  },
)

const unread = { ...lost, where: { namespace: 'c2', at: 'prerouting', by: 'iptables' } }
const open: readonly (readonly [string, object | undefined, object?])[] = [
  ['there is no walk', undefined],
  ['a rule is not known', walk([trace(unread, [])])],
  ['rules decide by chance', walk([trace(lost), trace(at('delivered', 'a1'))])],
  ['the addresses of the target are not known', walk([trace(lost)]), { 'target.node.links': undefined }],
  ['not every address is known', walk([trace(lost, [])]), { 'path.followed': undefined }],
]
test.each(open.map(([name, one, but = {}]) => [name, one, but] as const))('it is not known where %s', (_, one, but) => {
  expect(found(one, but)).toBe('unknown')
})
