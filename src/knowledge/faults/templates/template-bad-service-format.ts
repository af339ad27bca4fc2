import { edits, reword } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { task, template } from '../../samples.ts'
import type { TaskSpec } from '../../shapes/job.ts'
import { serviceCalls } from '../../templates.ts'

/** Source: consul-template dependency/dependency.go, `NomadServiceQueryRe`: [tag.]name[@region]. */
const grammar = /^(?:[\w.-]+\.)?[\w-]+(?:@[\w.-]+)?$/

function wrong({ templates }: TaskSpec) {
  for (const own of templates) {
    const found = serviceCalls(own.data).find(({ fn, name }) => fn === 'nomadService' && !grammar.test(name))
    if (found) return { destination: own.destination, name: found.name, own }
  }
  return undefined
}

const asks = (call: string) => task({ templates: [template(`{{ range ${call} }}A={{ .Address }}{{ end }}`)] })

export const templateBadServiceFormat = fault({
  id: 'template-bad-service-format',
  about: 'task',
  title: 'nomadService is asked for something that is no name of a native service',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'nomad.service: invalid format: "<name>"',
    'error calling nomadService: nomad.service: invalid format: "<name>|any"',
  ],
  needs: ['task.spec'],
  holds: ({ 'task.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `Template ${found.destination} of task ${spec.name} asks nomadService "${found.name}", which is not of the form [tag.]name[@region]: the task never starts`,
          at: [found.own, 'data', `"${found.name}"`],
        }
      : false
  },
  byHand: 'nomad alloc status <alloc>: the event says "nomad.service: invalid format".',
  explains: ['template-failed-after-retries'],
  because:
    'nomadService understands a name, a tag in front of it and a Nomad region behind it, and nothing else. What is usual with Consul, "|any" for unhealthy instances, "~_agent" for the nearest, "?ns=" for a namespace, makes the template fail when it is run, and a task whose template fails is killed before it starts.',
  fix: ({ 'task.spec': spec }) => {
    const found = wrong(spec)
    const name = found?.name.replace(/[|?~ ].*$/, '') ?? 'name'
    return [
      {
        do: `Write nomadService "${name}" (it returns all instances, whatever their checks say)`,
        on: 'job file',
        risk: 'none',
        ...edits(
          found && [reword(found.own, 'data', `nomadService "${found.name}"`, `nomadService "${name}"`)],
          'the call is put together elsewhere',
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#nomad-services',
    'https://github.com/hashicorp/consul-template/blob/main/docs/templating-language.md#nomadservice',
  ],
  versions: { nomad: '>= 1.3.0' },
  since: '0.1.0',
  examples: [
    { name: 'a filter of Consul', given: { 'task.spec': asks('nomadService "orders|any"') }, then: 'present' },
    { name: 'a namespace', given: { 'task.spec': asks('nomadService "orders?ns=prod"') }, then: 'present' },
    { name: 'tag, name and region', given: { 'task.spec': asks('nomadService "v1.orders@eu"') }, then: 'absent' },
    { name: 'the filter where it belongs', given: { 'task.spec': asks('service "orders|any"') }, then: 'absent' },
  ],
})
