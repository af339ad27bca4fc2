import { allocOf, short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { instance, record } from '../../samples.ts'
import type { Ask } from '../../shapes/discovery.ts'
import type { ConsulInstance } from '../../shapes/runtime.ts'

interface Asked {
  readonly ask: Ask
  readonly instances: readonly ConsulInstance[]
}

/** An instance without an address of its own, at a Consul agent with an address Nomad does not use. */
const elsewhere = (asked: readonly Asked[], alloc: string, addresses: readonly string[]) =>
  asked
    .flatMap(({ instances }) => instances)
    .find(
      (one) =>
        allocOf(one) === alloc && one.address === '' && one.nodeAddress !== '' && !addresses.includes(one.nodeAddress),
    )

const alloc = '12fef216-f6eb-31a4-cb2f-75fb3be320cd'
const asked = (changed: Partial<ConsulInstance>): readonly Asked[] => [
  {
    ask: { via: 'consul-template', name: 'orders', where: 'template local/a.env' },
    instances: [instance(alloc, { address: '', nodeAddress: '192.168.1.5', ...changed })],
  },
]
const base = {
  'path.discovery': 'consul-template',
  'target.alloc.record': record(alloc),
  'target.node.addresses': ['10.0.0.1'],
} as const

export const consulAddressDiffers = fault({
  id: 'consul-address-differs',
  about: 'path',
  title: "The service has the address of Consul's agent, which is not the one Nomad uses",
  layer: 'name',
  severity: 'degrades',
  heard: [
    'dial tcp <address>:<port>: i/o timeout',
    'consul shows another address for the service than nomad alloc status',
  ],
  onlyWhen: { 'path.discovery': ['consul-template', 'consul-dns'] },
  needs: ['path.asked.instances', 'target.alloc.record', 'target.node.addresses'],
  shows: ['path.asked.instances', 'target.node.addresses'],
  holds: (known) => {
    const found = elsewhere(
      known['path.asked.instances'],
      known['target.alloc.record'].id,
      known['target.node.addresses'],
    )
    return found
      ? `${found.service} of allocation ${short(known['target.alloc.record'].id)} has no address of its own, so callers get ${found.nodeAddress}, the address of Consul's agent; Nomad uses ${known['target.node.addresses'].slice(0, 3).join(', ')}`
      : false
  },
  byHand:
    'curl http://127.0.0.1:8500/v1/health/service/<name>: Service.Address is empty and Node.Address is on another network than nomad alloc status says.',
  explains: [],
  because:
    'A service that names a number as port is registered without an address, and Consul puts in the one its own agent advertises. Nomad opens ports on the address of its own network_interface. On a machine with several networks these may be two addresses, and callers are sent to the one where the port is not open.',
  fix: () => [
    {
      do: 'Write the label of a port block as port of the service: then the address of the port is registered',
      on: 'job file of the target',
      risk: 'The service is registered anew',
    },
    {
      do: "Or give Consul's agent the same address (bind_addr, advertise_addr) as network_interface of the client",
      on: 'Consul configuration',
      risk: 'The Consul agent must be restarted',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#address_mode',
    'https://github.com/hashicorp/nomad/issues/9177',
  ],
  since: '0.1.0',
  examples: [
    { name: 'two networks', given: { ...base, 'path.asked.instances': asked({}) }, then: 'present' },
    {
      name: 'the same address',
      given: { ...base, 'path.asked.instances': asked({ nodeAddress: '10.0.0.1' }) },
      then: 'absent',
    },
    {
      name: 'an address of its own',
      given: { ...base, 'path.asked.instances': asked({ address: '10.0.0.1' }) },
      then: 'absent',
    },
    {
      name: 'found over Nomad',
      given: { ...base, 'path.discovery': 'nomad-template', 'path.asked.instances': asked({}) },
      then: 'absent',
    },
  ],
})
