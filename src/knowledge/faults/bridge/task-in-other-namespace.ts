import { fault } from '../../fault.ts'
import { task } from '../../samples.ts'
import type { Container } from '../../shapes/runtime.ts'

const one = (but: Partial<Container>): Container => ({
  id: 'c1',
  name: 'server-6b235529',
  state: 'running',
  networkMode: 'bridge',
  sandbox: '',
  networks: {},
  published: {},
  dns: [],
  extraHosts: [],
  env: [],
  ...but,
})
const pause = one({ id: 'p1', name: 'nomad_init_6b235529', networkMode: 'none' })
const server = task({ name: 'server' })
const given = {
  'target.group.network.mode': 'bridge',
  'path.place': 'other-client',
  'target.task.spec': server,
  'target.alloc.containers': [pause, one({ task: 'server', networks: { bridge: '172.17.0.2' } })],
} as const

export const taskInOtherNamespace = fault({
  id: 'task-in-other-namespace',
  about: 'path',
  title: 'The task is not in the network namespace of its allocation',
  layer: 'port',
  severity: 'breaks',
  heard: ['Connection refused', 'connect: connection refused'],
  onlyWhen: {
    'target.group.network.mode': ['bridge', 'cni'],
    'path.place': ['same-client', 'other-client', 'outside'],
  },
  needs: ['target.task.spec', 'target.alloc.containers'],
  shows: ['target.alloc.containers'],
  holds: ({ 'target.task.spec': { name }, 'target.alloc.containers': all }) => {
    const own = all.find((each) => each.task === name && each.state === 'running')
    const holder = all.find((each) => each.name.startsWith('nomad_init_'))
    if (!own || !holder || own.networkMode === `container:${holder.id}`) return false
    const [network, address = ''] = Object.entries(own.networks).find(([, value]) => value !== '') ?? []
    const where = network === undefined ? '' : `, with ${address} on docker's network ${network}`
    return `Container ${own.name} has network mode ${own.networkMode}${where}, while the host port leads into the namespace of ${holder.name}`
  },
  byHand:
    'On the client: docker inspect <task>-<alloc id> has to say NetworkMode container:<id of nomad_init_<alloc id>>.',
  explains: ['nsd-check-failing', 'app-ignores-assigned-port', 'app-binds-loopback-only', 'wrong-to-port'],
  because:
    "In bridge mode the pause container holds the allocation's network namespace, and the host port is translated to the address in it. Each task container joins that namespace. With network_mode in the config of the docker task, whatever its value, docker puts it somewhere else: the process listens where no packet goes, and the namespace of the allocation refuses callers because nothing listens in it.",
  fix: ({ 'target.task.spec': { name } }) => [
    {
      do: `Delete network_mode from the config block of task ${name}`,
      on: 'job file',
      risk: 'The allocation is replaced; the task sees other addresses',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/drivers/docker#network_mode',
    'https://developer.hashicorp.com/nomad/docs/networking',
  ],
  since: '0.1.0',
  examples: [
    { name: "the container is on docker's bridge", given, then: 'present' },
    {
      name: 'the container has joined the pause container',
      given: { ...given, 'target.alloc.containers': [pause, one({ task: 'server', networkMode: 'container:p1' })] },
      then: 'absent',
    },
    { name: 'no container of the task runs', given: { ...given, 'target.alloc.containers': [pause] }, then: 'absent' },
    {
      name: 'host networking has no such namespace',
      given: { ...given, 'target.group.network.mode': 'host' },
      then: 'absent',
    },
    {
      name: 'within one allocation it is told by the job',
      given: { ...given, 'path.place': 'same-alloc' },
      then: 'absent',
    },
  ],
})
