import { fault } from '../../fault.ts'
import { ofConsul } from '../../templates.ts'
import type { TemplateTrouble } from '../../shapes/runtime.ts'

const waits = (
  text = 'Missing: health.service(orders|passing)',
  on = 'health.service(orders|passing)',
): TemplateTrouble => ({
  task: 'server',
  kind: 'waiting',
  on: [on],
  text,
})

export const templateConsulUnreachable = fault({
  id: 'template-consul-unreachable',
  about: 'alloc',
  title: 'A template asks Consul, and the client has no Consul agent',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Missing: health.service(<name>|passing)',
    'dial tcp 127.0.0.1:8500: connect: connection refused',
    '(view) health.service(<name>|passing): Get "http://127.0.0.1:8500/v1/health/service/<name>": dial tcp 127.0.0.1:8500: connect: connection refused',
  ],
  onlyWhen: { 'alloc.templates': ['waiting', 'failed'] },
  needs: ['alloc.template-trouble', 'node.consul.fingerprinted'],
  holds: ({ 'alloc.template-trouble': found, 'node.consul.fingerprinted': fingerprinted }) => {
    const one = found.find(({ on }) => on.some(ofConsul))
    const refused = one && /:8500: connect: connection refused/.test(one.text)
    return one && (!fingerprinted || refused)
      ? `Task ${one.task} waits for ${one.on.filter(ofConsul).join(', ')}, but its client ${fingerprinted ? 'is refused by the Consul agent beside it' : 'has no Consul agent that Nomad found'}`
      : false
  },
  byHand:
    'nomad node status -verbose <node>: is there an attribute consul.version? On the client: curl http://127.0.0.1:8500/v1/status/leader.',
  explains: ['template-missing-dependency', 'template-failed-after-retries'],
  because:
    'The functions service, key and their like are answered by the Consul agent beside the client. A service block of Consul brings a constraint that keeps the group away from clients without one; a template brings none. So the task is placed anywhere, and where Consul is missing its template waits, until after some minutes it fails.',
  fix: () => [
    {
      do: 'Add a constraint on the attribute consul.version to the group, or start Consul on that client',
      on: 'job file or client',
      risk: 'The allocation is placed elsewhere',
    },
    {
      do: 'Or ask the native catalogue, if the service is registered there: nomadService instead of service',
      on: 'job file',
      risk: 'The task restarts',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#consul-integration',
    'https://developer.hashicorp.com/nomad/docs/networking/consul',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a client without Consul',
      given: { 'alloc.templates': 'waiting', 'alloc.template-trouble': [waits()], 'node.consul.fingerprinted': false },
      then: 'present',
    },
    {
      name: 'Consul is there',
      given: { 'alloc.templates': 'waiting', 'alloc.template-trouble': [waits()], 'node.consul.fingerprinted': true },
      then: 'absent',
    },
    {
      name: 'it waits for a variable of Nomad',
      given: {
        'alloc.templates': 'waiting',
        'alloc.template-trouble': [
          waits('Missing: nomad.var.block(a@default.global)', 'nomad.var.block(a@default.global)'),
        ],
        'node.consul.fingerprinted': false,
      },
      then: 'absent',
    },
    {
      name: 'all templates are rendered',
      given: { 'alloc.templates': 'rendered', 'alloc.template-trouble': [], 'node.consul.fingerprinted': false },
      then: 'absent',
    },
  ],
})
