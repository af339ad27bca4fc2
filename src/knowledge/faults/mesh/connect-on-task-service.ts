import { fault } from '../../fault.ts'
import { group, service, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

const misplaced = (spec: GroupSpec) =>
  spec.tasks.flatMap((one) =>
    one.services.filter(({ connect }) => connect !== undefined && !connect.native).map((own) => ({ task: one, own })),
  )[0]

const meshed = service({
  provider: 'consul',
  level: 'task',
  connect: { native: false, gateway: false, sidecar: { port: '', upstreams: [], transparentProxy: false } },
})

export const connectOnTaskService = fault({
  id: 'connect-on-task-service',
  about: 'group',
  title: 'The service of a task has a connect block, which only services of a group may have',
  layer: 'mesh',
  severity: 'breaks',
  heard: ['service "<service>" cannot have "connect" block, only services defined in a "group" block can'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = misplaced(spec)
    return found === undefined
      ? false
      : `Service ${found.own.name} of task ${found.task.name} in group ${spec.name} has a connect block: the servers refuse the job`
  },
  byHand: 'nomad job validate <file> names the service; look whether the service block stands inside a task block.',
  explains: [],
  because:
    'The sidecar is a task of its own beside the application and shares the network of the whole group. It therefore belongs to a service of the group; a service inside a task has no place for it, and the servers refuse such a job.',
  fix: ({ 'group.spec': spec }) => {
    const found = misplaced(spec)
    return [
      {
        do: `Move service ${found?.own.name ?? ''} out of task ${found?.task.name ?? ''} into group ${spec.name}, and give it the container port as a number`,
        on: 'job file',
        risk: 'A group service is registered before its task runs',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/connect',
    'https://developer.hashicorp.com/nomad/docs/job-specification/service',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'connect in the service of a task',
      given: { 'group.spec': group({ services: [], tasks: [task({ services: [meshed] })] }) },
      then: 'present',
    },
    {
      name: 'connect in the service of the group',
      given: { 'group.spec': group({ services: [{ ...meshed, level: 'group' }] }) },
      then: 'absent',
    },
  ],
})
