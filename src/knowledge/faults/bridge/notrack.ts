import { removalAt } from '../../deletion.ts'
import { fault } from '../../fault.ts'
import type { Untracked } from '../../shapes/untracked.ts'

const tracked = 'The connections of that port are tracked again, and count against nf_conntrack_max'

const call: Untracked = {
  place: 'client c1',
  host: '10.0.0.11',
  port: 25001,
  answer: false,
  by: 'iptables',
  family: 4,
  table: 'raw',
  chain: 'PREROUTING',
  rule: null,
  text: '-A PREROUTING -p tcp -m tcp --dport 25001 -j CT --notrack',
  handle: null,
}
const answer: Untracked = {
  ...call,
  answer: true,
  rule: 1,
  text: '-A PREROUTING -i nomad -p tcp -m tcp --sport 8080 -j NOTRACK',
}

export const notrack = fault({
  id: 'notrack',
  about: 'path',
  title: 'The host port, or its answer, is exempt from connection tracking, so it is never translated',
  layer: 'node',
  severity: 'breaks',
  heard: ['-A PREROUTING -p tcp -m tcp --dport <port> -j CT --notrack', '-j NOTRACK'],
  needs: ['path.untracked'],
  holds: ({ 'path.untracked': exempt }) => {
    if (!exempt) return false
    const { place, table, host, port, text } = exempt
    const [what, lost] = exempt.answer
      ? ['the answer of ', 'NAT never gives it back the address that was called']
      : ['', 'NAT never sends it on to the allocation']
    return `On ${place.replace(/^client /, '')} table ${table} exempts ${what}${host}:${port} from connection tracking (${text}), so ${lost}`
  },
  byHand:
    'On the client: iptables -t raw -S has a rule with CT --notrack or NOTRACK that matches the host port, or the port inside as the source of answers.',
  explains: ['nsd-check-failing'],
  because:
    'NAT is a part of connection tracking: the first packet of a connection asks table nat, and the rest follows the entry it left. A rule in table raw that says notrack, often written to spare a busy port, takes the packet out before. It keeps its destination, ends at the client itself, where nothing listens on the host port, and is refused. Where a rule exempts the answer, the call arrives, and its answer leaves with the address and port inside the allocation, which the caller never asked, and is thrown away.',
  fix: ({ 'path.untracked': exempt }) =>
    exempt
      ? [
          {
            do: `Delete the rule, or exclude ${exempt.answer ? 'the answers of the port' : 'the host port'} from it`,
            on: exempt.place,
            ...(removalAt(exempt, tracked) ?? { risk: tracked }),
          },
        ]
      : [],
  references: [
    'https://man7.org/linux/man-pages/man8/iptables-extensions.8.html',
    'https://www.cni.dev/plugins/current/meta/portmap/',
  ],
  since: '0.1.0',
  examples: [
    { name: 'a rule exempts the host port', given: { 'path.untracked': call }, then: 'present' },
    { name: 'a rule exempts the answer', given: { 'path.untracked': answer }, then: 'present' },
    {
      name: 'a rule of nftables exempts the answer',
      given: {
        'path.untracked': {
          ...answer,
          by: 'nftables',
          table: 'inet fast',
          chain: 'pre',
          text: 'tcp sport 8080 notrack',
          handle: 4,
        },
      },
      then: 'present',
    },
    { name: 'all that is translated is tracked', given: { 'path.untracked': null }, then: 'absent' },
  ],
})
