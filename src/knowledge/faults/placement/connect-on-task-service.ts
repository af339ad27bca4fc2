import { edits, move, set } from '../../edit.ts'
import type { Edit } from '../../edit.ts'
import { insidePort, numeric } from '../../mesh.ts'
import { fault } from '../../fault.ts'
import { group, service, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

const wrong = ({ tasks }: GroupSpec) =>
  tasks.flatMap(({ name, services }) =>
    services
      .filter(({ connect }) => connect && !connect.native)
      .map((one) => ({ task: name, service: one.name, at: one.connect ?? one })),
  )

/** The services with a sidecar, a level up; what they register is the number inside. */
function lifted(spec: GroupSpec): readonly Edit[] | undefined {
  const found = spec.tasks.flatMap(({ services }) => services.filter(({ connect }) => connect && !connect.native))
  const steps = found.map((own) => {
    const inside = numeric(own.port) ? Number(own.port) : insidePort(spec, own.port)
    return inside === undefined ? undefined : [set(own, 'port', String(inside)), move(own, spec, 'task')]
  })
  return steps.every((one) => one !== undefined) ? steps.flat() : undefined
}

export const connectOnTaskService = fault({
  id: 'connect-on-task-service',
  about: 'group',
  title: 'The connect block is in the service of a task; only services of a group may have one',
  layer: 'job',
  severity: 'breaks',
  heard: ['service "<service>" cannot have "connect" block, only services defined in a "group" block can'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const [first] = wrong(spec)
    return first
      ? {
          says: `Service ${first.service} of task ${first.task} has a connect block, so Nomad refuses the job`,
          at: first.at,
        }
      : false
  },
  byHand: 'nomad job validate <file> names the service.',
  explains: [],
  because:
    'A sidecar proxy is a task of its own beside the application, in the network namespace of the group. Nomad makes it for services of the group block, whose ports and namespace all tasks share. In the service of a task the block has no meaning, and the job is refused when it is submitted: no allocation, no service, no sidecar.',
  fix: ({ 'group.spec': spec }) => {
    const [first] = wrong(spec)
    return [
      {
        do: `Move the service block of ${first?.service ?? ''} from task ${first?.task ?? ''} up into group ${spec.name}, with mode = "bridge" in its network block and the port the application listens on`,
        on: 'job file',
        risk: 'none: the job was not accepted before',
        ...edits(lifted(spec), 'the job does not say on which number the application listens'),
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/connect', 'nomad/structs/services.go'],
  since: '0.1.0',
  examples: [
    {
      name: 'a sidecar in the service of a task',
      given: {
        'group.spec': group({
          services: [],
          tasks: [
            task({
              services: [
                service({
                  level: 'task',
                  task: 'server',
                  connect: {
                    native: false,
                    gateway: false,
                    sidecar: { port: '', upstreams: [], transparentProxy: false },
                  },
                }),
              ],
            }),
          ],
        }),
      },
      then: 'present',
    },
    {
      name: 'in the service of the group',
      given: {
        'group.spec': group({
          services: [
            service({
              connect: { native: false, gateway: false, sidecar: { port: '', upstreams: [], transparentProxy: false } },
            }),
          ],
        }),
      },
      then: 'absent',
    },
  ],
})
