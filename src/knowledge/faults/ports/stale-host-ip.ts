import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { link, record } from '../../samples.ts'
import type { Link } from '../../shapes/packet.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

/** A port whose address no interface of the client has any more. */
const lost = ({ ports }: AllocRecord, links: readonly Link[]) => {
  const have = new Set(links.flatMap(({ addresses }) => addresses.map(({ address }) => address)))
  return have.size === 0
    ? undefined
    : ports.find(({ hostIp }) => hostIp !== '' && !hostIp.startsWith('127.') && !have.has(hostIp))
}

export const staleHostIp = fault({
  id: 'stale-host-ip',
  aliases: ['node-ip-stale'],
  about: 'alloc',
  title: 'The port has an address that the client does not have',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'listen tcp4 <address>:<port>: bind: cannot assign requested address',
    'Error starting userland proxy: listen tcp4 <address>:<port>: bind: cannot assign requested address',
  ],
  onlyWhen: { 'alloc.status': ['running', 'pending', 'failed'] },
  needs: ['alloc.record', 'node.links'],
  holds: ({ 'alloc.record': record, 'node.links': links }) => {
    const port = lost(record, links)
    return port
      ? `Port ${port.label} of the allocation is ${port.hostIp}:${port.hostPort}, but no interface of ${record.nodeName} has ${port.hostIp}: its agent saw that address when it started`
      : false
  },
  byHand: 'ip addr on the client does not show the address that nomad alloc status prints for the port.',
  explains: ['node-to-node-blocked'],
  because:
    'The agent looks at the interfaces once, when it starts, and the servers go by what it told them. When the address changes afterwards (DHCP, a VPN that comes and goes, a card that was renamed), new allocations still get the old one: docker cannot bind it, and services announce an address that belongs to nobody.',
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Restart the agent, so that it looks again; since Nomad 1.11.2 a reload will do',
      on: `client ${record.nodeName}`,
      run: ['systemctl', 'restart', 'nomad'],
      risk: 'Running tasks go on',
    },
    {
      do: 'Then replace the allocation',
      on: 'cluster',
      run: allocCommand('stop', record),
      risk: 'The allocation ends; another one is placed',
    },
    {
      do: 'Give the client a fixed address, and start the agent after network-online.target',
      on: 'client',
      risk: 'none',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/issues/23526',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#network_interface',
    'client/fingerprint/network.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the address has changed',
      given: { 'alloc.status': 'running', 'alloc.record': record('a1'), 'node.links': [link('eth0', '10.0.0.99')] },
      then: 'present',
    },
    {
      name: 'the address is there',
      given: {
        'alloc.status': 'running',
        'alloc.record': record('a1'),
        'node.links': [link('lo', '127.0.0.1'), link('eth0', '10.0.0.1')],
      },
      then: 'absent',
    },
    {
      name: 'no port',
      given: {
        'alloc.status': 'running',
        'alloc.record': record('a1', { ports: [] }),
        'node.links': [link('eth0', '10.0.0.99')],
      },
      then: 'absent',
    },
    {
      name: 'it is over',
      given: {
        'alloc.status': 'complete',
        'alloc.record': record('a1', { clientStatus: 'complete' }),
        'node.links': [link('eth0', '10.0.0.99')],
      },
      then: 'absent',
    },
  ],
})
