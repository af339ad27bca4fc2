import { inbound, stopped } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { Stopped } from '../../shapes/crossing.ts'

const bridged = inbound({ mode: 'host', in: 'nomad', out: '', sources: ['172.26.64.3'], port: 9100, inside: null })

/** In the very table that stops it: what another one accepts does not count there. */
function accepting(at: Stopped | null | undefined): readonly string[] {
  const { in: device = '<interface>', port = '<port>' } = at?.way ?? {}
  const { by = 'iptables', table = 'filter', chain = 'INPUT', via = [] } = at?.stop ?? {}
  if (by === 'nftables')
    return ['nft', 'insert', 'rule', ...table.split(' '), chain, 'iifname', device, 'tcp', 'dport', `${port}`, 'accept']
  const where = [...(table === 'filter' ? [] : ['-t', table]), '-I', via[0] ?? chain]
  return [by, ...where, '-i', device, '-p', 'tcp', '--dport', `${port}`, '-j', 'ACCEPT']
}

export const hostInputDrop = fault({
  id: 'host-input-drop',
  about: 'path',
  title: "The client's own firewall does not let callers in to a port of the host",
  layer: 'node',
  severity: 'breaks',
  heard: ['Chain INPUT (policy DROP)', '[UFW BLOCK] IN=nomad'],
  needs: ['path.inbound.input'],
  holds: ({ 'path.inbound.input': at }) =>
    at
      ? `On ${at.way.node} ${at.stop.by === 'nftables' ? `table ${at.stop.table}` : at.stop.by} stops what comes in by ${at.way.in} from ${at.way.sources.join(' or ')} to ${at.way.address}:${at.way.port} (${at.stop.rule ?? `policy ${at.stop.verdict.toUpperCase()} of ${at.stop.chain}`})`
      : false,
  byHand:
    'On the client: iptables -nvL INPUT has the policy DROP, or ends in a DROP or REJECT, and no rule accepts the interface and the port.',
  explains: ['node-to-node-blocked'],
  because:
    "A process with host networking, and the agents on the client, are reached through the INPUT chain. A firewall with a policy of DROP usually has rules for the machine's own network and for lo, and forgets the bridge: allocations on the same client then time out at 9100, 8500, 53 or 4646, while the client itself is served. Ports of allocations in bridge mode never pass INPUT; opening them there changes nothing.",
  fix: ({ 'path.inbound.input': at }) => [
    {
      do: 'Accept the port for what comes in by that interface',
      on: `client ${at?.way.node ?? ''}`,
      run: accepting(at),
      risk: 'The port is open to everybody on that interface',
    },
    ...(at?.stop.by === 'nftables'
      ? []
      : [
          {
            do: `Or with ufw: ufw allow in on ${at?.way.in ?? '<interface>'} to any port ${at?.way.port ?? '<port>'} proto tcp`,
            on: `client ${at?.way.node ?? ''}`,
            risk: 'the same',
          },
        ]),
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking',
    'https://github.com/hashicorp/nomad/issues/6580',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the policy of INPUT drops what comes from the bridge',
      given: { 'path.inbound.input': stopped({ chain: 'INPUT', via: ['INPUT'] }, {}, bridged) },
      then: 'present',
    },
    {
      name: 'an nftables table drops it',
      given: {
        'path.inbound.input': stopped(
          { by: 'nftables', table: 'inet filter', chain: 'input', via: ['input'] },
          {},
          bridged,
        ),
      },
      then: 'present',
    },
    { name: 'nothing stops it', given: { 'path.inbound.input': null }, then: 'absent' },
  ],
})
