import { fault } from '../../fault.ts'
import { service, task } from '../../samples.ts'
import type { TaskSpec } from '../../shapes/job.ts'

const announced = ({ services }: TaskSpec) =>
  services.find(({ addressMode, connect }) => ['auto', 'driver'].includes(addressMode) && !connect)

const six = (on: boolean, addressMode = 'auto'): TaskSpec =>
  task({ config: { advertise_ipv6_address: on }, services: [service({ level: 'task', addressMode })] })

export const advertiseIpv6Address = fault({
  id: 'advertise-ipv6-address',
  about: 'task',
  title: "The service announces the container's IPv6 address, which must be routed to be of use",
  layer: 'name',
  severity: 'risks',
  heard: ['dial tcp [<address>]:<port>: connect: no route to host', 'dial tcp [<address>]:<port>: i/o timeout'],
  onlyWhen: { 'task.driver': ['docker'] },
  needs: ['task.spec'],
  holds: ({ 'task.spec': task }) => {
    const found = announced(task)
    return task.config['advertise_ipv6_address'] === true && found
      ? {
          says: `Task ${task.name} has advertise_ipv6_address, so service ${found.name} registers the IPv6 address of the container with the port inside: callers need a route to docker's IPv6 network on that client`,
          at: [task.config, 'advertise_ipv6_address'],
        }
      : false
  },
  intended: "where docker's IPv6 network is routed to every caller",
  byHand: 'nomad service info <service> shows an IPv6 address; from the caller: ping -6 or ip -6 route get <address>.',
  explains: [],
  because:
    "advertise_ipv6_address makes the docker driver announce the container's global IPv6 address for services of the task whose address_mode is auto or driver. No port is mapped on that way, so the port is the one inside, and the prefix of docker on each client has to be routed by your network. Without such routes every caller on another machine fails.",
  fix: ({ 'task.spec': task }) => [
    {
      do: `Route the IPv6 prefix of docker (fixed-cidr-v6) to each client; otherwise delete advertise_ipv6_address from task ${task.name}, or set address_mode = "host" in the service`,
      on: 'job file',
      risk: 'The service is registered anew',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker#advertise_ipv6_address',
    'https://github.com/hashicorp/nomad/issues/6412',
  ],
  since: '0.1.0',
  examples: [
    { name: 'a task service in auto', given: { 'task.driver': 'docker', 'task.spec': six(true) }, then: 'present' },
    {
      name: 'the host address is registered',
      given: { 'task.driver': 'docker', 'task.spec': six(true, 'host') },
      then: 'absent',
    },
    { name: 'not asked for', given: { 'task.driver': 'docker', 'task.spec': six(false) }, then: 'absent' },
    { name: 'another driver', given: { 'task.driver': 'podman', 'task.spec': six(true) }, then: 'absent' },
  ],
})
