import { edits, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { check, group, service, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** A script runs within a task, and nothing says in which. A service inside a task belongs to that. */
function homeless({ services }: GroupSpec) {
  for (const { name, task: of, checks } of services) {
    const found = of === undefined ? checks.find((one) => one.type === 'script' && one.task === undefined) : undefined
    if (found) return { service: name, check: found }
  }
  return undefined
}

const script = (of?: string) =>
  service({ provider: 'consul', checks: [check({ type: 'script', ...(of === undefined ? {} : { task: of }) })] })

export const scriptCheckWithoutTask = fault({
  id: 'script-check-without-task',
  about: 'group',
  title: 'A script check of a group service does not say in which task it runs',
  layer: 'job',
  severity: 'breaks',
  heard: ['Service [<group>]-><service> or Check <check> must specify task parameter'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = homeless(spec)
    return found
      ? {
          says: `A script check of service ${found.service} names no task, so the servers refuse the job`,
          at: [found.check, 'type'],
        }
      : false
  },
  byHand: 'nomad job validate <file> says that the service or its check must specify the task parameter.',
  explains: [],
  because:
    'A script check is a command that the Nomad client runs inside a task, in its container and with its files. A service in a task block has such a task; a service of the group stands beside all of them, so the service or its check names one with task. The servers do not choose, not even where there is only one.',
  fix: ({ 'group.spec': spec }) => {
    const found = homeless(spec)
    const [only, ...more] = spec.tasks
    const sure = only !== undefined && more.length === 0
    return [
      {
        do: `Write task = "${sure ? only.name : '<task>'}" in the check of service ${found?.service ?? ''}`,
        on: 'job file',
        risk: 'none: the job was not accepted before',
        ...edits(
          found && sure ? [set(found.check, 'task', only.name)] : undefined,
          'the job does not say in which of its tasks the script runs',
          true,
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/check#task',
    'nomad/structs/structs.go, validateScriptChecksInGroupServices',
  ],
  since: '0.1.0',
  examples: [
    { name: 'no task', given: { 'group.spec': group({ services: [script()] }) }, then: 'present' },
    { name: 'the check names one', given: { 'group.spec': group({ services: [script('web')] }) }, then: 'absent' },
    {
      name: 'the service belongs to a task',
      given: { 'group.spec': group({ tasks: [task({ services: [script()] })] }) },
      then: 'absent',
    },
    {
      name: 'an http check',
      given: { 'group.spec': group({ services: [service({ checks: [check()] })] }) },
      then: 'absent',
    },
  ],
})
