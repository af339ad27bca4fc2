import { configList } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group, nodeDocument, record, task } from '../../samples.ts'

const published = group({
  network: { mode: '', ports: [{ label: 'http', to: 8080, hostNetwork: 'private' }] },
  tasks: [task({ config: { ports: ['http'] } })],
})
const own = record('a1', {
  ports: [{ label: 'http', hostIp: '10.0.0.1', hostPort: 25_000, to: 8080, hostNetwork: 'private' }],
})
const on = (kernel: string) => nodeDocument({ attributes: { 'kernel.name': kernel } })

export const windowsHostipEmpty = fault({
  id: 'windows-hostip-empty',
  about: 'alloc',
  title: 'Docker on Windows publishes the port on every address, whatever host network it has',
  layer: 'port',
  severity: 'risks',
  // Silent: the port works, on more addresses than the job asks for.
  heard: [],
  onlyWhen: { 'group.network.mode': ['host'] },
  needs: ['node.document', 'group.spec', 'alloc.record'],
  holds: ({ 'node.document': node, 'group.spec': { tasks }, 'alloc.record': { ports } }) => {
    if (node.attributes['kernel.name'] !== 'windows') return false
    const port = ports.find(
      ({ label, hostNetwork }) =>
        hostNetwork !== 'default' &&
        tasks.some((task) => task.driver === 'docker' && configList(task, 'ports').includes(label)),
    )
    return port
      ? `Port ${port.label} belongs to host network ${port.hostNetwork} (${port.hostIp}), but docker on the Windows client ${node.name} publishes it on all addresses`
      : false
  },
  intended: 'where the other networks of the client may reach the port too',
  byHand: 'docker ps on the client: the port is published as 0.0.0.0:<port> or without an address.',
  explains: [],
  because:
    'On Windows docker cannot publish a port on one address, so the driver leaves the address out. The host network of a port then decides what services announce, and nothing else: the port answers on every address of the client.',
  fix: ({ 'alloc.record': { ports } }) => [
    {
      do: `Filter port ${ports[0]?.hostPort ?? ''} with the firewall of Windows where it must not be reached`,
      on: 'client',
      risk: 'Callers on other networks lose their way in',
    },
  ],
  references: ['drivers/docker/driver_windows.go'],
  since: '0.1.0',
  examples: [
    {
      name: 'a private port on Windows',
      given: {
        'group.network.mode': 'host',
        'node.document': on('windows'),
        'group.spec': published,
        'alloc.record': own,
      },
      then: 'present',
    },
    {
      name: 'on Linux the address counts',
      given: {
        'group.network.mode': 'host',
        'node.document': on('linux'),
        'group.spec': published,
        'alloc.record': own,
      },
      then: 'absent',
    },
    {
      name: 'the default network is meant for everybody',
      given: {
        'group.network.mode': 'host',
        'node.document': on('windows'),
        'group.spec': published,
        'alloc.record': record('a1'),
      },
      then: 'absent',
    },
    {
      name: 'no bridge on Windows',
      given: {
        'group.network.mode': 'bridge',
        'node.document': on('windows'),
        'group.spec': group(),
        'alloc.record': own,
      },
      then: 'absent',
    },
  ],
})
