import { expect, test } from 'vitest'
import { deletion, removalOf } from '../../src/knowledge/deletion.ts'
import { forwardRejectBeforeCni } from '../../src/knowledge/faults/bridge/forward-reject-before-cni.ts'
import { staleDnatFirstMatch } from '../../src/knowledge/faults/bridge/stale-dnat-first-match.ts'
import { hostNicInsideBridgeSubnet } from '../../src/knowledge/faults/bridge/host-nic-inside-bridge-subnet.ts'
import { subnetOverlapVpn } from '../../src/knowledge/faults/bridge/subnet-overlap-vpn.ts'
import { hostportClaimedByOther } from '../../src/knowledge/faults/bridge/hostport-claimed-by-other.ts'

test('a rule is deleted by its text; one of another chain, or that is no list of words, is not', () => {
  expect(deletion('iptables', 'nat', 'PREROUTING', '-A PREROUTING -p tcp -j DNAT --to-destination 10.0.0.1')).toEqual([
    'iptables',
    '-t',
    'nat',
    '-D',
    'PREROUTING',
    '-p',
    'tcp',
    '-j',
    'DNAT',
    '--to-destination',
    '10.0.0.1',
  ])
  expect(deletion('iptables', 'nat', 'PREROUTING', '-A DOCKER -j DNAT')).toBeUndefined()
  expect(deletion('iptables', 'filter', 'INPUT', '-A INPUT -m comment --comment "not \\"yet\\"" -j DROP')).toEqual([
    'iptables',
    '-t',
    'filter',
    '-D',
    'INPUT',
    '-m',
    'comment',
    '--comment',
    'not "yet"',
    '-j',
    'DROP',
  ])
  expect(deletion('iptables', 'filter', 'INPUT', '-A INPUT -m comment --comment "not yet -j DROP')).toBeUndefined()
  expect(deletion('iptables', 'filter', 'INPUT', '-A INPUT  -j DROP')).toBeUndefined()
  expect(deletion('iptables', 'nat', 'INPUT', null)).toBeUndefined()
})

test('where its text does not do, a rule is deleted by its number, and the risk says what to look at before', () => {
  const at = { program: 'ip6tables', table: 'raw', chain: 'PREROUTING', n: 3 }
  expect(removalOf({ ...at, rule: '-A PREROUTING -j DROP' }, 'It is open then')).toEqual({
    run: 'ip6tables -t raw -D PREROUTING -j DROP'.split(' '),
    risk: 'It is open then',
  })
  expect(removalOf({ ...at, rule: "-A PREROUTING -m string --string 'not yet' -j DROP" }, 'It is open then')).toEqual({
    run: 'ip6tables -t raw -D PREROUTING 3'.split(' '),
    risk: 'Numbers shift with every rule added or removed above: make sure that ip6tables -t raw -S PREROUTING 3 still prints this rule. It is open then',
  })
})

test('a rule that claims a host port by itself is quoted and deleted; only what docker publishes is looked for there', () => {
  const [docker, rule] = hostportClaimedByOther.examples.map(({ given }) => given as never)
  const commands = (given: never) => hostportClaimedByOther.fix(given).map(({ run = [] }) => run.join(' '))
  expect(hostportClaimedByOther.holds(rule as never)).toMatch(/-A PREROUTING .* -j REDIRECT --to-ports 9999$/)
  expect(commands(rule as never)[0]).toMatch(/^iptables -t nat -D PREROUTING -p tcp .* REDIRECT --to-ports 9999$/)
  expect(JSON.stringify(hostportClaimedByOther.fix(rule as never))).not.toMatch(/docker|reserved_ports/)
  expect(commands(docker as never)[0]).toMatch(/^docker ps/)
  expect(JSON.stringify(hostportClaimedByOther.fix(docker as never))).toContain('reserved_ports')
})

test('a rule in CNI-HOSTPORT-DNAT that is no jump is deleted: no container publishes by it', () => {
  const [, , mapped] = hostportClaimedByOther.examples.map(({ given }) => given as never)
  const [step, ...rest] = hostportClaimedByOther.fix(mapped as never)
  expect(step?.run?.join(' ')).toBe(
    'iptables -t nat -D CNI-HOSTPORT-DNAT -p tcp -m tcp --dport 25001 -j DNAT --to-destination 172.26.64.99:8080',
  )
  expect(JSON.stringify(rest)).not.toMatch(/docker|reserved_ports/)
})

test('a leftover mapping is cut off by its text, and its chain goes with it', () => {
  const [stale] = staleDnatFirstMatch.examples
  const id = '6b235529-8111-4bbe-520b-d639b1d2a94e'
  const [cut, ...rest] = staleDnatFirstMatch.fix(stale?.given as never).map(({ run }) => run)
  expect(cut?.slice(0, 10)).toEqual([
    'iptables',
    '-t',
    'nat',
    '-D',
    'CNI-HOSTPORT-DNAT',
    '-p',
    'tcp',
    '-m',
    'comment',
    '--comment',
  ])
  expect(cut?.slice(10)).toEqual([
    `dnat name: "nomad" id: "${id}"`,
    '-m',
    'multiport',
    '--dports',
    '25001',
    '-j',
    'CNI-DN-aaaa',
  ])
  expect(rest.map((run) => run?.join(' '))).toEqual([
    'iptables -t nat -F CNI-DN-aaaa',
    'iptables -t nat -X CNI-DN-aaaa',
  ])
})

test('what stands above the jump to CNI-FORWARD is deleted by its text', () => {
  const [first] = forwardRejectBeforeCni.examples
  const [step] = forwardRejectBeforeCni.fix(first?.given as never)
  expect(step?.run?.join(' ')).toBe('iptables -t filter -D FORWARD -j REJECT')
})

test('an address that takes packets of the bridge is named and taken off; a route without one is not', () => {
  const [, , nic] = hostNicInsideBridgeSubnet.examples.map(({ given }) => given as never)
  expect(hostNicInsideBridgeSubnet.holds(nic as never)).toContain('made for the address 172.26.64.100/25 of that')
  expect(hostNicInsideBridgeSubnet.fix(nic as never)[0]?.run?.join(' ')).toBe('ip addr del 172.26.64.100/25 dev eth1')
  const [vpn] = subnetOverlapVpn.examples
  expect(subnetOverlapVpn.fix(vpn!.given as never).flatMap(({ run = [] }) => run)).toEqual([])
})
