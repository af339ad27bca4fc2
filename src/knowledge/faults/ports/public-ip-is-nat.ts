import { translatedAddresses } from '../../cloud.ts'
import { fault } from '../../fault.ts'
import { nodeDocument } from '../../samples.ts'
import type { NodeDocument } from '../../shapes/runtime.ts'

/** A host network whose one address is that of the cloud's NAT, and matches no interface. */
function translated({ hostNetworks, networks, attributes }: NodeDocument) {
  const told = translatedAddresses(attributes)
  const offered = networks.flatMap(({ addresses }) => addresses.map(({ alias }) => alias))
  return hostNetworks.find(({ name, cidr }) => told.has(cidr.replace(/\/\d+$/, '')) && !offered.includes(name))
}

const cloud = (cidr: string, alias = 'default'): NodeDocument =>
  nodeDocument({
    attributes: { 'unique.platform.aws.public-ipv4': '203.0.113.9' },
    hostNetworks: [{ name: 'public', cidr, interface: '', reservedPorts: '' }],
    networks: [{ mode: 'host', device: 'ens5', addresses: [{ alias, address: '10.0.0.1', family: 'ipv4' }] }],
  })

export const publicIpIsNat = fault({
  id: 'public-ip-is-nat',
  about: 'node',
  title: "A host network is given the cloud's public address, which no interface has",
  layer: 'node',
  severity: 'risks',
  heard: ['missing host network "<name>" for port "<label>"'],
  needs: ['node.document'],
  holds: ({ 'node.document': node }) => {
    const found = translated(node)
    return found
      ? `Host network ${found.name} of ${node.name} has cidr ${found.cidr}, the public address of the cloud: it is translated outside the machine, so the network matches nothing here`
      : false
  },
  intended: 'where no port asks for that host network',
  byHand:
    'ip addr on the client does not show the public address; nomad node status -verbose does not list the host network.',
  explains: [],
  because:
    'In most clouds a machine has a private address only, and the provider translates a public one to it on the way in. A host_network block selects among the addresses the interfaces really have, so one with the public address selects none, and no job can be placed on it. The translation needs no help: what answers on the private address answers on the public one.',
  fix: ({ 'node.document': node }) => [
    {
      do: `Give host_network "${translated(node)?.name ?? ''}" the private cidr or the interface, and restart the agent`,
      on: 'client configuration',
      risk: 'The agent restarts',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/configuration/client#host_network-block'],
  since: '0.1.0',
  examples: [
    { name: 'the public address as cidr', given: { 'node.document': cloud('203.0.113.9/32') }, then: 'present' },
    { name: 'the private network', given: { 'node.document': cloud('10.0.0.0/24', 'public') }, then: 'absent' },
    { name: 'no host network', given: { 'node.document': nodeDocument() }, then: 'absent' },
  ],
})
