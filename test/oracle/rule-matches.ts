import * as fc from 'fast-check'
import { pick } from './pick.ts'
import { fields } from './rule-fields.ts'
import { hasIpset } from './site.ts'
import type { TableName } from './tables.ts'

// What a rule of iptables asks of a packet, for every hook of every table.

const not = (arbitrary: fc.Arbitrary<string>): fc.Arbitrary<string> =>
  fc.tuple(pick('', '', '! '), arbitrary).map(([sign, text]) => sign + text)

const nets = {
  4: '10.99.0.0/24 10.99.0.1 10.99.0.2 10.99.0.3 10.98.0.0/24 10.98.0.3 172.26.64.0/20 172.26.64.1 172.26.64.2 172.26.64.3 172.17.0.0/16 192.0.2.0/24 127.0.0.0/8 127.0.0.1 0.0.0.0/0 172.26.64.2/31'.split(
    ' ',
  ),
  6: 'fd99::/64 fd99::1 fd99::3 fd98::3 fd00:a110::/64 fd00:a110::1 fd00:a110::2 fd00:a110::3 ::/0 ::1 fd00:a110::2/127'.split(
    ' ',
  ),
}
const devs = ['eth0', 'eth1', 'nomad', 'docker0', 'lo', 'veth+', 'eth+', 'vetha1', 'nomad+']
const ports = ['8080', '25001', '25002', '8081', '9000', '8082', '25000:25010', '1:1024', '8000:', ':25001', '25003']

const states = pick(
  'NEW',
  'ESTABLISHED',
  'RELATED,ESTABLISHED',
  'INVALID',
  'UNTRACKED',
  'NEW,UNTRACKED',
  'DNAT',
  'SNAT',
  'NEW,DNAT',
  'INVALID,RELATED',
)

function transport(): fc.Arbitrary<string> {
  const port = (name: string): fc.Arbitrary<string> =>
    fc
      .tuple(pick('tcp', 'udp'), pick('', '', '! '), pick(...ports))
      .map(([proto, sign, value]) => `-p ${proto} -m ${proto} ${sign}--${name} ${value}`)
  return fc.oneof(
    { weight: 3, arbitrary: pick('-p tcp', '-p udp', '! -p tcp', '! -p udp', '-p icmp') },
    { weight: 6, arbitrary: port('dport') },
    { weight: 1, arbitrary: port('sport') },
    {
      weight: 2,
      arbitrary: fc
        .tuple(
          pick('tcp', 'udp'),
          pick('dports', 'ports', 'sports'),
          pick('8080,25001', '25001:25010', '8080', '8081,8082,9000', '32000:45000'),
          pick('', '! '),
        )
        .map(([proto, side, list, sign]) => `-p ${proto} -m multiport ${sign}--${side} ${list}`),
    },
    {
      weight: 2,
      arbitrary: pick(
        '-p tcp -m tcp --tcp-flags FIN,SYN,RST,ACK SYN',
        '-p tcp -m tcp ! --tcp-flags FIN,SYN,RST,ACK SYN',
        '-p tcp -m tcp --tcp-flags SYN,ACK SYN,ACK',
        '-p tcp -m tcp --tcp-flags RST RST',
      ),
    },
  )
}

const rare = (arbitrary: fc.Arbitrary<string>, of: number): fc.Arbitrary<string> =>
  fc.oneof({ weight: of, arbitrary: fc.constant('') }, { weight: 1, arbitrary })

export function matches(family: 4 | 6, hook: string, table: TableName): fc.Arbitrary<string> {
  const address = (flag: string): fc.Arbitrary<string> =>
    not(pick(...nets[family]).map((net) => `${flag} ${net}`)).map((text) =>
      /^! .*\/0$/.test(text) ? text.slice(2) : text,
    )
  const input = ['PREROUTING', 'INPUT', 'FORWARD'].includes(hook)
  const output = ['OUTPUT', 'FORWARD', 'POSTROUTING'].includes(hook)
  const addrtype = fc
    .tuple(
      pick('dst', 'src'),
      pick('LOCAL', 'UNICAST', 'LOCAL', ...(family === 4 ? ['BROADCAST'] : [])),
      pick('', '! '),
    )
    .map(([side, type, sign]) => `-m addrtype ${sign}--${side}-type ${type}`)
  const mark = pick(
    '-m mark --mark 0x1',
    '-m mark --mark 0x2000/0x2000',
    '-m mark ! --mark 0x0',
    '-m mark ! --mark 0x2000/0x2000',
    '-m connmark --mark 0x1',
    '-m connmark --mark 0x0',
  )
  const conntrack = fc.oneof(
    {
      weight: 5,
      arbitrary: fc.tuple(pick('', '', '! '), states).map(([sign, text]) => `-m conntrack ${sign}--ctstate ${text}`),
    },
    { weight: 1, arbitrary: pick('-m state --state NEW', '-m state --state RELATED,ESTABLISHED') },
    {
      weight: 2,
      arbitrary: pick(
        '-m conntrack --ctorigdstport 25001',
        '-m conntrack --ctdir ORIGINAL',
        '-m conntrack --ctdir REPLY',
        '-m conntrack --ctstatus CONFIRMED',
        '-m conntrack --ctstatus SEEN_REPLY',
        '-m conntrack --ctproto 6',
        `-m conntrack --ctorigdst ${family === 4 ? '10.99.0.1' : 'fd99::1'}`,
        `-m conntrack --ctreplsrc ${family === 4 ? '172.26.64.2' : 'fd00:a110::2'}`,
      ),
    },
  )
  const other = fc.oneof(
    { weight: 2, arbitrary: pick('-m comment --comment plain', '-m comment --comment "with -j DROP inside"') },
    {
      weight: 2,
      arbitrary: pick(
        family === 4
          ? '-m iprange --dst-range 172.26.64.2-172.26.64.3'
          : '-m iprange --dst-range fd00:a110::2-fd00:a110::3',
        family === 4 ? '-m iprange ! --src-range 10.99.0.1-10.99.0.3' : '-m iprange --src-range fd99::1-fd99::3',
      ),
    },
    ...(hasIpset
      ? [
          {
            weight: 4,
            arbitrary: fc
              .tuple(pick('', '! '), pick(...(family === 4 ? setMatches : setMatches6)))
              .map(([sign, text]) => `-m set ${sign}--match-set ${text}`),
          },
        ]
      : []),
    { weight: 1, arbitrary: pick('-m pkttype --pkt-type unicast', '-m pkttype ! --pkt-type unicast') },
    {
      weight: 1,
      arbitrary: pick('-m limit --limit 1000/sec --limit-burst 1000', '-m statistic --mode random --probability 0.5'),
    },
    { weight: 2, arbitrary: pick(...chances, ...(table === 'raw' ? [] : ['-m connlimit --connlimit-upto 20'])) },
    { weight: 6, arbitrary: fields(family, hook, table) },
    ...(['OUTPUT', 'POSTROUTING'].includes(hook)
      ? [
          {
            weight: 3,
            arbitrary: pick(
              '-m owner --uid-owner 0',
              '-m owner --uid-owner 1000',
              '-m owner ! --uid-owner 1000',
              '-m owner --gid-owner 0',
              '-m owner --uid-owner 1000-2000',
            ),
          },
        ]
      : []),
    ...(['FORWARD', 'POSTROUTING', 'PREROUTING'].includes(hook)
      ? [
          {
            weight: 2,
            arbitrary: pick(
              '-m physdev --physdev-in vetha1',
              '-m physdev ! --physdev-in vetha1',
              ...(hook === 'PREROUTING'
                ? []
                : ['-m physdev --physdev-is-bridged', '-m physdev ! --physdev-is-bridged']),
            ),
          },
        ]
      : []),
  )
  return fc
    .tuple(
      rare(address('-s'), 5),
      rare(address('-d'), 5),
      input ? rare(not(pick(...devs).map((dev) => `-i ${dev}`)), 5) : fc.constant(''),
      output ? rare(not(pick(...devs).map((dev) => `-o ${dev}`)), 5) : fc.constant(''),
      rare(transport(), 2),
      rare(addrtype, 8),
      rare(mark, 8),
      table === 'raw' ? fc.constant('') : rare(conntrack, 4),
      rare(other, 8),
    )
    .map((parts) => parts.filter((part) => part !== '').join(' '))
}

/** What no command prints decides: one of two ways is the right one. */
const chances = [
  '-m recent --set --name seen --rsource',
  '-m recent ! --set --name seen --rsource',
  '-m recent --rcheck --seconds 60 --name seen --rsource',
  '-m recent ! --update --seconds 60 --hitcount 2 --name seen --rdest',
  '-m recent --remove --name seen --rsource',
  '-m hashlimit --hashlimit-upto 1000/sec --hashlimit-burst 1000 --hashlimit-mode srcip --hashlimit-name many',
  '-m hashlimit --hashlimit-above 1/hour --hashlimit-burst 1 --hashlimit-name few',
  '-m time --timestart 00:00:00 --timestop 12:00:00 --weekdays Mon,Tue,Wed',
  '-m string ! --string "never seen" --algo bm --to 65535',
  '-m u32 --u32 "0x0>>0x1c=0x4"',
  '-m quota --quota 100000',
]

const setMatches = [
  'friends src',
  'friends dst',
  'nets src',
  'nets dst',
  'doors dst',
  'doors src',
  'pairs dst,dst',
  'pairs src,dst',
  'both src',
  'both dst',
]
const setMatches6 = ['friends6 src', 'friends6 dst', 'doors dst']
