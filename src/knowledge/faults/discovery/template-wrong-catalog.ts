import { asked, askedAt, inCatalogue } from '../../edit-lookup.ts'
import { edits } from '../../edit.ts'
import { whereIn } from '../../said.ts'
import { servicesOf, spelling } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, job, record, service, task } from '../../samples.ts'
import type { Ask, Asked } from '../../shapes/discovery.ts'
import type { GroupSpec, JobSpec } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

const catalogue = { 'nomad-template': 'nomad', 'consul-template': 'consul', 'consul-dns': 'consul' } as const
const names = { nomad: 'Nomad', consul: 'Consul' } as const

/** An ask of the one catalogue for a service that the target registers in the other one only. */
function wrong(asked: readonly Asked[], target: GroupSpec) {
  for (const { ask, here } of asked) {
    const wants = ask.via in catalogue ? catalogue[ask.via as keyof typeof catalogue] : undefined
    const own = servicesOf(target).filter(({ name }) => name === ask.name)
    const lives = wants === 'nomad' ? 'consul' : 'nomad'
    if (wants !== undefined && !here && own.length > 0 && own.every(({ provider }) => provider === lives))
      return { ask, wants, lives } as const
  }
  return undefined
}

/** A name that this job registers in the other catalogue, and nowhere else. */
function swapped(asks: readonly Ask[], { groups }: JobSpec) {
  for (const ask of asks) {
    const wants = ask.via in catalogue ? catalogue[ask.via as keyof typeof catalogue] : undefined
    const own = groups.flatMap(servicesOf).filter(({ name }) => name === ask.name)
    if (
      wants !== undefined &&
      ask.datacenter === undefined &&
      own.length > 0 &&
      own.every(({ provider }) => provider !== wants)
    )
      return { ask, wants, lives: wants === 'nomad' ? 'consul' : 'nomad' } as const
  }
  return undefined
}

export const templateWrongCatalog = fault({
  id: 'template-wrong-catalog',
  about: 'path',
  title: 'The source asks the wrong catalogue for the service',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'range service is empty for a service with provider = "nomad"',
    'range nomadService is empty for a service with provider = "consul"',
    'variable empty although the service is healthy',
  ],
  needs: [
    'source.task.spec',
    'path.asks',
    'path.asked.nomad',
    'path.asked.consul',
    'target.group.spec',
    'target.group.current',
  ],
  shows: ['path.asks', 'target.group.spec'],
  holds: (known) => {
    const found = wrong([...known['path.asked.nomad'], ...known['path.asked.consul']], known['target.group.spec'])
    // Before the target runs, no catalogue can have it: then something else comes first.
    const runs = known['target.group.current'].some(({ clientStatus }) => clientStatus === 'running')
    return found === undefined
      ? false
      : {
          says: `${begun(found.ask.where)} asks ${names[found.wants]} (${spelling(found.ask)}), but ${found.ask.name} is registered with provider = "${found.lives}"`,
          severity: runs ? 'breaks' : 'risks',
        }
  },
  byHand:
    'Compare the provider of the service block with the function in the template: nomadService for "nomad", service for "consul".',
  explains: ['template-empty-range-starts', 'template-missing-dependency', 'template-consul-unreachable'],
  because:
    'Nomad and Consul each keep a catalogue of their own, and a service is in the one its provider names. The template function service and names under .consul ask Consul, nomadService asks Nomad. Asking the other catalogue is no error: it answers with an empty list, and the task starts with an empty value.',
  fix: ({
    'source.task.spec': source,
    'path.asked.nomad': native,
    'path.asked.consul': consul,
    'target.group.spec': target,
  }) => {
    const found = wrong([...native, ...consul], target)
    const should = found?.lives === 'nomad' ? 'nomadService' : 'service'
    return [
      {
        do: `Write ${should} "${found?.ask.name ?? 'name'}" in ${found?.ask.where ?? 'the template'}`,
        on: 'job file of the source',
        risk: 'The task of the source restarts',
        ...edits(
          found && asked(source, found.ask.name, inCatalogue(found.lives)),
          'the call stands in no template, or with a filter',
        ),
      },
      {
        do: `Or register the service with provider = "${found?.wants ?? 'consul'}"`,
        on: 'job file of the target',
        risk: 'Everybody else who asks the present catalogue loses the service',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#provider',
    'https://developer.hashicorp.com/nomad/docs/job-specification/template',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'service asked for a native service',
      given: {
        'source.task.spec': task(),
        'path.asks': [],
        'target.group.spec': group(),
        'target.group.current': [record('a1')],
        'path.asked.nomad': [],
        'path.asked.consul': [
          {
            ask: { via: 'consul-template', name: 'orders', where: 'template local/a.env' },
            here: false,
            elsewhere: [],
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'nomadService for a service of Consul, which Nomad happens to know from another job as well',
      given: {
        'source.task.spec': task(),
        'path.asks': [],
        'target.group.spec': group({ services: [service({ provider: 'consul' })] }),
        'target.group.current': [record('a1')],
        'path.asked.nomad': [
          { ask: { via: 'nomad-template', name: 'orders', where: 'template local/a.env' }, here: true, elsewhere: [] },
        ],
        'path.asked.consul': [],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'task',
    needs: ['task.asks', 'task.spec', 'job.spec'],
    shows: ['task.spec'],
    holds: ({ 'task.asks': asks, 'task.spec': task, 'job.spec': job }) => {
      const found = swapped(asks, job)
      return found
        ? {
            says: `${begun(found.ask.where)} of task ${task.name} asks ${names[found.wants]} with ${spelling(found.ask)}, but this job registers ${found.ask.name} in ${names[found.lives]}`,
            at:
              askedAt(task, found.ask.name, found.wants === 'nomad' ? 'nomadService' : 'service') ??
              whereIn(task, found.ask.name) ??
              task,
          }
        : false
    },
    fix: ({ 'task.asks': asks, 'task.spec': task, 'job.spec': job }) => {
      const found = swapped(asks, job)
      return [
        {
          do: `Ask with ${found?.lives === 'nomad' ? 'nomadService' : 'service'} "${found?.ask.name ?? ''}", or set provider = "${found?.wants ?? 'nomad'}" in that service`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            found && asked(task, found.ask.name, inCatalogue(found.lives)),
            'the call stands in no template, or with a filter',
          ),
        },
      ]
    },
    examples: [
      {
        name: 'service for a native one',
        given: {
          'task.asks': [{ via: 'consul-template', name: 'orders', where: 'template local/a.env' }],
          'task.spec': task(),
          'job.spec': job(),
        },
        then: 'present',
      },
      {
        name: 'nomadService for a native one',
        given: {
          'task.asks': [{ via: 'nomad-template', name: 'orders', where: 'template local/a.env' }],
          'task.spec': task(),
          'job.spec': job(),
        },
        then: 'absent',
      },
    ],
  },
})
