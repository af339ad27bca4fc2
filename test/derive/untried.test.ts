import { expect, test } from 'vitest'
import { whyUntried } from '../../src/derive/walk/untried.ts'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { isModelled } from '../../src/packet/change/index.ts'

test.each([
  [
    'nomad alloc stop 6b235529',
    'where new allocations run, and which addresses, ports and rules they get, is not known beforehand',
  ],
  ['systemctl restart docker', 'which rules and settings a service makes when it starts is not known beforehand'],
  ['systemctl restart nomad', 'the agent reads its configuration anew, and what that changes shows in new allocations'],
  ['firewall-cmd --reload', 'which rules firewalld makes of it is not modelled'],
  [
    'conntrack -D -p udp --orig-port-dst 8125',
    'a flow that is tracked has its own source port, and the walk follows a new one, which no old entry holds',
  ],
  [
    'iptables -t mangle -A FORWARD -p tcp --tcp-flags SYN,RST SYN -j TCPMSS --set-mss 1300',
    'it changes what large packets are, and the walk follows a small one',
  ],
])('%s is not tried, and why', (command, why) => {
  expect(whyUntried(command.split(' '))).toBe(why)
})

test.each([
  'iptables -P FORWARD ACCEPT',
  'docker ps --filter publish=25001',
  'iptables-legacy-save',
  'conntrack -L',
  'ip link set nomad up',
])('nothing is said of %s', (command) => {
  expect(whyUntried(command.split(' '))).toBeUndefined()
})

// What a fault about packets runs is tried, or it is said why not, or it only looks.
const looking =
  /^(grep|fuser|journalctl|tcpdump|nft -a list|docker ps|docker inspect|kubectl get|iptables-legacy-save|ip6?tables .*-n?v?L|ss|(ip|bridge) .*show|sysctl [^-])/

test.each(faultList.filter(({ layer }) => layer === 'node' || layer === 'bridge'))('the commands of $id', (fault) => {
  const examples = fault.examples.filter(({ then }) => then === 'present')
  const commands = examples.flatMap(({ given }) => fault.fix(given as never).flatMap(({ run }) => (run ? [run] : [])))
  const left = commands.filter((run) => !isModelled(run) && whyUntried(run) === undefined)
  expect(left.map((run) => run.join(' ')).filter((text) => !looking.test(text))).toEqual([])
})
