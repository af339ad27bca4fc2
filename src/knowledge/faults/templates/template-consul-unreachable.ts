import { asked, inCatalogue } from '../../edit-lookup.ts'
import { edits } from '../../edit.ts'
import { fault, type FixStep } from '../../fault.ts'
import { group } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'
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

const nativeCall = (name: string, service: string, { tasks }: GroupSpec): FixStep => {
  const own = tasks.find((one) => one.name === name)
  return {
    do: `Write nomadService "${service}" in the template of task ${name}: the catalogue of Nomad has this service`,
    on: 'job file',
    risk: 'The allocation is replaced',
    ...edits(
      own && asked(own, service, inCatalogue('nomad')),
      'the call stands in no template of the job, or with a filter',
    ),
  }
}

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
  needs: ['alloc.template-consul', 'group.spec'],
  shows: ['alloc.template-consul'],
  holds: ({ 'alloc.template-consul': found }) => {
    if (!found) return false
    const native = found.native ?? []
    const there = native.length > 0 ? `; the catalogue of Nomad has ${native.join(', ')}` : ''
    return `Task ${found.task} waits for ${found.on.join(', ')}, but its client ${met[found.why]}${there}`
  },
  byHand:
    'nomad node status -verbose <node>: is there an attribute consul.version? On the client: curl http://127.0.0.1:8500/v1/status/leader.',
  explains: ['template-missing-dependency', 'template-failed-after-retries'],
  because:
    'The functions service, key and their like are answered by the Consul agent beside the client. A service block of Consul brings a constraint that keeps the group away from clients without one; a template brings none. So the task is placed anywhere, and where Consul is missing its template waits, until after some minutes it fails.',
  fix: ({ 'alloc.template-consul': found, 'group.spec': spec }) => {
    const native = found?.native ?? []
    const consul: FixStep = {
      do: `${native.length > 0 ? "Or, if Consul's catalogue is meant, start" : 'Start'} a Consul agent on that client; where other clients have one, a constraint on the attribute consul.version keeps the group to them`,
      on: 'job file or client',
      risk: 'The allocation is placed elsewhere',
    }
    if (found && native.length > 0) return [...native.map((name) => nativeCall(found.task, name, spec)), consul]
    const hedged: FixStep = {
      do: 'Or ask the native catalogue, if the service is registered there: nomadService instead of service',
      on: 'job file',
      risk: 'The task restarts',
    }
    // Where the native catalogue is known not to have it, asking there is no cure.
    return found?.native ? [consul] : [consul, hedged]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#consul-integration',
    'https://developer.hashicorp.com/nomad/docs/networking/consul',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a client without Consul',
      given: { 'alloc.templates': 'waiting', 'alloc.template-consul': waits('none'), 'group.spec': group() },
      then: 'present',
    },
    {
      name: 'the agent that was there has stopped',
      given: { 'alloc.templates': 'waiting', 'alloc.template-consul': waits('silent'), 'group.spec': group() },
      then: 'present',
    },
    {
      name: 'no Consul, and the service it asks for is a native one',
      given: {
        'alloc.templates': 'waiting',
        'alloc.template-consul': { ...waits('none'), native: ['orders'] },
        'group.spec': group(),
      },
      then: 'present',
    },
    {
      name: 'Consul answers, or it waits for a variable of Nomad',
      given: { 'alloc.templates': 'waiting', 'alloc.template-consul': null, 'group.spec': group() },
      then: 'absent',
    },
    {
      name: 'all templates are rendered',
      given: { 'alloc.templates': 'rendered', 'alloc.template-consul': null, 'group.spec': group() },
      then: 'absent',
    },
  ],
})
