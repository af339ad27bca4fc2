import { expect, test } from 'vitest'
import { parseIptablesSave } from '../../src/packet/iptables.ts'
import { chain, jumpsTo, walkFirstMatch } from '../../src/packet/rules.ts'
import type { Walked } from '../../src/packet/rules.ts'
import type { Packet } from '../../src/packet/rules-match.ts'
import { forward, save } from './samples.ts'
import { valueOf } from './value.ts'

const node = valueOf(parseIptablesSave(save))
const inbound: Packet = {
  iif: 'eth0',
  oif: 'nomad',
  src: '10.77.0.9',
  dst: '172.26.64.15',
  proto: 'tcp',
  sport: 40000,
  dport: 8080,
  ctstate: 'NEW',
  mark: 0,
}
const toHost: Packet = { ...inbound, oif: '', dst: '10.77.0.11', dport: 24264, dstLocal: true }

const texts = ({ trace }: Walked): string[] => trace.map(({ rule }) => rule.text.replace('-A ', ''))
const walk = (
  rules: readonly string[],
  chains: Readonly<Record<string, readonly string[]>> = {},
  packet: Packet = inbound,
  policy = 'DROP',
): Walked => walkFirstMatch(valueOf(parseIptablesSave(forward(rules, chains, policy))), 'filter', 'FORWARD', packet)

test('chains and jumps are found by name', () => {
  expect(chain(node, 'filter', 'NOMAD-ADMIN')?.rules).toHaveLength(1)
  expect(chain(node, 'raw', 'PREROUTING')).toBeUndefined()
  expect(jumpsTo(node, 'filter', 'FORWARD', 'CNI-FORWARD')?.n).toBe(3)
  expect(jumpsTo(node, 'filter', 'FORWARD', 'NOMAD-ADMIN')).toBeUndefined()
})

test('a new connection to an allocation is accepted by NOMAD-ADMIN', () => {
  const walked = walkFirstMatch(node, 'filter', 'FORWARD', inbound)
  expect(walked).toMatchObject({ verdict: 'accept', at: { chain: 'NOMAD-ADMIN', rule: { n: 1 } } })
  expect(texts(walked)).toEqual([
    'FORWARD -j DOCKER-USER',
    'DOCKER-USER -j RETURN',
    'FORWARD -m comment --comment "CNI firewall plugin rules" -j CNI-FORWARD',
    'CNI-FORWARD -m comment --comment "CNI firewall plugin admin overrides" -j NOMAD-ADMIN',
    'NOMAD-ADMIN -d 172.26.64.0/20 -o nomad -j ACCEPT',
  ])
})

test('what no rule accepts meets the reject, a tunnel is accepted before it', () => {
  expect(walkFirstMatch(node, 'filter', 'FORWARD', { ...inbound, oif: 'eth1', dst: '10.1.1.1' })).toMatchObject({
    verdict: 'reject',
    at: { rule: { target: { with: 'icmp-host-prohibited' } } },
  })
  expect(walkFirstMatch(node, 'filter', 'FORWARD', { ...inbound, iif: 'tun0' })).toMatchObject({
    verdict: 'accept',
    at: { rule: { n: 1 } },
  })
})

test('a host port is translated, and the mark set on the way is carried', () => {
  expect(walkFirstMatch(node, 'nat', 'PREROUTING', toHost)).toMatchObject({
    verdict: 'dnat',
    mark: 0,
    at: { rule: { target: { to: { address: '172.26.64.2', ports: { from: 8080, to: 8080 } } } } },
  })
  expect(walkFirstMatch(node, 'nat', 'PREROUTING', { ...toHost, src: '172.26.64.3' })).toMatchObject({
    verdict: 'dnat',
    mark: 0x2000,
  })
  expect(walkFirstMatch(node, 'nat', 'PREROUTING', { ...toHost, dstLocal: false })).toMatchObject({
    verdict: 'accept',
    policy: 'ACCEPT',
    trace: [],
  })
  expect(walkFirstMatch(node, 'nat', 'POSTROUTING', { ...inbound, mark: 0x2001 })).toMatchObject({
    verdict: 'masquerade',
  })
})

test('a missing field is not guessed', () => {
  const { dstLocal: _local, ...packet } = toHost
  expect(walkFirstMatch(node, 'nat', 'PREROUTING', packet)).toEqual({
    verdict: 'unknown',
    because: '--dst-type LOCAL: not known for this packet',
    at: { chain: 'PREROUTING', rule: expect.objectContaining({ n: 1 }) as unknown },
    trace: [],
    mark: 0,
  })
  const { mark: _mark, ...unmarked } = inbound
  expect(walkFirstMatch(node, 'nat', 'POSTROUTING', unmarked)).toMatchObject({ verdict: 'unknown' })
})

test('a condition that is not modelled is named, unless another one rules the rule out or nothing depends on it', () => {
  expect(walk(['-m set --match-set bad src -j DROP', '-j ACCEPT'])).toMatchObject({
    verdict: 'unknown',
    because: '--match-set bad src: not modelled',
    at: { rule: { n: 1 } },
  })
  expect(walk(['-m recent --set --name S -j DROP', '-j ACCEPT'])).toMatchObject({
    verdict: 'unknown',
    because: '-m recent --set --name S: not modelled',
  })
  expect(walk(['-p udp -m set --match-set bad src -j DROP', '-j ACCEPT'])).toMatchObject({ verdict: 'accept' })
  expect(walk(['-m limit --limit 5/min -j LOG', '-m recent --set', '-j ACCEPT'])).toMatchObject({
    verdict: 'accept',
    at: { rule: { n: 3 } },
  })
  expect(walk(['-m limit --limit 5/min -j MARK --set-xmark 0x1/0x1', '-m mark --mark 0x1 -j DROP'])).toMatchObject({
    verdict: 'unknown',
    at: { rule: { n: 2 } },
  })
  expect(walk(['-j NFQUEUE --queue-num 3'])).toMatchObject({
    verdict: 'unknown',
    because: 'NFQUEUE --queue-num 3: a program decides',
  })
  expect(walk(['-j FANCY'])).toMatchObject({ verdict: 'unknown', because: '-j FANCY: not modelled' })
})

test('return and goto leave chains as the kernel does', () => {
  const chains = { A: ['-g B', '-j DROP'], B: ['-p tcp -j RETURN', '-j DROP'] }
  // B was gone to, so its end returns to the caller of A.
  expect(walk(['-j A', '-j ACCEPT'], chains)).toMatchObject({ verdict: 'accept', at: { rule: { n: 2 } } })
  expect(walk(['-g A', '-j ACCEPT'], chains)).toMatchObject({ verdict: 'drop', policy: 'DROP' })
  expect(walk(['-j RETURN', '-j ACCEPT'])).toMatchObject({ verdict: 'drop', policy: 'DROP' })
  expect(walk(['-j E', '-j ACCEPT'], { E: [] })).toMatchObject({ verdict: 'accept' })
  expect(walkFirstMatch(node, 'filter', 'DOCKER-USER', inbound)).toMatchObject({
    verdict: 'none',
    trace: [{ rule: { n: 1 } }],
  })
})

test('a table or chain that is not there decides nothing', () => {
  expect(walkFirstMatch(node, 'raw', 'PREROUTING', inbound)).toMatchObject({ verdict: 'none', trace: [] })
})

test('rules that were not all printed are not judged', () => {
  const cut = valueOf(parseIptablesSave(save.slice(0, save.indexOf('COMMIT'))))
  expect(walkFirstMatch(cut, 'filter', 'FORWARD', inbound)).toMatchObject({
    verdict: 'unknown',
    because: expect.stringContaining('cut off') as unknown,
  })
  expect(walkFirstMatch(cut, 'nat', 'PREROUTING', inbound)).toMatchObject({ verdict: 'unknown' })
  const native = valueOf(parseIptablesSave("# Table `filter' is incompatible, use 'nft' tool.\n"))
  expect(walkFirstMatch(native, 'filter', 'FORWARD', inbound)).toMatchObject({ verdict: 'unknown' })
})

test('chains that call each other for ever end as unknown', () => {
  expect(walk(['-j A'], { A: ['-j B'], B: ['-j A'] })).toMatchObject({ verdict: 'unknown' })
  const doubling = Object.fromEntries(
    Array.from({ length: 40 }, (_, i) => [`C${i}`, i === 39 ? [] : [`-j C${i + 1}`, `-j C${i + 1}`]]),
  )
  expect(walk(['-j C0'], doubling)).toMatchObject({ verdict: 'unknown' })
})

test.each([
  ['! -i eth0', false],
  ['-i eth+', true],
  ['-i eth', false],
  ['! -s 10.77.0.0/16', false],
  ['! -d 127.0.0.0/8', true],
  ['-p all', true],
  ['! -p udp', true],
  ['-p 6', true],
  ['-p tcp -m tcp --dport 8000:8080', true],
  ['-p tcp -m tcp ! --dport 8000:8080', false],
  ['-p tcp -m multiport --ports 22,40000', true],
  ['-m conntrack --ctstate NEW,DNAT', true],
  ['-m conntrack ! --ctstate RELATED,ESTABLISHED', true],
  ['-m mark --mark 0x0/0x2000', true],
  ['-m mark ! --mark 0x0/0x2000', false],
  ['-f', false],
  ['! -f', true],
  ['-s fd00::/8', false],
])('%s holds: %s', (condition, holds) => {
  expect(walk([`${condition} -j ACCEPT`])).toMatchObject({ verdict: holds ? 'accept' : 'drop' })
})

test('TCP flags and address types are decided from what is known', () => {
  const syn = { ...inbound, tcpFlags: ['SYN'], dstLocal: true, srcLocal: false }
  const holds = (condition: string): string => walk([`${condition} -j ACCEPT`], {}, syn).verdict
  expect(holds('-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN')).toBe('accept')
  expect(holds('-p tcp -m tcp ! --tcp-flags SYN SYN')).toBe('drop')
  expect(holds('-m addrtype --src-type LOCAL')).toBe('drop')
  expect(holds('-m addrtype ! --dst-type LOCAL')).toBe('drop')
  expect(holds('-m addrtype --src-type UNICAST')).toBe('unknown')
  expect(holds('-m addrtype --dst-type LOCAL --limit-iface-in')).toBe('unknown')
})
