import { diverted, inbound } from '../../crossing-samples.ts'
import { deletion, removalAt } from '../../deletion.ts'
import { fault, type FixStep } from '../../fault.ts'
import type { Translation } from '../../shapes/crossing.ts'
import type { Diverted } from '../../shapes/diverted.ts'

type To = Extract<Translation, { readonly kind: 'to' }>

/** kube-proxy writes its rules anew whenever one is missing. */
const isService = ({ chain }: Pick<To, 'chain'>): boolean => chain.startsWith('KUBE-')
/**
 * The rule is nobody's published port: docker, podman and CNI plug-ins write theirs into chains of their own, and
 * nothing but jumps to these into CNI-HOSTPORT-DNAT.
 */
const isPlain = ({ chain }: Pick<To, 'chain'>): boolean =>
  chain === 'CNI-HOSTPORT-DNAT' || !/^(KUBE|DOCKER|NETAVARK|CNI)\b/.test(chain)

function withoutRule({ chain, rule, address, port }: To, node: string): readonly FixStep[] {
  const on = `client ${node}`
  const program = address.includes(':') ? 'ip6tables' : 'iptables'
  const run = deletion(program, 'nat', chain, rule)
  return [
    {
      do: run
        ? 'Delete the rule, or exclude the port from it'
        : `Delete this rule, or exclude the port from it: ${rule}`,
      on,
      ...(run ? { run } : {}),
      risk: `Whoever reaches ${address}:${port} by this rule does not any more: ask who wrote it`,
    },
    notLoaded(on),
  ]
}

const notLoaded = (on: string): FixStep => ({
  do: 'Take it out of where it is loaded from, too: a boot script, a configuration management, /etc/nftables.conf, netfilter-persistent',
  on,
  risk: 'none',
})

/** The same on the client of the caller. */
function undiverted(one: Diverted): readonly FixStep[] {
  const { place: on, host, port, to } = one
  const node = on.replace(/^client /, '')
  if (isService(one)) return withoutService(node, port)
  if (!isPlain(one)) return withoutHolder(one, node, port)
  const risk = `Whoever reaches ${to.address}:${to.port} by this rule does not any more: ask who wrote it`
  const removal = removalAt(one, risk) ?? { risk }
  return [{ do: `Delete the rule, or exclude ${host} from it`, on, ...removal }, notLoaded(on)]
}

function withoutHolder({ chain }: Pick<To, 'chain'>, node: string, port: number): readonly FixStep[] {
  return [
    {
      do: 'Find who claims the port',
      on: `client ${node}`,
      run: ['docker', 'ps', '--filter', `publish=${port}`],
      risk: 'none',
    },
    {
      do: `Move it to another port, or stop it; a rule without a container is deleted from chain ${chain}`,
      on: `client ${node}`,
      risk: 'Its callers have to follow',
    },
    reserve(`${port}`),
  ]
}

const reserve = (ports: string): FixStep => ({
  do: `Reserve the port, so that the scheduler never gives it away: reserved { reserved_ports = "${ports}" }`,
  on: 'client configuration',
  risk: 'The agent restarts',
})

const withoutService = (node: string, port: number): readonly FixStep[] => [
  {
    do: `Find the service of Kubernetes that has port ${port} as its node port; a rule that is deleted by hand comes back`,
    on: 'the Kubernetes cluster',
    run: ['kubectl', 'get', 'services', '--all-namespaces'],
    risk: 'none',
  },
  {
    do: `Give that service another node port, or keep Nomad and kube-proxy on different machines than ${node}`,
    on: 'the Kubernetes cluster',
    risk: 'Its callers have to follow',
  },
  reserve('30000-32767'),
]

export const hostportClaimedByOther = fault({
  id: 'hostport-claimed-by-other',
  about: 'path',
  title: 'Somebody else translates the host port before Nomad does',
  layer: 'node',
  severity: 'breaks',
  heard: ['-A DOCKER ! -i docker0 -p tcp -m tcp --dport <port> -j DNAT --to-destination <address>'],
  needs: ['path.inbound.way', 'path.inbound.translation', 'path.diverted'],
  shows: ['path.diverted', 'path.inbound.translation'],
  holds: ({ 'path.inbound.way': way, 'path.inbound.translation': nat, 'path.diverted': diverted }) => {
    if (diverted) {
      const { place, table, chain, host, port, to, text, answered } = diverted
      return {
        says: `On ${place}, where the caller is, chain ${chain} of table ${table} sends ${host}:${port} to ${to.address}:${to.port}, so the call does not come to the target: ${text}`,
        ...(answered ? { severity: 'degrades' } : {}),
      }
    }
    if (!way?.inside || nat?.kind !== 'to' || nat.alloc !== null || nat.address === way.inside.address) return false
    return `On ${way.node} chain ${nat.chain} sends ${way.address}:${way.port} to ${nat.address}:${nat.port} before the mapping of the allocation (${way.inside.address}:${way.inside.port}) is asked${isPlain(nat) ? `: ${nat.rule}` : ''}`
  },
  byHand:
    "On the target's client and on the caller's: iptables -t nat -S shows another DNAT rule for the port, in a chain that PREROUTING calls before CNI-HOSTPORT-DNAT; docker ps shows a container that publishes it, or the rule stands there by itself.",
  explains: ['nsd-check-failing'],
  because:
    'The port mapping of an allocation in bridge mode is a rule, not a socket, so nothing is reserved: a container started by hand with docker -p, a service of Kubernetes with a node port, or another DNAT rule, may claim the same port without any error. The first rule that matches wins, and docker calls its chain from PREROUTING before CNI-HOSTPORT-DNAT when it was there first. Callers then reach the other one, or nobody. A rule on the client of a caller does the same to its calls alone, before they leave.',
  fix: ({ 'path.inbound.way': way, 'path.inbound.translation': nat, 'path.diverted': diverted }) => {
    if (diverted) return undiverted(diverted)
    if (!way || nat?.kind !== 'to') return []
    if (isService(nat)) return withoutService(way.node, way.port)
    return isPlain(nat) ? withoutRule(nat, way.node) : withoutHolder(nat, way.node, way.port)
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#reserved-parameters',
    'https://www.cni.dev/plugins/current/meta/portmap/',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'docker publishes the same port',
      given: {
        'path.diverted': null,
        'path.inbound.way': inbound(),
        'path.inbound.translation': {
          kind: 'to',
          address: '172.17.0.2',
          port: 80,
          chain: 'DOCKER',
          rule: '-A DOCKER -j DNAT',
          alloc: null,
        },
      },
      then: 'present',
    },
    {
      name: 'a rule somebody wrote redirects the port',
      given: {
        'path.diverted': null,
        'path.inbound.way': inbound(),
        'path.inbound.translation': {
          kind: 'to',
          address: '10.0.0.11',
          port: 9999,
          chain: 'PREROUTING',
          rule: '-A PREROUTING -p tcp -m tcp --dport 25001 -j REDIRECT --to-ports 9999',
          alloc: null,
        },
      },
      then: 'present',
    },
    {
      name: 'a rule somebody wrote into the chain of port mappings',
      given: {
        'path.diverted': null,
        'path.inbound.way': inbound(),
        'path.inbound.translation': {
          kind: 'to',
          address: '172.26.64.99',
          port: 8080,
          chain: 'CNI-HOSTPORT-DNAT',
          rule: '-A CNI-HOSTPORT-DNAT -p tcp -m tcp --dport 25001 -j DNAT --to-destination 172.26.64.99:8080',
          alloc: null,
        },
      },
      then: 'present',
    },
    {
      name: 'kube-proxy sends the port to a pod of Kubernetes',
      given: {
        'path.diverted': null,
        'path.inbound.way': inbound(),
        'path.inbound.translation': {
          kind: 'to',
          address: '10.244.1.7',
          port: 8080,
          chain: 'KUBE-SEP-6E7XQMQ4RAYOWTTM',
          rule: '-A KUBE-SEP-6E7XQMQ4RAYOWTTM -p tcp -m tcp -j DNAT --to-destination 10.244.1.7:8080',
          alloc: null,
        },
      },
      then: 'present',
    },
    {
      name: 'a leftover mapping of another allocation',
      given: {
        'path.diverted': null,
        'path.inbound.way': inbound(),
        'path.inbound.translation': {
          kind: 'to',
          address: '172.26.64.7',
          port: 8080,
          chain: 'CNI-DN-aaaa',
          rule: '-A CNI-DN-aaaa -j DNAT',
          alloc: '6b235529-8111-4bbe-520b-d639b1d2a94e',
        },
      },
      then: 'absent',
    },
    {
      name: 'it leads to the allocation',
      given: {
        'path.diverted': null,
        'path.inbound.way': inbound(),
        'path.inbound.translation': {
          kind: 'to',
          address: '172.26.64.2',
          port: 8080,
          chain: 'CNI-DN-bbbb',
          rule: '-A CNI-DN-bbbb -j DNAT',
          alloc: null,
        },
      },
      then: 'absent',
    },
    {
      name: 'nothing is translated',
      given: { 'path.diverted': null, 'path.inbound.way': null, 'path.inbound.translation': null },
      then: 'absent',
    },
    {
      name: "a rule of the caller's client redirects the call to itself",
      given: { 'path.diverted': diverted(), 'path.inbound.way': inbound(), 'path.inbound.translation': null },
      then: 'present',
    },
    {
      name: "a rule of the caller's client sends the call to a machine that was not read",
      given: {
        'path.diverted': diverted({ to: { address: '10.0.0.99', port: 9999 } }),
        'path.inbound.way': null,
        'path.inbound.translation': null,
      },
      then: 'present',
    },
  ],
})
