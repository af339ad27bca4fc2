import { fault } from '../../fault.ts'
import type { FixStep } from '../../fault.ts'
import type { RouteStop } from '../../shapes/walk.ts'
import { bracketed } from '../../words.ts'

const sample: RouteStop = {
  place: 'client c1',
  host: '10.0.0.11',
  port: 25001,
  answer: false,
  to: '10.0.0.11',
  family: 4,
  what: 'route',
  how: 'blackhole',
  text: 'blackhole 10.0.0.11/32',
  words: ['blackhole', '10.0.0.11/32'],
  table: 'main',
  wide: false,
}

const does = {
  blackhole: 'drops',
  unreachable: 'turns away as unreachable',
  prohibit: 'turns away as prohibited',
} as const
const named = { route: 'the route', rule: 'the policy rule' } as const

function said({ place, host, port, answer, to, what, how, text }: RouteStop): string {
  const address = `${bracketed(host)}:${port}`
  const packet = answer ? `the answer of ${address}` : `a new connection to ${address}`
  return `on ${place} ${named[what]} ${text} ${does[how]} ${packet}${to === host ? '' : `, on its way to ${to}`}`
}

const look = ({ family, what, how, table = 'main' }: RouteStop): readonly string[] =>
  what === 'rule'
    ? ['ip', `-${family}`, 'rule', 'show']
    : ['ip', `-${family}`, 'route', 'show', 'table', table, 'type', how]

function cure(stop: RouteStop): readonly FixStep[] {
  const { place: on, family, what, words, to, wide } = stop
  const inside = on.startsWith('client ') ? '' : ', in its network namespace (nsenter -t <pid of a task> -n)'
  return [
    { do: `Look at it${inside}`, on, run: look(stop), risk: 'none: it only lists' },
    {
      do: `Remove the ${what === 'rule' ? 'policy rule' : 'route'}${inside}`,
      on,
      run: ['ip', `-${family}`, what, 'del', ...words],
      risk: `What it was meant to keep away is reached again${wide ? `, and not only ${to}` : ''}: ask whoever made it`,
    },
    ...(wide
      ? [
          {
            do:
              what === 'rule'
                ? `Or keep it, and let a rule with a smaller number look ${to} up in the table that knows the way${inside}`
                : `Or keep it as a catch-all, and give ${to} the more specific route that is missing${inside}`,
            on,
            risk: `Only ${to} is reached again`,
          },
        ]
      : []),
  ]
}

export const routeStopsPacket = fault({
  id: 'route-stops-packet',
  about: 'path',
  title: 'A route or a policy rule stops the packet',
  layer: 'node',
  severity: 'breaks',
  heard: ['blackhole <network>', 'RTNETLINK answers: Invalid argument', 'connect: Permission denied'],
  needs: ['path.route-stops'],
  holds: ({ 'path.route-stops': stops }) => {
    const all = stops.map(said).join('; ')
    return all !== '' && `O${all.slice(1)}`
  },
  byHand:
    'nomad-netdoctor path shows the route at which the packet ends. By hand, on the machine where it is lost: ip route get <address> prints an error in place of a device (add from <source> iif <device> for what is only forwarded, ip -6 for IPv6), and ip route show table all and ip rule show have a line with blackhole, unreachable or prohibit.',
  explains: ['node-to-node-blocked', 'rp-filter-strict'],
  because:
    'A route need not lead anywhere. blackhole drops whatever matches without a word; unreachable and prohibit drop it too, and tell the sender by ICMP "host unreachable" or "administratively prohibited". A program on the machine itself gets "Invalid argument", "No route to host" or "Permission denied" at once. The longest prefix wins, and policy rules are asked before any table, so one such line decides over a default route that works; a firewall never sees the packet. They are made to shut somebody out, as the kill switch of a VPN, or as the catch-all of a range whose parts have routes of their own, and stay when the reason is gone.',
  fix: ({ 'path.route-stops': stops }): readonly FixStep[] =>
    stops.length === 0
      ? []
      : [
          ...stops.flatMap(cure),
          {
            do: 'Take it out of where it is made, too: systemd-networkd (Type=blackhole), netplan, /etc/network/interfaces, a VPN or routing daemon, a boot script',
            on: [...new Set(stops.map(({ place }) => place))].join(', '),
            risk: 'none',
          },
        ],
  references: [
    'https://man7.org/linux/man-pages/man8/ip-route.8.html',
    'https://man7.org/linux/man-pages/man8/ip-rule.8.html',
  ],
  since: '0.1.0',
  examples: [
    { name: 'a blackhole for the target', given: { 'path.route-stops': [sample] }, then: 'present' },
    {
      name: 'a policy rule turns away what goes there',
      given: {
        'path.route-stops': [
          {
            ...sample,
            what: 'rule',
            how: 'prohibit',
            text: '100: from all to 10.0.0.0/8 prohibit',
            words: ['pref', '100', 'to', '10.0.0.0/8', 'prohibit'],
            wide: true,
          },
        ],
      },
      then: 'present',
    },
    {
      name: "the answer ends at a route of the target's client",
      given: {
        'path.route-stops': [
          {
            ...sample,
            place: 'client c2',
            answer: true,
            to: '10.0.0.12',
            how: 'unreachable',
            text: 'unreachable 10.0.0.12/32',
            words: ['unreachable', '10.0.0.12/32'],
          },
        ],
      },
      then: 'present',
    },
    { name: 'no route stops it', given: { 'path.route-stops': [] }, then: 'absent' },
  ],
})
