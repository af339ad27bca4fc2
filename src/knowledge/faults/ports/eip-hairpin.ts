import { translatedAddresses } from '../../cloud.ts'
import type { Dial } from '../../facts/path.ts'
import { fault } from '../../fault.ts'
import { nodeDocument } from '../../samples.ts'
import type { NodeDocument } from '../../shapes/runtime.ts'

const outward = (dials: readonly Dial[], { attributes }: NodeDocument) => {
  const known = translatedAddresses(attributes)
  return dials.find(({ host }) => known.has(host))
}

const cloud = nodeDocument({ attributes: { 'unique.platform.aws.public-ipv4': '203.0.113.9' } })
const dial = (host: string): readonly Dial[] => [{ host, port: 443, from: 'env ORDERS of task loop' }]

export const eipHairpin = fault({
  id: 'eip-hairpin',
  about: 'path',
  title: "The caller inside the cloud uses the target's public address, which is translated outside",
  layer: 'node',
  severity: 'degrades',
  heard: ['dial tcp <public address>:<port>: i/o timeout', 'connect: connection timed out'],
  onlyWhen: { 'path.place': ['same-task', 'same-alloc', 'same-client', 'other-client'] },
  needs: ['path.dials', 'target.node.document'],
  holds: ({ 'path.dials': dials, 'target.node.document': node }) => {
    const found = outward(dials, node)
    return found
      ? `${found.from} has ${found.host}, the public address of ${node.name}: from inside, its packets go out to the provider and mostly do not come back`
      : false
  },
  byHand:
    'ip addr on the target client does not show the address; from outside it answers, from the client itself or a neighbour it times out.',
  explains: [],
  because:
    'In most clouds a machine has a private address only, and the provider translates the public one at its edge. On the machine the public address belongs to nobody, so no port mapping matches it and packets for it leave by the default route. Whether the edge sends them back in again depends on the provider; often it does not, and if it does, the answer takes another way.',
  fix: ({ 'path.dials': dials, 'target.node.document': node }) => [
    {
      do: `Use the private address, or the service's registered one, instead of ${outward(dials, node)?.host ?? 'the public address'}`,
      on: 'job file',
      risk: 'The allocations of the caller are replaced',
    },
    {
      do: 'For a name that outsiders use too: answer it with the private address inside (split-horizon DNS)',
      on: 'DNS',
      risk: 'none',
    },
  ],
  references: [
    'https://docs.aws.amazon.com/vpc/latest/userguide/vpc-eips.html',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#host_network-block',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the public address is dialled',
      given: { 'path.place': 'other-client', 'path.dials': dial('203.0.113.9'), 'target.node.document': cloud },
      then: 'present',
    },
    {
      name: 'the private one is',
      given: { 'path.place': 'other-client', 'path.dials': dial('10.0.0.1'), 'target.node.document': cloud },
      then: 'absent',
    },
    {
      name: 'the caller is outside, where it is right',
      given: { 'path.place': 'outside', 'path.dials': dial('203.0.113.9'), 'target.node.document': cloud },
      then: 'absent',
    },
  ],
})
