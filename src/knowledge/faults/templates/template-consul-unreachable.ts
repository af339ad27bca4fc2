import { fault } from '../../fault.ts'
import type { TemplateConsul } from '../../shapes/template.ts'

const met: Readonly<Record<TemplateConsul['why'], string>> = {
  none: 'has no Consul agent that Nomad found',
  refused: 'is refused by the Consul agent beside it',
  silent: 'has no Consul agent that answers now',
}
const waits = (why: TemplateConsul['why']): TemplateConsul => ({
  task: 'server',
  on: ['health.service(orders|passing)'],
  why,
})

export const templateConsulUnreachable = fault({
  id: 'template-consul-unreachable',
  about: 'alloc',
  title: 'A template asks Consul, and no Consul agent answers on the client',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Missing: health.service(<name>|passing)',
    'dial tcp 127.0.0.1:8500: connect: connection refused',
    '(view) health.service(<name>|passing): Get "http://127.0.0.1:8500/v1/health/service/<name>": dial tcp 127.0.0.1:8500: connect: connection refused',
    '(view) health.service(<name>|passing): Get "http://<address>/v1/health/service/<name>"',
  ],
  onlyWhen: { 'alloc.templates': ['waiting', 'failed'] },
  needs: ['alloc.template-consul'],
  holds: ({ 'alloc.template-consul': found }) =>
    found ? `Task ${found.task} waits for ${found.on.join(', ')}, but its client ${met[found.why]}` : false,
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
      given: { 'alloc.templates': 'waiting', 'alloc.template-consul': waits('none') },
      then: 'present',
    },
    {
      name: 'the agent that was there has stopped',
      given: { 'alloc.templates': 'waiting', 'alloc.template-consul': waits('silent') },
      then: 'present',
    },
    {
      name: 'Consul answers, or it waits for a variable of Nomad',
      given: { 'alloc.templates': 'waiting', 'alloc.template-consul': null },
      then: 'absent',
    },
    {
      name: 'all templates are rendered',
      given: { 'alloc.templates': 'rendered', 'alloc.template-consul': null },
      then: 'absent',
    },
  ],
})
