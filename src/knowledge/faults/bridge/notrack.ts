import { untranslated } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

export const notrack = fault({
  id: 'notrack',
  about: 'path',
  title: 'The host port is exempt from connection tracking, so it is never translated',
  layer: 'node',
  severity: 'breaks',
  heard: ['-A PREROUTING -p tcp -m tcp --dport <port> -j CT --notrack', '-j NOTRACK'],
  needs: ['path.untranslated'],
  holds: ({ 'path.untranslated': lost }) =>
    lost && lost.untracked !== null
      ? `On ${lost.way.node} table raw exempts ${lost.way.address}:${lost.way.port} from connection tracking (${lost.untracked}), so NAT never sends it on to the allocation`
      : false,
  byHand: 'On the client: iptables -t raw -S has a rule with CT --notrack or NOTRACK that matches the host port.',
  explains: ['nsd-check-failing'],
  because:
    'NAT is a part of connection tracking: the first packet of a connection asks table nat, and the rest follows the entry it left. A rule in table raw that says notrack, often written to spare a busy port, takes the packet out before. It keeps its destination, ends at the client itself, where nothing listens on the host port, and is refused.',
  fix: ({ 'path.untranslated': lost }) => [
    {
      do: 'Delete the rule, or exclude the host port from it',
      on: `client ${lost?.way.node ?? ''}`,
      run: ['iptables', '-t', 'raw', ...(lost?.untracked ?? '').split(' ').map((word, i) => (i === 0 ? '-D' : word))],
      risk: 'The connections of that port are tracked again, and count against nf_conntrack_max',
    },
  ],
  references: [
    'https://man7.org/linux/man-pages/man8/iptables-extensions.8.html',
    'https://www.cni.dev/plugins/current/meta/portmap/',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a rule exempts the host port',
      given: {
        'path.untranslated': untranslated({ untracked: '-A PREROUTING -p tcp -m tcp --dport 25001 -j CT --notrack' }),
      },
      then: 'present',
    },
    { name: 'it is tracked and still not translated', given: { 'path.untranslated': untranslated() }, then: 'absent' },
    { name: 'every address is translated', given: { 'path.untranslated': null }, then: 'absent' },
  ],
})
