import { expect, test } from 'vitest'
import { match, field, set, forward, drop } from './nft-json.ts'
import { said, sent, site, ways } from './site.ts'

// Sets that rules change on the way, and others ask.

const client = { routes: ['172.20.0.0/24 via 10.0.0.1 dev eth0'] }
const to = 'tcp 172.20.0.2:8080'

const seen = 'create seen hash:ip family inet hashsize 1024 maxelem 2\nadd seen 192.0.2.1\n'
const pairs = 'create seen hash:ip,port family inet maxelem 9\n'

test.each([
  [seen, ['--add-set seen src', '--match-set seen src'], 'dropped'],
  [seen, ['--add-set seen dst', '--match-set seen src'], 'delivered'],
  [seen, ['--del-set seen dst', '--match-set seen dst'], 'delivered'],
  [seen, ['--add-set seen src', '--del-set seen src', '--match-set seen src'], 'delivered'],
  [seen, ['--del-set seen src', '--add-set seen src', '--match-set seen src'], 'dropped'],
  [pairs, ['--add-set seen src,dst', '--match-set seen src,dst'], 'dropped'],
  [pairs, ['--add-set seen src,dst', '--match-set seen dst,dst'], 'delivered'],
  ['create seen bitmap:port range 1-9999\n', ['--add-set seen dst', '--match-set seen dst'], 'dropped'],
  // Another family's packet is not put in.
  [seen.replace('inet', 'inet6'), ['--add-set seen src', '--match-set seen src'], 'delivered'],
  // Which member it is or whether it was put in is not known.
  [`${seen}add seen 192.0.2.2\n`, ['--add-set seen src', '--match-set seen src'], 'unknown'],
  [seen.replace('hash:ip', 'hash:net'), ['--add-set seen src', '--match-set seen src'], 'unknown'],
  [seen.replace(' maxelem', ' netmask 24 maxelem'), ['--add-set seen src', '--match-set seen src'], 'unknown'],
  [seen, ['-m geoip --source-country XX --add-set seen src', '--match-set seen src'], 'unknown'],
  [seen, ['-m geoip --source-country XX --add-set seen src', '--match-set seen dst'], 'delivered'],
])('a set that rules change: %s %j, %s', (ipset, rules, then) => {
  const filter = rules.map((text) =>
    text.includes('match') ? `FORWARD -m set ${text} -j DROP` : `FORWARD ${text.replace(/--(add|del)/, '-j SET --$1')}`,
  )
  const { verdict } = sent(site({ client, host: { iptables: { filter }, ipset } }), 'client', to)
  expect(verdict.kind).toBe(then)
  if (verdict.kind === 'unknown')
    expect(verdict.because).toContain('set seen is changed on the way by the rule -A FORWARD')
})

test('a member that was there stays one when more is added', () => {
  const rules = ['FORWARD -j SET --add-set seen dst', 'FORWARD -m set --match-set seen src -j REJECT']
  const host = { iptables: { filter: rules }, ipset: 'create seen hash:ip family inet\nadd seen 10.0.0.9\n' }
  expect(said(sent(site({ client, host }), 'client', to))).toBe('refused host forward icmp-port-unreachable')
})

const changes = (op: string, ...elem: readonly object[]): object => ({
  set: { op, elem: elem.length === 1 ? elem[0] : { elem: { val: { concat: elem }, timeout: 10 } }, set: '@seen' },
})
const [saddr, daddr, dport] = [field('ip', 'saddr'), field('ip', 'daddr'), field('tcp', 'dport')]

test.each<[rules: readonly (readonly object[])[], then: string]>([
  [[[changes('add', saddr)], [match(saddr, '@seen'), drop]], 'dropped'],
  [[[match(saddr, '@seen'), drop], [changes('add', saddr)]], 'delivered'],
  [[[changes('add', daddr)], [match(saddr, '@seen'), drop]], 'delivered'],
  [[[changes('update', saddr)], [changes('delete', saddr)], [match(saddr, '@seen'), drop]], 'delivered'],
  [[[changes('add', saddr, dport)], [match({ concat: [saddr, dport] }, '@seen'), drop]], 'dropped'],
  [[[changes('add', daddr, dport)], [match({ concat: [saddr, dport] }, '@seen'), drop]], 'delivered'],
  // The packet has no such field: the rule ends there.
  [[[changes('add', field('udp', 'dport')), drop]], 'delivered'],
  [
    [
      [{ xt: { type: 'match', name: 'u32' } }, changes('add', saddr)],
      [match(saddr, '@seen'), drop],
    ],
    'unknown',
  ],
])('a set that rules change: %j, %s', (rules, then) => {
  const nft = [...forward(...rules), set('seen', [])]
  const { verdict } = sent(site({ client, host: { nft } }), 'client', to)
  expect(verdict.kind).toBe(then)
  if (verdict.kind === 'unknown') expect(verdict.because).toContain('set @seen is changed on the way by the rule')
})

test('a set that is full takes no more, or an old member goes', () => {
  const nft = [...forward([changes('add', saddr), drop]), set('seen', ['192.0.2.1'], { size: 1 })]
  expect(sent(site({ client, host: { nft } }), 'client', to).verdict).toMatchObject({
    kind: 'unknown',
    because: 'set @seen is full',
  })
})

test('a limit that is kept for each member of a set matches by chance', () => {
  const elem = field('ip', 'saddr')
  const add = { set: { op: 'add', elem, set: '@seen', stmt: [{ limit: { rate: 5, per: 'second' } }] } }
  const nft = [...forward([add, drop]), set('seen', [])]
  const kinds = ways(site({ client, host: { nft } }), 'client', to).map(({ verdict }) => verdict.kind)
  expect(new Set(kinds)).toEqual(new Set(['dropped', 'delivered']))
})
