import { short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import { itemsOf, missingOf } from '../../task-events.ts'
import type { AllocRecord, TaskState } from '../../shapes/runtime.ts'
import { quoted } from '../../quoted.ts'

interface Waiting {
  readonly task: TaskState
  readonly missing: string
}

/** The first task whose template waits. */
function waiting({ tasks }: AllocRecord): Waiting | undefined {
  for (const task of tasks) {
    const found = missingOf(task)
    if (found) return { task, missing: found.missing }
  }
  return undefined
}

/** What an item of the list stands for, and how to look at it. */
function meaning(item: string): { readonly is: string; readonly look: readonly string[] } {
  const [, kind = '', name = ''] = /^([a-z.]+)\(\[?(?:[^\]]*\])?([^)]*)\)/.exec(item) ?? []
  const path = name.replace(/@.*$/, '')
  switch (kind) {
    case 'nomad.var.block':
      return {
        is: `the Nomad variable ${path} does not exist, or the task may not read it`,
        look: ['nomad', 'var', 'get', path],
      }
    case 'kv.block':
      return { is: `the Consul key ${path} does not exist`, look: ['consul', 'kv', 'get', path] }
    case 'health.service':
      return { is: `the Consul query for ${name} does not complete`, look: ['consul', 'catalog', 'services'] }
    case 'nomad.service':
      return { is: `the Nomad query for ${name} does not complete`, look: ['nomad', 'service', 'list'] }
    case 'vault.read':
      return { is: `Vault gives no secret at ${path}`, look: ['vault', 'read', path] }
    default:
      return { is: `${item} has no value yet`, look: ['nomad', 'alloc', 'status'] }
  }
}

export const templateMissingDependency = fault({
  id: 'template-missing-dependency',
  about: 'alloc',
  title: 'A task waits for a template whose data is missing',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'Missing: nomad.var.block(<path>@<namespace>.<region>)',
    'Missing: <dependency>, <dependency>, and <n> more',
    'Missing: kv.block(<path>)',
    'Missing: health.service(<name>|passing)',
    'Missing: vault.read(<path>)',
  ],
  needs: ['alloc.record'],
  holds: ({ 'alloc.record': alloc }) => {
    const found = waiting(alloc)
    if (!found) return false
    const [first = ''] = found.missing.split(', ')
    return `Task ${found.task.name} of ${alloc.job}/${alloc.group} is pending in allocation ${short(alloc.id)}: its template misses ${quoted(found.missing, 200)} (${meaning(first).is})`
  },
  byHand:
    'nomad alloc status <alloc>: the newest event of the pending task is "Template  Missing: ..."; "Alloc Unhealthy" after it only says that healthy_deadline has passed.',
  explains: [],
  because:
    'A task starts only after all its templates have rendered, and a template renders only when every function in it has an answer. A service without instances is an answer, but a Nomad variable, a Consul key or a Vault secret that does not exist is none: the template waits for it for ever, the task stays pending, and group services may already be registered although nothing listens.',
  fix: ({ 'alloc.record': alloc }) => {
    const found = waiting(alloc)
    const items = itemsOf(found?.missing ?? '')
    return [
      ...items.map((item) => ({
        do: `Look at what ${item} asks for`,
        on: 'Nomad, Consul or Vault',
        run: meaning(item).look,
        risk: 'none',
      })),
      {
        do: 'Create what is missing (for a Nomad variable: nomad var put <path> <key>=<value>); the task then starts by itself',
        on: 'Nomad, Consul or Vault',
        risk: 'none',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template',
    'https://developer.hashicorp.com/nomad/commands/var/put',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the Nomad variable does not exist',
      given: {
        'alloc.record': record('a1', {
          clientStatus: 'pending',
          tasks: [
            {
              name: 'server',
              state: 'pending',
              failed: false,
              restarts: 0,
              events: [{ type: 'Template', text: 'Missing: nomad.var.block(nomad/jobs/web@default.global)', time: 2 }],
            },
          ],
        }),
      },
      then: 'present',
    },
    {
      name: 'its deployment has given up waiting',
      given: {
        'alloc.record': record('a1', {
          clientStatus: 'pending',
          tasks: [
            {
              name: 'server',
              state: 'pending',
              failed: false,
              restarts: 0,
              events: [
                { type: 'Template', text: 'Missing: nomad.var.block(nomad/jobs/web@default.global)', time: 2 },
                { type: 'Alloc Unhealthy', text: 'Task not running by healthy_deadline of 5m0s', time: 3 },
              ],
            },
          ],
        }),
      },
      then: 'present',
    },
    {
      name: 'it was missing once, and the client fetches the image now',
      given: {
        'alloc.record': record('a1', {
          clientStatus: 'pending',
          tasks: [
            {
              name: 'server',
              state: 'pending',
              failed: false,
              restarts: 0,
              events: [
                { type: 'Template', text: 'Missing: nomad.var.block(nomad/jobs/web@default.global)', time: 2 },
                { type: 'Alloc Unhealthy', text: 'Task not running by healthy_deadline of 5m0s', time: 3 },
                { type: 'Driver', text: 'Downloading image', time: 4 },
              ],
            },
          ],
        }),
      },
      then: 'absent',
    },
    {
      name: 'it was missing once, the task runs now',
      given: {
        'alloc.record': record('a1', {
          tasks: [
            {
              name: 'server',
              state: 'running',
              failed: false,
              restarts: 0,
              events: [
                { type: 'Template', text: 'Missing: nomad.var.block(nomad/jobs/web@default.global)', time: 2 },
                { type: 'Started', text: 'Task started by client', time: 3 },
              ],
            },
          ],
        }),
      },
      then: 'absent',
    },
  ],
})
