import { short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import type { TemplateTrouble } from '../../shapes/runtime.ts'
import { quoted } from '../../quoted.ts'

const waiting = (troubles: readonly TemplateTrouble[]): TemplateTrouble | undefined =>
  troubles.find(({ kind }) => kind === 'waiting')

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
  needs: ['alloc.template-trouble', 'alloc.record'],
  shows: ['alloc.template-trouble'],
  holds: ({ 'alloc.template-trouble': troubles, 'alloc.record': alloc }) => {
    const found = waiting(troubles)
    if (!found) return false
    const missing = found.text.replace(/^Missing: /, '')
    return `Task ${found.task} of ${alloc.job}/${alloc.group} is pending in allocation ${short(alloc.id)}: its template misses ${quoted(missing, 200)} (${meaning(found.on[0] ?? '').is})`
  },
  byHand:
    'nomad alloc status <alloc>: the newest event of the pending task is "Template  Missing: ..."; "Alloc Unhealthy" after it only says that healthy_deadline has passed.',
  explains: [],
  because:
    'A task starts only after all its templates have rendered, and a template renders only when every function in it has an answer. A service without instances is an answer, but a Nomad variable, a Consul key or a Vault secret that does not exist is none: the template waits for it for ever, the task stays pending, and group services may already be registered although nothing listens.',
  fix: ({ 'alloc.template-trouble': troubles }) => {
    const items = waiting(troubles)?.on ?? []
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
        'alloc.record': record('a1', { clientStatus: 'pending' }),
        'alloc.template-trouble': [
          {
            task: 'server',
            kind: 'waiting',
            on: ['nomad.var.block(nomad/jobs/web@default.global)'],
            text: 'Missing: nomad.var.block(nomad/jobs/web@default.global)',
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'it gave up',
      given: {
        'alloc.record': record('a1', { clientStatus: 'failed' }),
        'alloc.template-trouble': [{ task: 'server', kind: 'failed', on: [], text: 'Template failed: kv.block(a)' }],
      },
      then: 'absent',
    },
    {
      name: 'all templates are rendered',
      given: { 'alloc.record': record('a1'), 'alloc.template-trouble': [] },
      then: 'absent',
    },
  ],
})
