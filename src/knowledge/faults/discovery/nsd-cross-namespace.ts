import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { Asked } from '../../shapes/discovery.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

const elsewhere = (asked: readonly Asked[], target: GroupSpec) =>
  asked.find(
    ({ ask, here, elsewhere: spaces }) =>
      !here && spaces.length > 0 && servicesOf(target).some(({ name }) => name === ask.name),
  )

export const nsdCrossNamespace = fault({
  id: 'nsd-cross-namespace',
  about: 'path',
  title: 'The source asks its own Nomad namespace for a service of another one',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'nomadService is empty although nomad service list -namespace "*" shows the service',
    'nomadService from another namespace',
  ],
  needs: ['source.task.spec', 'path.asked.nomad', 'target.group.spec'],
  shows: ['path.asked.nomad'],
  holds: ({ 'path.asked.nomad': asked, 'target.group.spec': target }) => {
    const found = elsewhere(asked, target)
    return found === undefined
      ? false
      : `${begun(found.ask.where)} asks nomadService "${found.ask.name}" in its own namespace, but ${found.ask.name} is registered only in namespace ${found.elsewhere.join(', ')}`
  },
  byHand:
    'nomad service info -namespace=<source namespace> <name> is empty; nomad service list -namespace="*" shows the service in another namespace.',
  explains: ['template-empty-range-starts', 'template-missing-dependency'],
  because:
    'nomadService always asks in the namespace of its own task, and a template has no way to name another one. A service that is registered in another namespace does not exist for it: the query answers with an empty list, the template renders nothing, and the task starts without an address and without any error.',
  fix: ({ 'path.asked.nomad': asked, 'target.group.spec': target }) => {
    const found = elsewhere(asked, target)
    return [
      {
        do: `Run source and target in one namespace${found ? `: set namespace = "${found.elsewhere[0]}" in the job of the source` : ''}`,
        on: 'job file',
        risk: 'The job is created anew in the other namespace; stop the old one',
      },
      {
        do: 'Or register the service with provider = "consul" and ask it with service: Consul knows no Nomad namespaces',
        on: 'job file',
        risk: 'Both jobs need Consul on their clients',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/service-discovery',
    'https://github.com/hashicorp/nomad/issues/14177',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'registered in platform, asked in default',
      given: {
        'source.task.spec': task(),
        'target.group.spec': group(),
        'path.asked.nomad': [
          {
            ask: { via: 'nomad-template', name: 'orders', where: 'template local/a.env' },
            here: false,
            elsewhere: ['platform'],
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'the same namespace has it too',
      given: {
        'source.task.spec': task(),
        'target.group.spec': group(),
        'path.asked.nomad': [
          {
            ask: { via: 'nomad-template', name: 'orders', where: 'template local/a.env' },
            here: true,
            elsewhere: ['platform'],
          },
        ],
      },
      then: 'absent',
    },
  ],
})
