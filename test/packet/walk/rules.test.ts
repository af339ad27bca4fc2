import { expect, test } from 'vitest'
import { said, sent, site, ways } from './site.ts'
import type { Machine } from './machine.ts'

const client = { routes: ['172.20.0.0/24 via 10.0.0.1 dev eth0'] }
const to = 'tcp 172.20.0.2:8080'
const passes = 'answered a1 10.0.0.9>172.20.0.2:8080'
const forward = (...rules: readonly string[]): Partial<Machine> => ({ iptables: { filter: rules } })

test.each<[rules: readonly string[], then: string]>([
  [['FORWARD -p udp -j DROP'], passes],
  [['FORWARD -p tcp -j DROP'], 'silent host forward: -A FORWARD -p tcp -j DROP'],
  [[':FORWARD DROP'], 'silent host forward: the policy of FORWARD is DROP'],
  [['FORWARD -i eth0 -o br0 -j REJECT'], 'refused host forward icmp-port-unreachable'],
  [['FORWARD -j REJECT --reject-with tcp-reset'], 'refused host forward tcp-reset'],
  [['FORWARD -j REJECT --reject-with icmp-host-prohibited'], 'unreachable host forward icmp-host-prohibited'],
  [['FORWARD -i eth+ -j DROP'], 'silent host forward: -A FORWARD -i eth+ -j DROP'],
  [['FORWARD ! -i eth+ -j DROP'], 'silent a1 10.0.0.9>172.20.0.2:8080'],
  [
    ['FORWARD -s 10.0.0.8/30 ! -d 172.20.0.3/32 -p tcp -m tcp --dport 8000:8100 -j DROP'],
    'silent host forward: -A FORWARD -s 10.0.0.8/30 ! -d 172.20.0.3/32 -p tcp -m tcp --dport 8000:8100 -j DROP',
  ],
  [
    ['FORWARD -p tcp -m multiport --dports 80,443,8080:8081 -j DROP'],
    'silent host forward: -A FORWARD -p tcp -m multiport --dports 80,443,8080:8081 -j DROP',
  ],
  [['FORWARD -p tcp -m tcp --sport 1024:65535 -j REJECT'], 'refused host forward icmp-port-unreachable'],
  [['FORWARD -p tcp -m tcp --sport 53 -j DROP'], passes],
  [['FORWARD -p tcp -m tcp --sport 40000:50000 -j DROP'], 'unknown host forward: the port is one of 32768 to 60999'],
  [
    ['FORWARD -m conntrack --ctstate NEW -j DROP'],
    'silent host forward: -A FORWARD -m conntrack --ctstate NEW -j DROP',
  ],
  [['FORWARD -m state --state INVALID -j DROP'], passes],
  [['FORWARD -p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN -j REJECT'], 'refused host forward icmp-port-unreachable'],
  [['FORWARD -m addrtype --dst-type LOCAL -j DROP'], passes],
  [['FORWARD -m addrtype ! --src-type LOCAL -j REJECT'], 'refused host forward icmp-port-unreachable'],
  [['FORWARD -m iprange --src-range 10.0.0.5-10.0.0.20 -j REJECT'], 'refused host forward icmp-port-unreachable'],
  [['FORWARD -m owner --uid-owner 0 -j DROP'], passes],
  [['FORWARD -m physdev --physdev-is-bridged -j DROP'], passes],
  [
    ['FORWARD -m geoip --source-country XX -j DROP'],
    'unknown host forward: match -m geoip --source-country XX is not modelled',
  ],
  [['FORWARD -p udp -m geoip --source-country XX -j DROP'], passes],
  [['FORWARD -m geoip --source-country XX -j LOG'], passes],
  [['FORWARD -j NFQUEUE --queue-num 0'], 'unknown host forward: NFQUEUE --queue-num 0: a program decides'],
  [
    ['FORWARD -m geoip --source-country XX -j MARK --set-xmark 0x1/0x1', 'FORWARD -m mark --mark 0x1/0x1 -j DROP'],
    'unknown host forward: the mark is not known',
  ],
  [['FORWARD -m ttl --ttl-lt 5 -j DROP'], passes],
  [['FORWARD -m ttl ! --ttl-lt 5 -j REJECT'], 'refused host forward icmp-port-unreachable'],
  [['FORWARD -m ttl --ttl-gt 10 -j REJECT'], 'refused host forward icmp-port-unreachable'],
  [['FORWARD -m dscp --dscp 0x2e -j DROP'], passes],
  [['FORWARD -m dscp --dscp 0x00 -j REJECT'], 'refused host forward icmp-port-unreachable'],
  [['FORWARD -m length --length 1000:1500 -j DROP'], passes],
  [['FORWARD -p tcp -m length --length 0:100 -j REJECT'], 'refused host forward icmp-port-unreachable'],
  [
    ['FORWARD -m length --length 60 -j DROP'],
    'unknown host forward: whether the length is within --length 60 is not known',
  ],
  [['FORWARD -m policy --dir in --pol ipsec -j DROP'], passes],
  [['FORWARD -m policy --dir in --pol none -j REJECT'], 'refused host forward icmp-port-unreachable'],
  [
    ['FORWARD -m policy --dir in --pol ipsec --proto esp -j DROP'],
    'unknown host forward: match -m policy --dir in --pol ipsec --proto esp is not modelled',
  ],
  // User chains return to the rule behind their jump; a goto does not.
  [
    [':A -', 'FORWARD -j A', 'FORWARD -j REJECT', 'A -j RETURN', 'A -j DROP'],
    'refused host forward icmp-port-unreachable',
  ],
  [
    [':A -', ':B -', 'FORWARD -j A', 'FORWARD -j REJECT', 'A -g B', 'A -j DROP'],
    'refused host forward icmp-port-unreachable',
  ],
  [[':A -', 'FORWARD -g A', 'FORWARD -j DROP'], passes],
  [[':FORWARD DROP', 'FORWARD -j ACCEPT', 'FORWARD -j REJECT'], passes],
  [[':A -', ':B -', 'FORWARD -j A', 'A -j B', 'B -j A'], 'unknown host forward: the chains lead in a circle'],
])('%j: %s', (rules, then) => {
  expect(said(sent(site({ client, host: forward(...rules) }), 'client', to))).toBe(then)
})

test('a rule is named with its table, chain and number', () => {
  const { verdict } = sent(site({ client, host: forward('FORWARD -p udp -j ACCEPT', 'FORWARD -j DROP') }), 'client', to)
  expect(verdict).toMatchObject({
    by: { by: 'iptables', table: 'filter', chain: 'FORWARD', rule: 2, iif: 'eth0', oif: 'br0' },
  })
})

test('tables are met by their priority: what one accepts, another may drop', () => {
  const host = {
    iptables: {
      mangle: ['FORWARD -j MARK --set-xmark 0x5/0xffffffff'],
      filter: ['FORWARD -m mark --mark 0x5 -j ACCEPT', 'FORWARD -j DROP'],
    },
  }
  expect(said(sent(site({ client, host }), 'client', to))).toBe(passes)
  const early = { iptables: { raw: ['PREROUTING -p tcp -j DROP'], filter: ['FORWARD -j ACCEPT'] } }
  expect(said(sent(site({ client, host: early }), 'client', to))).toBe(
    'silent host prerouting: -A PREROUTING -p tcp -j DROP',
  )
})

test('both backends act on the packet', () => {
  const host = { iptables: { filter: ['FORWARD -j ACCEPT'] }, legacy: { filter: [':FORWARD DROP'] } }
  const { verdict } = sent(site({ client, host }), 'client', to)
  expect(verdict).toMatchObject({ kind: 'dropped', by: { by: 'iptables-legacy', table: 'filter' } })
})

test('the answer meets the rules as an answer', () => {
  const rules = [
    'FORWARD -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT',
    'FORWARD -i eth0 -j ACCEPT',
    'FORWARD -j DROP',
  ]
  expect(said(sent(site({ client, host: forward(...rules) }), 'client', to))).toBe(passes)
  const deaf = sent(site({ client, host: forward(...rules.slice(1)) }), 'client', to)
  expect(said(deaf)).toBe('silent a1 10.0.0.9>172.20.0.2:8080')
  expect(deaf.back?.verdict).toMatchObject({ kind: 'dropped', by: { chain: 'FORWARD', rule: 2 } })
})

test('an error belongs to the connection it is about', () => {
  const rules = ['OUTPUT -m conntrack --ctstate RELATED -j ACCEPT', 'OUTPUT -j DROP', 'FORWARD -j REJECT']
  expect(said(sent(site({ client, host: forward(...rules) }), 'client', to))).toBe(
    'refused host forward icmp-port-unreachable',
  )
  expect(said(sent(site({ client, host: forward(...rules.slice(1)) }), 'client', to))).toBe(
    'silent host forward icmp-port-unreachable',
  )
})

test('chance: the packet goes both ways', () => {
  const found = ways(
    site({ client, host: forward('FORWARD -m statistic --mode random --probability 0.5 -j DROP') }),
    'client',
    to,
  )
  expect(found.map(({ verdict, chances }) => [verdict.kind, chances.map(({ matched }) => matched)])).toEqual([
    ['dropped', [true]],
    // The answer may be dropped as well.
    ['delivered', [false]],
    ['delivered', [false]],
  ])
  expect(found.map(({ back }) => back?.verdict.kind)).toEqual([undefined, 'dropped', 'returned'])
  const limited = ways(
    site({
      client,
      host: forward(
        'FORWARD -m limit --limit 5/min -j LOG',
        'FORWARD -m limit --limit 5/min -j ACCEPT',
        'FORWARD -j DROP',
      ),
    }),
    'client',
    to,
  )
  expect(limited.map(({ verdict }) => verdict.kind)).toContain('dropped')
  expect(limited.map(({ verdict }) => verdict.kind)).toContain('delivered')
  const many = Array.from(
    { length: 8 },
    () => 'FORWARD -m statistic --mode random --probability 0.5 -j MARK --set-xmark 0x1/0x1',
  )
  const capped = ways(site({ client, host: forward(...many) }), 'client', to)
  expect(capped.length).toBeLessThanOrEqual(33)
})

test.each<[rule: string, then: readonly string[]]>([
  ['-m recent --set --name seen --rsource', ['dropped']],
  ['-m recent ! --set --name seen --rsource', ['delivered']],
  ['-m recent --rcheck --seconds 30 --name seen --rsource', ['dropped', 'delivered']],
  ['-m recent ! --update --hitcount 4 --name seen --rsource', ['dropped', 'delivered']],
  ['-p tcp -m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr', ['dropped', 'delivered']],
  ['-m u32 --u32 "0x0=0x1"', ['dropped', 'delivered']],
  ['-i br0 -m u32 --u32 "0x0=0x1"', ['delivered']],
])('what a rule notes, and what no command prints: %s', (rule, then) => {
  const found = ways(site({ client, host: forward(`FORWARD -d 172.20.0.2/32 ${rule} -j DROP`) }), 'client', to)
  expect(found.map(({ verdict }) => verdict.kind)).toEqual(then)
  const named = found.flatMap(({ chances }) => chances.map(({ where }) => [where.chain, where.rule]))
  expect(named).toEqual(then.length === 1 ? [] : then.map(() => ['FORWARD', 1]))
})

test('what a program sends has an owner', () => {
  const host = forward('OUTPUT -m owner --uid-owner 1000 -j REJECT')
  expect(said(sent(site({ host }), 'host', to, { uid: 1000 }))).toBe('refused host output icmp-port-unreachable')
  expect(said(sent(site({ host }), 'host', to))).toBe('answered a1 172.20.0.1>172.20.0.2:8080')
})

test('sets: members decide, an unread set is unknown', () => {
  const host = (ipset?: string): Partial<Machine> => ({
    ...forward('FORWARD -m set --match-set bad src,dst -j DROP'),
    ...(ipset ? { ipset } : {}),
  })
  expect(said(sent(site({ client, host: host() }), 'client', to))).toBe(
    'unknown host forward: the members of set bad are not known',
  )
  const header = 'create bad hash:net,port family inet hashsize 1024 maxelem 65536\n'
  expect(said(sent(site({ client, host: host(`${header}add bad 10.0.0.0/24,tcp:8080`) }), 'client', to))).toContain(
    'silent',
  )
  expect(said(sent(site({ client, host: host(`${header}add bad 10.0.1.0/24,tcp:8080`) }), 'client', to))).toBe(passes)
  const nets = 'create bad hash:net family inet hashsize 1024 maxelem 65536\n'
  const except = `${nets}add bad 10.0.0.0/24\nadd bad 10.0.0.8/31 nomatch`
  const source = { ...forward('FORWARD -m set --match-set bad src -j DROP') }
  expect(said(sent(site({ client, host: { ...source, ipset: except } }), 'client', to))).toBe(passes)
  expect(
    said(sent(site({ client, host: { ...source, ipset: `${except}\nadd bad 10.0.0.9/32` } }), 'client', to)),
  ).toContain('silent')
})

const mangle = (...rules: readonly string[]): Partial<Machine> => ({ iptables: { mangle: rules } })
const over = (text: string): string => `unreachable host ttl: ${text}`

test.each<[rules: readonly string[], then: string]>([
  [['PREROUTING -i eth0 -j TTL --ttl-set 1'], over('-A PREROUTING -i eth0 -j TTL --ttl-set 1')],
  [['PREROUTING -j TTL --ttl-set 2', 'PREROUTING -j TTL --ttl-dec 1'], over('-A PREROUTING -j TTL --ttl-dec 1')],
  [['PREROUTING -j TTL --ttl-dec 70'], over('-A PREROUTING -j TTL --ttl-dec 70')],
  [['PREROUTING -j TTL --ttl-set 1', 'PREROUTING -j TTL --ttl-inc 1'], passes],
  // Looked at before the hook forward, and by nobody who only takes the packet.
  [['FORWARD -j TTL --ttl-set 1', 'POSTROUTING -j TTL --ttl-set 0'], passes],
  [['PREROUTING -m geoip --source-country XX -j TTL --ttl-set 64'], passes],
  [
    ['PREROUTING -m geoip --source-country XX -j TTL --ttl-set 1'],
    'unknown host prerouting: whether a rule changed the time to live is not known: -A PREROUTING -m geoip --source-country XX -j TTL --ttl-set 1',
  ],
  [['PREROUTING -i br0 -j TTL --ttl-set 1'], 'silent a1 10.0.0.9>172.20.0.2:8080'],
  [['PREROUTING -j TTL --ttl-frob 1'], 'unknown host prerouting: target TTL --ttl-frob 1 is not modelled'],
])('the lifetime, %j: %s', (rules, then) => {
  const trace = sent(site({ client, host: mangle(...rules) }), 'client', to)
  const { verdict } = trace
  const why = verdict.kind === 'unreachable' ? `: ${verdict.why.replace(/^.* which a rule changed: /, '')}` : ''
  expect(said(trace) + why).toBe(then)
})

const rule = (tos: string): object => ({ priority: 100, src: 'all', tos, action: 'prohibit' })

test.each<[rules: readonly string[], tos: string, then: 'stopped' | 'passes' | 'unknown']>([
  [['PREROUTING -j TOS --set-tos 0x10/0xff'], 'lowdelay', 'stopped'],
  [['PREROUTING -j TOS --set-tos 0x10/0x3f'], '0x10', 'stopped'],
  [['PREROUTING -j DSCP --set-dscp 0x04'], '0x10', 'stopped'],
  [['PREROUTING -j TOS --set-tos 0x08/0xff'], '0x10', 'passes'],
  [['PREROUTING -p udp -j TOS --set-tos 0x10/0xff'], '0x10', 'passes'],
  // Kernels compare three bits of it, or six.
  [['PREROUTING -j DSCP --set-dscp 0x2e'], 'EF', 'unknown'],
  [['PREROUTING -m geoip --source-country XX -j TOS --set-tos 0x10/0xff'], '0x10', 'unknown'],
  [[], '0x10', 'passes'],
])('the type of service, %j and a rule for %s: %s', (rules, tos, then) => {
  const host = { ...mangle(...rules), rules: [rule(tos)] }
  const { verdict } = sent(site({ client, host }), 'client', to)
  if (then === 'passes') expect(verdict.kind).toBe('delivered')
  else if (then === 'stopped') expect(verdict).toMatchObject({ kind: 'unreachable', how: 'prohibit' })
  else
    expect(verdict).toMatchObject({
      kind: 'unknown',
      because: expect.stringMatching(/rule applies is not known: 100:.* tos /),
    })
})

test.each<[rule: string, routes: readonly string[], then: string]>([
  ['-m rpfilter --invert', [], passes],
  ['-m rpfilter', [], 'silent host prerouting'],
  ['-m rpfilter --invert', ['10.0.0.9/32 via 172.20.0.3 dev br0'], 'silent host prerouting'],
  ['-m rpfilter --loose --invert', ['10.0.0.9/32 via 172.20.0.3 dev br0'], ''],
  ['-m rpfilter --loose --validmark --invert', ['unreachable 10.0.0.9/32'], 'silent host prerouting'],
])('%s with the routes %j', (rule, routes, then) => {
  const host = { routes, iptables: { raw: [`PREROUTING -i eth0 ${rule} -j DROP`] } }
  const trace = sent(site({ client, host }), 'client', to)
  if (then === '') expect(trace.verdict.kind).toBe('delivered')
  else expect(said(trace)).toContain(then)
})
