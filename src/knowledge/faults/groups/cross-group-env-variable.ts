import { lookedUp, serviceOf } from '../../edit-lookup.ts'
import { edits } from '../../edit.ts'
import { portNames } from '../../network-variables.ts'
import { others } from '../../said.ts'
import type { Variable } from '../../facts/task.ts'
import { fault } from '../../fault.ts'
import type { GroupSpec, JobSpec } from '../../shapes/job.ts'
import { group, job, task } from '../../samples.ts'

/** A variable of a port that the caller's own group does not have, and the target's has. */
function foreign(variables: readonly Variable[], from: GroupSpec, to: GroupSpec): Variable | undefined {
  const [own, others] = [portNames(from), portNames(to)]
  return variables.find(({ label }) => !own.has(label) && others.has(label))
}

function ofOthers(variables: readonly Variable[], own: GroupSpec, job: JobSpec) {
  const mine = portNames(own)
  const strange = variables.filter(({ label }) => !mine.has(label))
  if (strange.length === 0) return undefined
  for (const there of others(job, own)) {
    const found = foreign(strange, own, there)
    if (found) return { there, found }
  }
  return undefined
}

export const crossGroupEnvVariable = fault({
  id: 'cross-group-env-variable',
  aliases: ['cross-group-env-literal'],
  about: 'path',
  title: 'The caller uses a variable that Nomad sets only inside the group of the port',
  layer: 'name',
  severity: 'breaks',
  heard: [
    '${NOMAD_ADDR_<label>}',
    "nc: bad port '${NOMAD_PORT_<label>}'",
    'failed to parse config: Unknown variable: There is no variable named "NOMAD_ADDR_<label>"',
  ],
  onlyWhen: { 'path.place': ['same-client', 'other-client'] },
  needs: ['source.task.variables', 'source.group.spec', 'target.group.spec'],
  shows: ['source.task.variables', 'source.group.spec'],
  holds: ({ 'source.task.variables': variables, 'source.group.spec': from, 'target.group.spec': to }) => {
    const found = foreign(variables, from, to)
    return found
      ? `${found.from.slice(0, 1).toUpperCase()}${found.from.slice(1)} uses ${found.name}, but port ${found.label} belongs to group ${to.name}: Nomad sets the variable there, not in group ${from.name}`
      : false
  },
  byHand:
    'env in the calling task shows no such variable; the value that should hold the address still has the text ${NOMAD_...} in it, or is empty.',
  explains: [],
  because:
    "NOMAD_ADDR_<label>, NOMAD_IP_<label> and NOMAD_PORT_<label> describe the ports of the task's own allocation. Ports of another group, also of the same job, are given when that group is placed, maybe later and elsewhere, so they are never there. In an env block the text stays as it is; in a template it is empty; in a driver config it is an error.",
  fix: ({ 'target.group.spec': to }) => [
    {
      do: `Give group ${to.name} a service and read its address with a nomadService or service template`,
      on: 'job file of the caller',
      risk: 'The allocation of the caller is replaced',
    },
    {
      do: 'Or move both tasks into one group: then NOMAD_ADDR_<label> is set',
      on: 'job file',
      risk: 'The allocations are replaced, and scale together from then on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings',
    'client/taskenv/env.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the label db belongs to the other group',
      given: {
        'path.place': 'other-client',
        'source.task.variables': [{ name: 'NOMAD_IP_db', label: 'db', from: 'env REDIS of task app' }],
        'source.group.spec': group({ name: 'web' }),
        'target.group.spec': group({
          name: 'cache',
          services: [],
          network: { mode: 'bridge', ports: [{ label: 'db', to: 6379, hostNetwork: 'default' }] },
        }),
      },
      then: 'present',
    },
    {
      name: 'the name of a task there stands before its label',
      given: {
        'path.place': 'other-client',
        'source.task.variables': [{ name: 'NOMAD_ADDR_redis_db', label: 'redis_db', from: 'env REDIS of task app' }],
        'source.group.spec': group({ name: 'web' }),
        'target.group.spec': group({
          name: 'cache',
          services: [],
          network: { mode: 'bridge', ports: [{ label: 'db', to: 6379, hostNetwork: 'default' }] },
          tasks: [task({ name: 'redis' })],
        }),
      },
      then: 'present',
    },
    {
      name: 'the label is its own',
      given: {
        'path.place': 'other-client',
        'source.task.variables': [{ name: 'NOMAD_PORT_http', label: 'http', from: 'config args of task app' }],
        'source.group.spec': group({ name: 'web' }),
        'target.group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'within the group it is set',
      given: {
        'path.place': 'same-alloc',
        'source.task.variables': [{ name: 'NOMAD_ADDR_http', label: 'http', from: 'env SELF of task app' }],
        'source.group.spec': group(),
        'target.group.spec': group(),
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'task',
    needs: ['task.variables', 'task.texts', 'group.spec', 'job.spec'],
    shows: ['task.variables'],
    holds: ({ 'task.variables': variables, 'task.texts': texts, 'group.spec': own, 'job.spec': job }) => {
      const where = ofOthers(variables, own, job)
      const text = texts.find(({ from, text }) => from === where?.found.from && text.includes(where.found.name))
      return where && text
        ? {
            says: `${text.from.slice(0, 1).toUpperCase()}${text.from.slice(1)} uses ${where.found.name}, but port ${where.found.label} belongs to group ${where.there.name}: Nomad sets the variable there, not in group ${own.name}`,
            at: [text, 'text', where.found.name],
          }
        : false
    },
    fix: ({ 'task.variables': variables, 'task.texts': texts, 'group.spec': own, 'job.spec': job }) => {
      const found = ofOthers(variables, own, job)
      const text = texts.find(({ from, text: all }) => from === found?.found.from && all.includes(found.found.name))
      const caller = own.tasks.find(({ env }) => text?.variable !== undefined && env[text.variable] === text.text)
      const port = found?.there.network?.ports.find(
        ({ label }) => label.replace(/[^\w.]/g, '_') === found.found.label.replace(/[^\w.]/g, '_'),
      )
      return [
        {
          do: `Ask a catalogue for the service of group ${ofOthers(variables, own, job)?.there.name ?? ''} instead: a template with nomadService or service`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            found && text?.variable !== undefined && caller && found.found.name.includes('_ADDR_')
              ? lookedUp(
                  [caller.env, text.variable],
                  `\${${found.found.name}}`,
                  caller,
                  serviceOf(found.there, port?.to ?? port?.static),
                )
              : undefined,
            'the address stands in arguments, or the other group has no service of its own to be looked up',
          ),
        },
      ]
    },
    examples: [
      {
        name: 'NOMAD_ADDR_pg in another group',
        given: {
          'task.variables': [{ name: 'NOMAD_ADDR_pg', label: 'pg', from: 'env DB of task server' }],
          'task.texts': [{ kind: 'env', from: 'env DB of task server', text: '${NOMAD_ADDR_pg}', variable: 'DB' }],
          'group.spec': group({ name: 'web' }),
          'job.spec': job({
            groups: [
              group({ name: 'web' }),
              group({ name: 'db', network: { mode: 'host', ports: [{ label: 'pg', hostNetwork: 'default' }] } }),
            ],
          }),
        },
        then: 'present',
      },
      {
        name: 'a port of its own',
        given: {
          'task.variables': [{ name: 'NOMAD_ADDR_http', label: 'http', from: 'env DB of task server' }],
          'task.texts': [],
          'group.spec': group({ name: 'web' }),
          'job.spec': job({ groups: [group({ name: 'web' }), group({ name: 'db' })] }),
        },
        then: 'absent',
      },
    ],
  },
})
