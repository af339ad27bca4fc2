import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, job, service, task, template } from '../../samples.ts'
import type { JobSpec, TaskSpec } from '../../shapes/job.ts'
import { serviceCalls } from '../../templates.ts'

/** A choice by the server of an ask with a tag. */
function chosen({ templates }: TaskSpec) {
  for (const own of templates)
    for (const { fn, name, chooses } of serviceCalls(own.data)) {
      const [, tag, service] = /^([\w.-]+)\.([\w-]+)(?:@.*)?$/.exec(name) ?? []
      if (fn === 'nomadService' && chooses && tag !== undefined && service !== undefined)
        return { destination: own.destination, tag, service, at: [own, 'data', `"${name}"`] as const }
    }
  return undefined
}

/** Whether some instances of the service carry the tag and some do not, as far as this job registers them. */
function split({ groups }: JobSpec, name: string, tag: string): 'some' | 'all' | 'unknown' {
  const own = groups.flatMap(servicesOf).filter((one) => one.name === name)
  if (own.length === 0) return 'unknown'
  return own.every(({ tags }) => tags.includes(tag)) ? 'all' : 'some'
}

const calling = task({
  templates: [template('{{ range nomadService 1 (env "NOMAD_ALLOC_ID") "replica.db" }}A=1{{ end }}')],
})
const producers = (...tags: string[]) =>
  job({
    groups: tags.map((tag, index) => group({ name: `g${index}`, services: [service({ name: 'db', tags: [tag] })] })),
  })

export const templateRendezvousTagEmpty = fault({
  id: 'template-rendezvous-tag-empty',
  about: 'task',
  title: 'The server chooses an instance before the tag is looked at',
  layer: 'name',
  severity: 'degrades',
  heard: ['nomadService 1 $allocID "<tag>.<service>" is empty', 'the address is missing in some allocations only'],
  needs: ['task.spec', 'job.spec'],
  shows: ['task.spec'],
  holds: ({ 'task.spec': spec, 'job.spec': whole }) => {
    const found = chosen(spec)
    if (!found) return false
    const tagged = split(whole, found.service, found.tag)
    if (tagged === 'all') return false
    return {
      says: `Template ${found.destination} of task ${spec.name} has the server choose an instance of ${found.service} and only then wants tag ${found.tag}: it is empty where the choice has another tag`,
      severity: tagged === 'some' ? 'degrades' : 'risks',
      at: found.at,
    }
  },
  intended: 'where all instances have the tag',
  byHand:
    'nomad service info -verbose <service>: do all instances have the tag? If not, the choice may fall on one without it.',
  explains: [],
  because:
    'nomadService with a count and a key lets the server choose that many instances, always the same ones for the same key. It chooses among all instances of the name, and the tag in front of the name is applied afterwards on the client. So an allocation whose key leads to an instance without the tag gets nothing, for as long as it lives.',
  fix: ({ 'task.spec': spec }) => {
    const found = chosen(spec)
    return [
      {
        do: `Give the instances with tag ${found?.tag ?? ''} a service name of their own and choose among these`,
        on: 'job file',
        risk: 'Callers of the old name must be changed with it',
        note: 'By hand: the name of a service is a matter of all who call it',
      },
      {
        do: `Or ask nomadService "${found?.tag ?? ''}.${found?.service ?? ''}" without a count and take the first`,
        on: 'job file',
        risk: 'All callers then use the same instance',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#nomad-services',
    'https://developer.hashicorp.com/nomad/api-docs/services#choose',
  ],
  versions: { nomad: '>= 1.3.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'two groups with different tags',
      given: { 'task.spec': calling, 'job.spec': producers('replica', 'primary') },
      then: 'present',
    },
    {
      name: 'instances of another job, whose tags are not known',
      given: { 'task.spec': calling, 'job.spec': job() },
      then: 'present',
    },
    {
      name: 'all have the tag',
      given: { 'task.spec': calling, 'job.spec': producers('replica', 'replica') },
      then: 'absent',
    },
    {
      name: 'nothing is chosen',
      given: {
        'task.spec': task({ templates: [template('{{ range nomadService "replica.db" }}A=1{{ end }}')] }),
        'job.spec': producers('replica', 'primary'),
      },
      then: 'absent',
    },
  ],
})
