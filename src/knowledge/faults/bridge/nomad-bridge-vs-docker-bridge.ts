import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'

const base = {
  'path.place': 'same-client',
  'path.caller-namespace': 'container',
  'target.group.network.mode': 'bridge',
  'path.dials': [{ host: '172.26.64.3', port: 8080, from: 'env ORDERS of task loop' }],
  'path.reached': 'fails',
  'target.alloc.record': record('a1', { address: '172.26.64.3' }),
} as const

export const nomadBridgeVsDockerBridge = fault({
  id: 'nomad-bridge-vs-docker-bridge',
  about: 'path',
  title: "A container on docker's bridge calls an allocation address on Nomad's bridge",
  layer: 'bridge',
  // Docker and Nomad write rules of their own; those of this client may have a name of their own as well.
  severity: 'degrades',
  heard: ['dial tcp 172.26.<n>.<n>:<port>: i/o timeout', 'Connection timed out'],
  onlyWhen: {
    'path.place': ['same-client'],
    'path.caller-namespace': ['container', 'elsewhere'],
    'target.group.network.mode': ['bridge'],
  },
  needs: ['path.dials', 'target.alloc.record', 'path.reached'],
  holds: ({ 'path.dials': dials, 'target.alloc.record': { address, nodeName }, 'path.reached': reached }) => {
    const dial = dials.find(({ host }) => address !== undefined && host === address)
    return dial && reached === 'fails'
      ? `The caller is on docker's bridge of ${nodeName} and uses ${dial.host}${dial.port === undefined ? '' : `:${dial.port}`}, an address on Nomad's bridge: the two are kept apart on this client`
      : false
  },
  byHand: 'From the container the host address and mapped port of the target work, the allocation address does not.',
  explains: [],
  because:
    "A docker task outside a bridge group lives on docker0 or another docker network, one inside lives on Nomad's bridge. Packets between two bridges are forwarded by the host, and docker's rules let only their own traffic through: recent engines drop what comes from a docker bridge to anywhere they do not know. The mapped host port is the way that both sides allow.",
  fix: ({ 'target.alloc.record': { ports } }) => [
    {
      do: `Call the host address and mapped port of the target${ports[0] ? ` (${ports[0].hostIp}:${ports[0].hostPort} now)` : ''}, best by its service`,
      on: 'job file of the caller',
      risk: 'The allocation of the caller is replaced',
    },
    {
      do: 'Or put the caller into a bridge group too, without network_mode in its docker config',
      on: 'job file of the caller',
      risk: 'The allocation of the caller is replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://github.com/hashicorp/nomad/issues/10217',
  ],
  since: '0.1.0',
  examples: [
    { name: "from docker's bridge to the allocation address", given: base, then: 'present' },
    { name: 'it answers', given: { ...base, 'path.reached': 'answered' }, then: 'absent' },
    {
      name: 'the host address is used',
      given: { ...base, 'path.dials': [{ host: '10.0.0.1', port: 25_000, from: 'env ORDERS of task loop' }] },
      then: 'absent',
    },
    { name: 'on another client', given: { ...base, 'path.place': 'other-client' }, then: 'absent' },
    { name: 'from a bridge group', given: { ...base, 'path.caller-namespace': 'group' }, then: 'absent' },
    { name: 'the target is in host mode', given: { ...base, 'target.group.network.mode': 'host' }, then: 'absent' },
  ],
})
