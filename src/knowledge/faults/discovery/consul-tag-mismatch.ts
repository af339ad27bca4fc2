import { asked } from '../../edit-lookup.ts'
import { edits } from '../../edit.ts'
import type { JobSpec } from '../../shapes/job.ts'
import { whereIn } from '../../said.ts'
import { servicesOf, spelling } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, instance, job, service, task } from '../../samples.ts'
import type { Ask } from '../../shapes/discovery.ts'
import { begun } from '../../words.ts'

/** An ask for a tag that no instance of the name has. */
function untagged(
  asked: readonly { readonly ask: Ask; readonly found: readonly { readonly tags: readonly string[] }[] }[],
) {
  return asked.flatMap(({ ask, found }) => {
    const { tag } = ask
    if (tag === undefined || found.length === 0 || found.some(({ tags }) => tags.includes(tag))) return []
    return [{ ask, tag, tags: [...new Set(found.flatMap(({ tags }) => tags))] }]
  })[0]
}

/** A tag that no service of this name in the job has. */
const tagless = (asks: readonly Ask[], { groups }: JobSpec) =>
  asks
    .flatMap((ask) => {
      const catalogue = ask.via === 'nomad-template' ? 'nomad' : 'consul'
      const own = groups.flatMap(servicesOf).filter(({ name, provider }) => name === ask.name && provider === catalogue)
      const tags = own.flatMap((one) => one.tags)
      const open = own.length === 0 || ask.datacenter !== undefined || tags.some((tag) => tag.includes('${'))
      return ask.tag === undefined || open || tags.includes(ask.tag) ? [] : [{ ask, tag: ask.tag, tags }]
    })
    .at(0)
const primary = job({ groups: [group({ services: [service({ provider: 'consul', tags: ['primary'] })] })] })

export const consulTagMismatch = fault({
  id: 'consul-tag-mismatch',
  about: 'path',
  title: 'The source asks for a tag that no instance has',
  layer: 'name',
  severity: 'breaks',
  heard: ['range service "tag.name" is empty', 'NXDOMAIN for <tag>.<name>.service.consul'],
  needs: ['source.task.spec', 'target.group.spec', 'path.asked.instances', 'path.asked.rows'],
  shows: ['path.asked.instances', 'path.asked.rows'],
  holds: ({ 'path.asked.instances': instances, 'path.asked.rows': rows }) => {
    const found = untagged([
      ...instances.map((one) => ({ ask: one.ask, found: one.instances })),
      ...rows.map((one) => ({ ask: one.ask, found: one.rows })),
    ])
    return found === undefined
      ? false
      : `${begun(found.ask.where)} asks ${spelling(found.ask)}, but no instance of ${found.ask.name} has the tag ${found.tag}: ${found.tags.length === 0 ? 'they have no tags' : `their tags are ${found.tags.join(', ')}`}`
  },
  byHand: 'Compare the tag before the dot with the tags in nomad service info <name>, or in Consul.',
  explains: ['template-empty-range-starts'],
  because:
    'In "tag.name" everything before the last dot is a tag, and only instances with that very tag are returned. Dots always split: service "v1.0.api" asks for the tag v1.0 of api. Canary allocations register canary_tags instead of tags as long as they are canaries. With no match the list is empty, which is no error.',
  fix: ({ 'path.asked.instances': instances, 'path.asked.rows': rows }) => {
    const found = untagged([
      ...instances.map((one) => ({ ask: one.ask, found: one.instances })),
      ...rows.map((one) => ({ ask: one.ask, found: one.rows })),
    ])
    return [
      {
        do: `Ask for a tag that is there${found && found.tags.length > 0 ? ` (${found.tags.join(', ')})` : ''}, or for the name without a tag, in ${found?.ask.where ?? 'the template'}`,
        on: 'job file of the source',
        risk: 'The task restarts',
      },
      {
        do: `Or add the tag "${found?.tag ?? ''}" to the service`,
        on: 'job file of the target',
        risk: 'Others who ask for this tag get these instances as well',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#tags',
    'https://developer.hashicorp.com/consul/docs/discover/service/static',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'green asked, blue there',
      given: {
        'source.task.spec': task(),
        'target.group.spec': group(),
        'path.asked.rows': [],
        'path.asked.instances': [
          {
            ask: { via: 'consul-template', name: 'orders', tag: 'green', where: 'template local/a.env' },
            instances: [instance('a1', { tags: ['blue'] })],
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'the tag is there',
      given: {
        'source.task.spec': task(),
        'target.group.spec': group(),
        'path.asked.rows': [],
        'path.asked.instances': [
          {
            ask: { via: 'consul-template', name: 'orders', tag: 'blue', where: 'template local/a.env' },
            instances: [instance('a1', { tags: ['blue'] })],
          },
        ],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'task',
    needs: ['task.asks', 'task.spec', 'job.spec'],
    shows: ['task.spec'],
    holds: ({ 'task.asks': asks, 'task.spec': task, 'job.spec': job }) => {
      const found = tagless(asks, job)
      return found
        ? {
            says: `${begun(found.ask.where)} of task ${task.name} asks for ${spelling(found.ask)}, but the service has ${found.tags.length === 0 ? 'no tags' : `the tags ${found.tags.join(', ')}`}`,
            at: whereIn(task, `${found.tag}.${found.ask.name}`) ?? task,
          }
        : false
    },
    fix: ({ 'task.asks': asks, 'task.spec': task, 'job.spec': job }) => {
      const found = tagless(asks, job)
      const [only, ...more] = new Set(found?.tags)
      return [
        {
          do: `Add the tag "${found?.tag ?? ''}" to service "${found?.ask.name ?? ''}", or ask for one that it has`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            found && only !== undefined && more.length === 0
              ? asked(task, found.ask.name, ({ fn, choice, tag, name, rest }) =>
                  tag === `${found.tag}.` ? `${fn} ${choice}"${only}.${name}${rest}"` : undefined,
                )
              : undefined,
            'the service has several tags, or none',
          ),
        },
      ]
    },
    examples: [
      {
        name: 'master instead of primary',
        given: {
          'task.asks': [{ via: 'consul-template', name: 'orders', tag: 'master', where: 'template local/a.env' }],
          'task.spec': task(),
          'job.spec': primary,
        },
        then: 'present',
      },
      {
        name: 'the native catalogue knows tags as well',
        given: {
          'task.asks': [{ via: 'nomad-template', name: 'orders', tag: 'v2', where: 'template local/a.env' }],
          'task.spec': task(),
          'job.spec': job({ groups: [group({ services: [service({ provider: 'nomad', tags: ['v1'] })] })] }),
        },
        then: 'present',
      },
      {
        name: 'the tag is there',
        given: {
          'task.asks': [{ via: 'consul-template', name: 'orders', tag: 'primary', where: 'template local/a.env' }],
          'task.spec': task(),
          'job.spec': primary,
        },
        then: 'absent',
      },
    ],
  },
})
