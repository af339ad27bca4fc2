import { fault } from '../../fault.ts'
import { link, nodeDocument, record } from '../../samples.ts'
import type { Link } from '../../shapes/packet.ts'

/** IPv4 addresses that are not for private use. */
function open(address: string): boolean {
  const [a = 0, b = 0] = address.split('.').map(Number)
  if (address.includes(':') || a === 0 || a === 10 || a === 127 || a >= 224) return false
  return !(
    (a === 172 && b >= 16 && b < 32) ||
    (a === 192 && b === 168) ||
    (a === 169 && b === 254) ||
    (a === 100 && b >= 64 && b < 128) ||
    (a === 198 && (b === 18 || b === 19))
  )
}

const exposed = (links: readonly Link[]) =>
  links
    .flatMap(({ name, addresses }) =>
      addresses.filter((one) => open(one.address)).map(({ address }) => ({ name, address })),
    )
    .at(0)

const at = (address: string, hostIp = '10.0.0.1') => ({
  'group.network.mode': 'bridge' as const,
  'alloc.record': record('a1', {
    ports: [{ label: 'db', hostIp, hostPort: 25_000, to: 5432, hostNetwork: 'default' }],
  }),
  'node.document': nodeDocument(),
  'node.links': [link('eth0', '10.0.0.1'), link('eth1', address)],
})

export const bridgePortExposedEverywhere = fault({
  id: 'bridge-port-exposed-everywhere',
  about: 'alloc',
  title: 'The mapped port answers on every address of the client, a public one included',
  layer: 'port',
  severity: 'risks',
  // Silent: the port works, for more people than meant.
  heard: [],
  onlyWhen: { 'group.network.mode': ['bridge'] },
  needs: ['alloc.record', 'node.document', 'node.links'],
  shows: ['alloc.record', 'node.links'],
  holds: ({ 'alloc.record': { ports }, 'node.document': { name, hostNetworks }, 'node.links': links }) => {
    const found = exposed(links)
    const [port] = ports
    return found && port && hostNetworks.length === 0
      ? `Port ${port.label} of the allocation is mapped on all addresses of ${name}, so it also answers on ${found.address}:${port.hostPort} of ${found.name}`
      : false
  },
  intended: 'where everybody on that network may reach the port',
  byHand:
    'From a machine outside: nc -vz <public address> <host port>. On the client the rule in the CNI-DN chain names no destination address.',
  explains: [],
  because:
    'As long as a client has no host_network block, the port mapping leaves the address out of its rule, and every local address leads to the allocation. The packet is forwarded, not delivered to the host, so firewalls that guard INPUT (ufw, a plain firewalld zone) never see it. A database with a port block is then open to the internet where the client has a public address.',
  fix: ({ 'alloc.record': { ports } }) => [
    {
      do: `Define host_network "private" with the inner cidr on the clients and set host_network = "private" in port ${ports[0]?.label ?? ''}`,
      on: 'client configuration',
      risk: 'The agent restarts; from then on ports of new allocations answer on their host address only',
    },
    {
      do: 'Or drop the port block where only the same client or the mesh needs it, or filter in the chain NOMAD-ADMIN or in front of the client',
      on: 'job file',
      risk: 'The allocation is replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#host_network-block',
    'https://github.com/hashicorp/nomad/issues/19771',
  ],
  since: '0.1.0',
  examples: [
    { name: 'a public address on the second card', given: at('203.0.113.9'), then: 'present' },
    { name: 'private addresses only', given: at('192.168.7.9'), then: 'absent' },
    {
      name: 'the client has host networks',
      given: {
        ...at('203.0.113.9'),
        'node.document': nodeDocument({
          hostNetworks: [{ name: 'private', cidr: '10.0.0.0/24', interface: '', reservedPorts: '' }],
        }),
      },
      then: 'absent',
    },
    { name: 'host mode', given: { ...at('203.0.113.9'), 'group.network.mode': 'host' }, then: 'absent' },
  ],
})
