import { edits, include, unset } from '../../edit.ts'
import { configList, configText } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group, service, task } from '../../samples.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'

/** Task services that register the address docker gave their container on its default bridge. */
const inner = ({ network, tasks }: GroupSpec): ServiceSpec | undefined =>
  ['', 'host'].includes(network?.mode ?? '')
    ? tasks
        .filter(
          (task) => task.driver === 'docker' && ['', 'bridge', 'default'].includes(configText(task, 'network_mode')),
        )
        .flatMap(({ services }) => services)
        .find(({ addressMode, connect }) => addressMode === 'driver' && !connect)
    : undefined

const wallet = (addressMode: string, mode = ''): GroupSpec =>
  group({
    network: { mode, ports: [{ label: 'http', to: 8080, hostNetwork: 'default' }] },
    services: [],
    tasks: [task({ config: { ports: ['http'] }, services: [service({ level: 'task', addressMode })] })],
  })

export const driverAddressOffNode = fault({
  id: 'driver-address-off-node',
  about: 'group',
  title: "A service registers the container's address on docker's bridge, which ends at its client",
  layer: 'name',
  severity: 'risks',
  heard: ['dial tcp 172.17.0.<n>:<port>: i/o timeout', 'dial tcp 172.17.0.<n>:<port>: connect: no route to host'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = inner(spec)
    return found
      ? {
          says: `Service ${found.name} has address_mode = "driver" on docker's default bridge: it registers an address like 172.17.0.2, which only its own client can reach`,
          at: [found, 'address_mode'],
        }
      : false
  },
  intended: 'where all callers are on its own client',
  byHand:
    'nomad service info <service> (or Consul) shows 172.17.x.y; ip addr on the client shows docker0 in that subnet.',
  explains: [],
  because:
    'Docker\'s default bridge has the same private subnet on every client and no route leads there from outside. address_mode = "driver" registers the address of the container in it, and the port inside. Callers on the same client reach it; from another client the address is nobody\'s, or that of a different container.',
  fix: ({ 'group.spec': spec }) => {
    const found = inner(spec)
    const owner = spec.network?.ports.some(({ label }) => label === found?.port)
      ? spec.tasks.find(({ name }) => name === found?.task)
      : undefined
    const published = spec.tasks.some((task) => configList(task, 'ports').includes(found?.port ?? ''))
    return [
      {
        do: `Delete address_mode = "driver" from service ${found?.name ?? ''}${published ? '' : ' and list its port label in config.ports'}: it then registers the address of the client and the published port`,
        on: 'job file',
        risk: 'The service is registered anew',
        ...edits(
          found && owner
            ? [unset(found, 'address_mode'), ...(published ? [] : [include(owner.config, 'ports', found.port)])]
            : undefined,
          'its port is no label of the group',
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#address_mode',
    'https://github.com/hashicorp/nomad/issues/8615',
  ],
  since: '0.1.0',
  examples: [
    { name: 'driver mode on the default bridge', given: { 'group.spec': wallet('driver') }, then: 'present' },
    { name: 'the default', given: { 'group.spec': wallet('auto') }, then: 'absent' },
    {
      name: 'in a bridge group there is no driver network',
      given: { 'group.spec': wallet('driver', 'bridge') },
      then: 'absent',
    },
  ],
})
