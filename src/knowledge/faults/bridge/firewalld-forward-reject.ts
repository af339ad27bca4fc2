import { fault, type FixStep } from '../../fault.ts'
import type { ZoneStop } from '../../shapes/walk.ts'

const stop = (but: Partial<ZoneStop> = {}): ZoneStop => ({
  place: 'client c2',
  in: 'nomad',
  out: 'eth0',
  translated: false,
  by: 'nftables',
  chain: 'filter_FORWARD',
  rule: 'reject with icmpx admin-prohibited',
  verdict: 'reject',
  ...but,
})

/** What helps at once, and proves it: a rule in front of those that firewalld wrote. */
const untilLoaded = ({ by, place, translated }: ZoneStop, packets: readonly string[]): readonly FixStep[] =>
  by === 'nftables'
    ? [
        {
          do: `Until then: let ${translated ? 'in' : 'out'} what is forwarded ${translated ? 'to' : 'from'} the bridge, which lasts until firewalld loads its rules again`,
          on: place,
          run: ['nft', 'insert', 'rule', 'inet', 'firewalld', 'filter_FORWARD', ...packets, 'accept'],
          risk: 'No zone decides about these packets any more',
        },
      ]
    : []

export const firewalldForwardReject = fault({
  id: 'firewalld-forward-reject',
  about: 'path',
  title: 'firewalld stops packets that its client forwards for allocations',
  layer: 'node',
  severity: 'breaks',
  heard: ['reject with icmpx admin-prohibited', 'No route to host', 'connect: no route to host'],
  needs: ['path.firewalld'],
  holds: ({ 'path.firewalld': at }) =>
    at
      ? `On ${at.place} firewalld ${at.verdict === 'reject' ? 'rejects' : 'drops'} what comes in by ${at.in} and goes out by ${at.out} (chain ${at.chain}: ${at.rule ?? `policy ${at.verdict}`}), whatever iptables accepts`
      : false,
  byHand:
    'On the client: firewall-cmd --get-zone-of-interface=nomad says "no zone", and nft list table inet firewalld has a reject at the end of filter_FORWARD. Host ports answer, while calls out of an allocation fail at once with "No route to host".',
  explains: ['node-to-node-blocked'],
  because:
    'firewalld has a chain of its own at the forward hook, after that of iptables, and ends it with a reject for every interface whose zone does not let the packet through. What CNI and Nomad accepted does not count there. The bridge of Nomad is in no zone unless somebody puts it into one, so what allocations send is rejected. Packets to mapped ports pass, because firewalld accepts what was translated, unless StrictForwardPorts is on.',
  fix: ({ 'path.firewalld': at }) =>
    at?.translated
      ? [
          {
            do: 'Let firewalld forward what was translated for a mapped port: StrictForwardPorts=no in /etc/firewalld/firewalld.conf, or a policy from the zone of that interface to the zone of the bridge',
            on: at.place,
            risk: 'Ports that Nomad maps are open to that zone; a reload of firewalld before 2.0.0 removes the rules of CNI, so replace the allocations afterwards',
          },
          ...untilLoaded(at, ['oifname', at.out]),
        ]
      : [
          {
            do: 'Put the bridge of Nomad into a zone that accepts, as docker does with its own',
            on: at?.place ?? 'client',
            run: ['firewall-cmd', '--permanent', '--zone=trusted', `--add-interface=${at?.in ?? '<bridge>'}`],
            risk: 'Allocations reach every port of the client itself',
          },
          {
            do: 'Then load it',
            on: at?.place ?? 'client',
            run: ['firewall-cmd', '--reload'],
            risk: 'firewalld before 2.0.0 removes the rules of CNI as well: replace the allocations of the client afterwards',
          },
          ...(at ? untilLoaded(at, ['iifname', at.in]) : []),
        ],
  references: [
    'https://firewalld.org/documentation/man-pages/firewalld.conf.html',
    'https://github.com/hashicorp/nomad/issues/12199',
  ],
  since: '0.1.0',
  examples: [
    { name: 'the bridge is in no zone', given: { 'path.firewalld': stop() }, then: 'present' },
    {
      name: 'mapped ports are stopped too',
      given: { 'path.firewalld': stop({ place: 'client c1', in: 'eth0', out: 'nomad', translated: true }) },
      then: 'present',
    },
    {
      name: 'by its chains in iptables',
      given: {
        'path.firewalld': stop({
          by: 'iptables',
          chain: 'FORWARD',
          rule: '-A FORWARD -j REJECT --reject-with icmp-host-prohibited',
        }),
      },
      then: 'present',
    },
    { name: 'firewalld stops nothing', given: { 'path.firewalld': null }, then: 'absent' },
  ],
})
