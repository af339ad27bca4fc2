import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import type { TemplateTrouble } from '../../shapes/runtime.ts'
import { record } from '../../samples.ts'

const denied = /\b403\b|Permission denied|Server error authenticating request/i
const wrong = (found: readonly TemplateTrouble[]) =>
  found.find(
    ({ kind, on, text }) => kind === 'failed' && on.some((one) => one.startsWith('nomad.service')) && denied.test(text),
  )

const failed = (text: string): TemplateTrouble => ({
  task: 'server',
  kind: 'failed',
  on: ['nomad.service(orders)'],
  text,
})

export const nsdTemplatePermissionDenied = fault({
  id: 'nsd-template-permission-denied',
  about: 'alloc',
  title: 'The identity of a task may not read native services',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'Template failed: nomad.service(<name>): Unexpected response code: 403 (Permission denied)',
    '(view) nomad.service(<name>): Unexpected response code: 500 (Server error authenticating request)',
    'Missing: nomad.service(<name>)',
  ],
  onlyWhen: { 'alloc.templates': ['failed'] },
  needs: ['alloc.template-trouble', 'alloc.record'],
  shows: ['alloc.template-trouble'],
  holds: ({ 'alloc.template-trouble': found }) => {
    const one = wrong(found)
    return one
      ? `Task ${one.task} was killed because the servers refused its identity when its template asked for ${one.on.join(', ')}`
      : false
  },
  byHand: 'nomad alloc status <alloc>: "Template failed: nomad.service(...): ... 403 (Permission denied)".',
  explains: ['template-failed-after-retries'],
  because:
    'Templates ask the servers with the workload identity of their task, and every such identity may list services. When it is refused all the same, the token is broken or the versions do not fit: a policy attached to the job took the right away in 1.4 and 1.5.0, servers of 1.9 refuse clients older than 1.5, and some upgrades lost the tokens of running allocations.',
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Finish the upgrade: servers and clients on one version, and newer than 1.5.1 and 1.7.3',
      on: 'servers and clients',
      risk: 'Clients are away for a moment while their agent restarts',
    },
    {
      do: 'Stop the allocation, so that its successor gets a new identity',
      on: 'Nomad',
      run: allocCommand('stop', record),
      risk: 'The allocation is replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/concepts/workload-identity',
    'https://github.com/hashicorp/nomad/issues/16316',
  ],
  versions: { nomad: '>= 1.4.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'refused',
      given: {
        'alloc.record': record('a1'),
        'alloc.templates': 'failed',
        'alloc.template-trouble': [
          failed('Template failed: nomad.service(orders): Unexpected response code: 403 (Permission denied)'),
        ],
      },
      then: 'present',
    },
    {
      name: 'another error',
      given: {
        'alloc.record': record('a1'),
        'alloc.templates': 'failed',
        'alloc.template-trouble': [failed('Template failed: nomad.service(orders): No cluster leader')],
      },
      then: 'absent',
    },
    {
      name: 'rendered',
      given: { 'alloc.record': record('a1'), 'alloc.templates': 'rendered', 'alloc.template-trouble': [] },
      then: 'absent',
    },
  ],
})
