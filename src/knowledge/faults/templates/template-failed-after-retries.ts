import { fault } from '../../fault.ts'
import type { TemplateTrouble } from '../../shapes/runtime.ts'
import { quoted } from '../../quoted.ts'

const failed = (found: readonly TemplateTrouble[]) => found.find(({ kind }) => kind === 'failed')

export const templateFailedAfterRetries = fault({
  id: 'template-failed-after-retries',
  about: 'alloc',
  title: 'A task was killed because a template failed',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'Template failed: <dependency>: <error>',
    'Template failed: nomad.service(<name>): Unexpected response code: 403 (Permission denied)',
    'Template failed: health.service(<name>|passing): Unexpected response code: 403 (ACL not found)',
    'Template failed: (dynamic): parse: template: :<line>: <error>',
  ],
  onlyWhen: { 'alloc.templates': ['failed'] },
  needs: ['alloc.template-trouble'],
  holds: ({ 'alloc.template-trouble': found }) => {
    const one = failed(found)
    return one ? `Task ${one.task} does not run: ${quoted(one.text, 220)}` : false
  },
  byHand: 'nomad alloc status <alloc>: the event Killing says "Template failed: ...".',
  explains: [],
  because:
    'A template asks its sources again and again: twelve times, with longer pauses, about five minutes in all. After that Nomad kills the task, even one that runs and has all it needs, because it can no longer keep the file up to date. An error in the template text itself is not tried again: it fails at once.',
  fix: ({ 'alloc.template-trouble': found }) => [
    {
      do: `Remove what the message names: ${quoted(failed(found)?.text.replace(/^.*?Template failed:?\s*/, '') ?? '', 160)}`,
      on: 'Nomad, Consul, Vault or the job file',
      risk: 'none',
    },
    {
      do: 'Give sources that come back by themselves more time: nomad_retry, consul_retry or vault_retry { attempts = 0 } in the template block of the client',
      on: 'client configuration',
      risk: 'The client agent must be restarted; running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#template-parameters',
    'https://developer.hashicorp.com/nomad/docs/job-specification/template',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'killed by an error of Consul',
      given: {
        'alloc.templates': 'failed',
        'alloc.template-trouble': [
          {
            task: 'server',
            kind: 'failed',
            on: ['kv.block(web/port)'],
            text: 'Template failed: kv.block(web/port): dial tcp 127.0.0.1:8500: connect: connection refused',
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'a template that still waits',
      given: {
        'alloc.templates': 'waiting',
        'alloc.template-trouble': [
          { task: 'server', kind: 'waiting', on: ['kv.block(a)'], text: 'Missing: kv.block(a)' },
        ],
      },
      then: 'absent',
    },
  ],
})
