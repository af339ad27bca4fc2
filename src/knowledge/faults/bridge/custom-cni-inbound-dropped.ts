import { inbound, outbound, stopped } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { Stopped } from '../../shapes/crossing.ts'

const lan = inbound({ mode: 'cni', out: 'lan0', inside: { address: '10.22.0.5', port: 8080 } })

/** Docker keeps its own jumps above everything else in FORWARD. */
const firstChain = (at: Stopped | null | undefined): string => (at?.cni.dockerUser ? 'DOCKER-USER' : 'FORWARD')

export const customCniInboundDropped = fault({
  id: 'custom-cni-inbound-dropped',
  about: 'path',
  title: "No rule accepts new connections to the operator's CNI network",
  layer: 'node',
  severity: 'breaks',
  heard: ['Chain FORWARD (policy DROP)'],
  needs: ['path.forward'],
  holds: ({ 'path.forward': at }) => {
    if (
      at?.stop.by !== 'iptables' ||
      at.stop.table !== 'filter' ||
      at.way.side !== 'target' ||
      at.way.mode !== 'cni' ||
      at.stop.via.includes('DOCKER-USER')
    )
      return false
    const own = at.stop.at !== null && at.cni.forwardJump !== null && at.stop.at < at.cni.forwardJump
    if (own || (at.cni.forwardJump === null && at.cni.filter > 0)) return false
    return `On ${at.way.node} no rule accepts new connections to ${at.way.out}, so ${at.stop.rule ?? `the policy ${at.stop.verdict.toUpperCase()} of ${at.stop.chain}`} stops those to ${at.way.inside?.address ?? 'the allocation'}`
  },
  byHand:
    'On the client: iptables -S has no rule that accepts new packets with -o <bridge of the network>, and FORWARD has the policy DROP. The host port works from the client itself.',
  explains: ['node-to-node-blocked'],
  because:
    "Nomad accepts new connections for its own bridge only, by a rule in NOMAD-ADMIN. For a CNI network of the operator nobody does: the firewall plug-in accepts what the allocation sends and the answers to it. With FORWARD's policy at DROP, as docker sets it, callers from other machines time out at the host port, while the client itself gets through, because its own packets are not forwarded.",
  fix: ({ 'path.forward': at }) => [
    {
      do: `Accept new connections to ${at?.way.out ?? 'the bridge'}, in ${firstChain(at)} or in the admin chain the conflist names (iptablesAdminChainName)`,
      on: `client ${at?.way.node ?? ''}`,
      run: ['iptables', '-I', firstChain(at), '1', '-o', at?.way.out ?? '<bridge>', '-j', 'ACCEPT'],
      risk: 'Every port of every allocation in that network becomes reachable for machines that have a route to it',
    },
    {
      do: 'Keep the rule across reboots, in the service that sets up the firewall',
      on: `client ${at?.way.node ?? ''}`,
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://github.com/hashicorp/nomad/issues/16456',
  ],
  since: '0.1.0',
  examples: [
    { name: 'the policy drops what nobody accepted', given: { 'path.forward': stopped({}, {}, lan) }, then: 'present' },
    {
      name: 'without the firewall plug-in there is no jump either',
      given: { 'path.forward': stopped({}, { forwardJump: null, filter: 0 }, lan) },
      then: 'present',
    },
    {
      name: 'a rule above CNI-FORWARD stops it',
      given: { 'path.forward': stopped({ rule: '-A FORWARD -j REJECT', at: 1 }, { forwardJump: 2 }, lan) },
      then: 'absent',
    },
    {
      name: 'the jump to CNI-FORWARD is gone',
      given: { 'path.forward': stopped({}, { forwardJump: null }, lan) },
      then: 'absent',
    },
    {
      name: 'there is no docker on the client',
      given: { 'path.forward': stopped({}, { dockerUser: false }, lan) },
      then: 'present',
    },
    { name: 'it is the bridge of Nomad', given: { 'path.forward': stopped() }, then: 'absent' },
    {
      name: "the source's client stops it",
      given: { 'path.forward': stopped({}, {}, outbound({ mode: 'cni' })) },
      then: 'absent',
    },
    { name: 'nothing stops it', given: { 'path.forward': null }, then: 'absent' },
  ],
})
