import { expect, test } from 'vitest'
import { parseIptablesSave } from '../../src/packet/iptables.ts'
import type { Rule } from '../../src/packet/iptables.ts'
import { forward, save } from './samples.ts'
import { valueOf } from './value.ts'

const rule = (text: string): Rule => {
  const [first] = valueOf(parseIptablesSave(forward([text], { X: [] }))).tables[0]!.chains[0]!.rules
  return first!
}
const conditions = (text: string): unknown[] => rule(text).matches.map(({ text: _text, ...match }) => match)
const action = (text: string): unknown => {
  const { text: _text, ...target } = rule(text).target!
  return target
}

test('comments are unquoted, and read by their number of arguments', () => {
  const named = valueOf(parseIptablesSave(save)).tables[1]!.chains[4]!.rules[0]!
  expect(named.matches[1]).toMatchObject({ comment: 'dnat name: "nomad" id: "7719cfe6-08ff-a6a6-22c2-39db2c94847f"' })
  expect(conditions(String.raw`-m comment --comment "it\'s \"q\" \\ back" -j DROP`)).toEqual([
    { kind: 'comment', comment: `it's "q" \\ back` },
  ])
  expect(rule('-m comment --comment -j -j DROP')).toMatchObject({
    matches: [{ comment: '-j' }],
    target: { kind: 'drop' },
  })
})

test.each([
  ['! -s 10.0.0.0/8 -j X', [{ kind: 'src', negated: true, cidr: '10.0.0.0/8' }]],
  [
    '-i br+ ! -o veth+ -j X',
    [
      { kind: 'in', negated: false, name: 'br', wildcard: true },
      { kind: 'out', negated: true, name: 'veth', wildcard: true },
    ],
  ],
  [
    '-p tcp -m tcp --sport 1025:65535 ! --dport 80 -j X',
    [
      { kind: 'proto', negated: false, proto: 'tcp' },
      { kind: 'sport', negated: false, ports: { from: 1025, to: 65535 } },
      { kind: 'dport', negated: true, ports: { from: 80, to: 80 } },
    ],
  ],
  [
    '-m multiport ! --sports 53,100:200 -j X',
    [
      {
        kind: 'multiport',
        negated: true,
        side: 'source',
        ports: [
          { from: 53, to: 53 },
          { from: 100, to: 200 },
        ],
      },
    ],
  ],
  [
    '-m conntrack ! --ctstate INVALID --ctorigdstport 80 -j X',
    [
      { kind: 'ctstate', negated: true, states: ['INVALID'] },
      { kind: 'conntrack', negated: false, field: 'ctorigdstport', value: '80' },
    ],
  ],
  ['-m state --state NEW -j X', [{ kind: 'ctstate', negated: false, states: ['NEW'] }]],
  [
    '-m addrtype --src-type LOCAL ! --dst-type BROADCAST,MULTICAST --limit-iface-in -j X',
    [
      { kind: 'addrtype', negated: false, side: 'src', types: ['LOCAL'], limit: 'in' },
      { kind: 'addrtype', negated: true, side: 'dst', types: ['BROADCAST', 'MULTICAST'], limit: 'in' },
    ],
  ],
  [
    '-m mark ! --mark 0x1/0xff -m connmark --mark 0x2 -j X',
    [
      { kind: 'mark', negated: true, value: 1, mask: 255 },
      { kind: 'connmark', negated: false, value: 2, mask: 0xffffffff },
    ],
  ],
  [
    '-p tcp -m tcp --tcp-flags SYN,RST SYN -j X',
    [
      { kind: 'proto', negated: false, proto: 'tcp' },
      { kind: 'tcp-flags', negated: false, mask: ['SYN', 'RST'], set: ['SYN'] },
    ],
  ],
  [
    '-m set ! --match-set blocked src,dst -j X',
    [{ kind: 'set', negated: true, set: 'blocked', sides: ['src', 'dst'] }],
  ],
  ['-m limit --limit 5/min --limit-burst 7 -j X', [{ kind: 'limit', rate: '5/min', burst: 7 }]],
  [
    '-m statistic --mode random --probability 0.50000000000 -j X',
    [{ kind: 'statistic', negated: false, mode: 'random', probability: 0.5 }],
  ],
  [
    '-m physdev --physdev-in veth1 ! --physdev-is-bridged -j X',
    [
      { kind: 'physdev', negated: false, field: 'in', name: 'veth1' },
      { kind: 'physdev', negated: true, field: 'is-bridged' },
    ],
  ],
  ['-m owner ! --uid-owner 1000-1005 -j X', [{ kind: 'owner', negated: true, field: 'uid', value: '1000-1005' }]],
  [
    '-p icmp -m icmp ! --icmp-type 3/4 -j X',
    [
      { kind: 'proto', negated: false, proto: 'icmp' },
      { kind: 'icmp-type', negated: true, type: '3/4' },
    ],
  ],
  [
    '-m iprange ! --src-range 10.0.0.1-10.0.0.9 -j X',
    [{ kind: 'iprange', negated: true, side: 'src', from: '10.0.0.1', to: '10.0.0.9' }],
  ],
  [
    '-m pkttype --pkt-type broadcast -m mac --mac-source 02:00:00:00:00:01 -j X',
    [
      { kind: 'pkttype', negated: false, type: 'broadcast' },
      { kind: 'mac', negated: false, mac: '02:00:00:00:00:01' },
    ],
  ],
  ['! -f -j X', [{ kind: 'fragment', negated: true }]],
])('conditions of %s', (text, expected) => {
  expect(conditions(text)).toEqual(expected)
})

// As iptables 1.8.9 prints them.
test.each([
  ['-m recent --set --name DEFAULT --mask 255.255.255.255 --rsource', true],
  ['-m recent ! --set --name DEFAULT --mask 255.255.255.255 --rsource', false],
  ['-m recent ! --rcheck --seconds 30 --reap --hitcount 4 --rttl --name x --mask 255.255.255.255 --rdest'],
  ['-m recent --remove --name DEFAULT --mask 255.255.255.255 --rsource'],
  ['-m hashlimit --hashlimit-above 5kb/s --hashlimit-mode srcip --hashlimit-name h2 --hashlimit-srcmask 24'],
  [
    '-m hashlimit --hashlimit-above 5/sec --hashlimit-burst 5 --hashlimit-name h --hashlimit-rate-match --hashlimit-rate-interval 5',
  ],
  ['-m connlimit --connlimit-above 3 --connlimit-mask 32 --connlimit-saddr'],
  ['-m connbytes ! --connbytes 10:20 --connbytes-mode packets --connbytes-dir both'],
  ['-m time --timestart 10:00:00 --timestop 11:00:00 --weekdays Mon,Tue --datestop 2038-01-19T03:14:07 --kerneltz'],
  ['-m string --string "GET /a -j" --algo bm --icase'],
  ['-m string ! --hex-string "|0d0a|" --algo kmp --from 1 --to 100'],
  ['-m u32 ! --u32 "0x0>>0x16&0x3c@0x4=0x1"'],
  ['-m bpf --bytecode "4,48 0 0 9,21 0 1 6,6 0 0 1,6 0 0 0"'],
  ['-m quota ! --quota 1000'],
  ['-m cgroup --cgroup 5'],
])('a condition that no command decides: %s', (text, sure?: boolean) => {
  const { matches, target } = rule(`${text} -j DROP`)
  expect(target).toMatchObject({ kind: 'drop' })
  expect(matches).toEqual([
    {
      kind: 'chance',
      module: text.split(' ')[1],
      text: text.slice(text.indexOf(' ', 3) + 1),
      ...(sure === undefined ? {} : { sure }),
    },
  ])
})

test.each([
  '-m recent --name SSH --rsource',
  '-m socket',
  '-m constructor',
  '-s 10.0.0.0/255.0.255.0',
  '-m tcp --tcp-option 2',
  '-m conntrack',
])('a condition that is not understood is kept as it is: %s', (text) => {
  expect(rule(`${text} -m mark --mark 0x1 -j DROP`)).toMatchObject({
    matches: [{ kind: 'unknown', text }, { kind: 'mark' }],
    target: { kind: 'drop' },
  })
})

test.each([
  ['-j ACCEPT', { kind: 'accept' }],
  ['-j REJECT --reject-with icmp-host-prohibited', { kind: 'reject', with: 'icmp-host-prohibited' }],
  ['-j X', { kind: 'jump', chain: 'X' }],
  ['-g X', { kind: 'goto', chain: 'X' }],
  ['-j Y', { kind: 'unknown', name: 'Y' }],
  [
    '-j DNAT --to-destination 172.26.64.2:8080',
    { kind: 'dnat', to: { address: '172.26.64.2', ports: { from: 8080, to: 8080 } } },
  ],
  [
    '-j DNAT --to-destination [fd00:cafe::2]:8080',
    { kind: 'dnat', to: { address: 'fd00:cafe::2', ports: { from: 8080, to: 8080 } } },
  ],
  ['-j DNAT --to-destination fd00:cafe::2', { kind: 'dnat', to: { address: 'fd00:cafe::2' } }],
  [
    '-j DNAT --to-destination 10.0.0.1-10.0.0.5:80-90 --random --persistent',
    { kind: 'dnat', to: { address: '10.0.0.1', lastAddress: '10.0.0.5', ports: { from: 80, to: 90 } } },
  ],
  ['-j DNAT --to-destination :8080', { kind: 'dnat', to: { ports: { from: 8080, to: 8080 } } }],
  ['-j DNAT --to-destination 10.0.0.1:80-90/8080', { kind: 'unknown', name: 'DNAT' }],
  ['-j SNAT --to-source 1.2.3.4:100-200', { kind: 'snat', to: { address: '1.2.3.4', ports: { from: 100, to: 200 } } }],
  ['-j MASQUERADE', { kind: 'masquerade' }],
  ['-j MASQUERADE --to-ports 1000-2000 --random-fully', { kind: 'masquerade', ports: { from: 1000, to: 2000 } }],
  ['-j REDIRECT --to-ports 8080', { kind: 'redirect', ports: { from: 8080, to: 8080 } }],
  ['-j NETMAP --to 10.1.0.0/16', { kind: 'netmap', to: '10.1.0.0/16' }],
  [
    '-j TPROXY --on-port 80 --on-ip 127.0.0.1 --tproxy-mark 0x1/0x1',
    { kind: 'tproxy', port: 80, address: '127.0.0.1', mark: { value: 1, mask: 1 } },
  ],
  ['-j MARK --set-xmark 0x2000/0x2000', { kind: 'mark', value: 0x2000, mask: 0x2000 }],
  ['-j MARK --set-mark 0x5/0xf0', { kind: 'mark', value: 5, mask: 0xf5 }],
  ['-j MARK --and-mark 0xff', { kind: 'mark', value: 0, mask: 0xffffff00 }],
  ['-j MARK --or-mark 0x4', { kind: 'mark', value: 4, mask: 4 }],
  ['-j MARK --xor-mark 0x4', { kind: 'mark', value: 4, mask: 0 }],
  [
    '-j CONNMARK --restore-mark --nfmask 0xff --ctmask 0xf',
    { kind: 'connmark', op: 'restore', nfmask: 255, ctmask: 15 },
  ],
  ['-j CONNMARK --save-mark', { kind: 'connmark', op: 'save', nfmask: 0xffffffff, ctmask: 0xffffffff }],
  ['-j CONNMARK --set-xmark 0x1/0xffffffff', { kind: 'connmark', op: 'set', value: 1, mask: 0xffffffff }],
  ['-j CT --notrack', { kind: 'notrack' }],
  ['-j NOTRACK', { kind: 'notrack' }],
  ['-j CT --zone 5', { kind: 'continue', name: 'CT' }],
  ['-j LOG --log-prefix "[UFW BLOCK] "', { kind: 'continue', name: 'LOG' }],
  ['-j TCPMSS --set-mss 536', { kind: 'continue', name: 'TCPMSS', mss: 536 }],
  ['-j TCPMSS --clamp-mss-to-pmtu', { kind: 'continue', name: 'TCPMSS', mss: 'path' }],
  ['-j NFQUEUE --queue-num 3', { kind: 'queue' }],
  ['-j toString', { kind: 'unknown', name: 'toString' }],
])('target of %s', (text, expected) => {
  expect(action(text)).toEqual(expected)
})

test('a rule without target only counts', () => {
  expect(rule('-d 10.0.0.1/32')).not.toHaveProperty('target')
})
