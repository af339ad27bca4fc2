import { edits, set } from '../../edit.ts'
import { configList, userNetwork } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group, service, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** Task services that take the driver's address by themselves. Source: drivers/docker/driver.go, `detectIP`. */
const automatic = ({ tasks }: GroupSpec) =>
  tasks
    .filter((task) => userNetwork(task) !== '')
    .flatMap((task) =>
      task.services
        .filter(({ addressMode, address, connect }) => addressMode === 'auto' && address === '' && !connect)
        .map((service) => ({ task, service })),
    )
    .at(0)

const own = (network_mode: string, addressMode = 'auto'): GroupSpec =>
  group({
    network: { mode: '', ports: [{ label: 'http', to: 8080, hostNetwork: 'default' }] },
    services: [],
    tasks: [task({ config: { network_mode, ports: ['http'] }, services: [service({ level: 'task', addressMode })] })],
  })

export const dockerUserNetworkAutoAdvertise = fault({
  id: 'docker-user-network-auto-advertise',
  about: 'group',
  title: "A service on a docker network of your own registers the container's address",
  layer: 'name',
  severity: 'risks',
  heard: ['dial tcp 172.18.<n>.<n>:<port>: i/o timeout', 'dial tcp 172.18.<n>.<n>:<port>: connect: no route to host'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = automatic(spec)
    return found
      ? {
          says: `Service ${found.service.name} of task ${found.task.name} is on docker network ${userNetwork(found.task)} with address_mode auto: it registers the container's address and port there, which exist on that one client`,
          at: found.service,
        }
      : false
  },
  intended: 'where its callers are on that docker network too',
  byHand:
    'nomad service info <service> (or Consul) shows an address of the docker network instead of the client, and the port inside.',
  explains: [],
  because:
    "With address_mode auto the driver decides. On docker's default bridge it keeps to the address of the client; on any other docker network it advertises the address and port of the container for services of the task. A local docker network ends at its client, so callers elsewhere time out or are refused. Services of the group never see the driver's network and are not affected.",
  fix: ({ 'group.spec': spec }) => {
    const found = automatic(spec)
    return [
      {
        do: `Set address_mode = "host" in service ${found?.service.name ?? ''}, with a port label that is published`,
        on: 'job file',
        risk: 'The service is registered anew',
        ...edits(
          found && configList(found.task, 'ports').includes(found.service.port)
            ? [set(found.service, 'address_mode', 'host')]
            : undefined,
          'the task publishes no port for the service',
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#address_mode',
    'drivers/docker/driver.go, detectIP',
    'https://github.com/hashicorp/nomad/issues/9221',
  ],
  since: '0.1.0',
  examples: [
    { name: 'a network made with docker network create', given: { 'group.spec': own('shopnet') }, then: 'present' },
    { name: 'the host address is asked for', given: { 'group.spec': own('shopnet', 'host') }, then: 'absent' },
    { name: "docker's default bridge", given: { 'group.spec': own('bridge') }, then: 'absent' },
    { name: 'the namespace of the host', given: { 'group.spec': own('host') }, then: 'absent' },
  ],
})
