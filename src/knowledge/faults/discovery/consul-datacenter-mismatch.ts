import { servicesOf, spelling } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, nodeDocument, service } from '../../samples.ts'
import type { Asked } from '../../shapes/discovery.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

/** An ask without a datacenter for a service of the target that the source's own datacenter does not have. */
const lost = (asked: readonly Asked[], target: GroupSpec) =>
  asked.find(
    ({ ask, here }) =>
      !here &&
      ask.datacenter === undefined &&
      servicesOf(target).some(({ name, provider }) => provider === 'consul' && name === ask.name),
  )?.ask

const asked = (datacenter?: string): readonly Asked[] => [
  {
    ask: {
      via: 'consul-template',
      name: 'orders',
      where: 'template local/a.env',
      ...(datacenter === undefined ? {} : { datacenter }),
    },
    here: false,
    elsewhere: [],
  },
]
const inside = (datacenter: string) => nodeDocument({ attributes: { 'consul.datacenter': datacenter } })
const base = {
  'path.discovery': 'consul-template',
  'path.asked.consul': asked(),
  'target.group.spec': group({ services: [service({ provider: 'consul' })] }),
  'source.node.document': inside('dc1'),
  'target.node.document': inside('dc2'),
} as const

export const consulDatacenterMismatch = fault({
  id: 'consul-datacenter-mismatch',
  about: 'path',
  title: 'The service is registered in another Consul datacenter',
  layer: 'name',
  severity: 'breaks',
  heard: ['range service "<name>" is empty', "** server can't find <name>.service.consul: NXDOMAIN"],
  onlyWhen: { 'path.discovery': ['consul-template', 'consul-dns', 'mesh-upstream'] },
  needs: ['path.asked.consul', 'target.group.spec', 'source.node.document', 'target.node.document'],
  shows: ['source.node.document', 'target.node.document', 'path.asked.consul'],
  holds: (known) => {
    const ask = lost(known['path.asked.consul'], known['target.group.spec'])
    const from = known['source.node.document'].attributes['consul.datacenter']
    const to = known['target.node.document'].attributes['consul.datacenter']
    return ask && from !== undefined && to !== undefined && from !== to
      ? `${begun(ask.where)} asks for ${spelling(ask)} in Consul datacenter ${from}, but it is registered in ${to}`
      : false
  },
  byHand: 'consul catalog services -datacenter <other datacenter> has the service; without -datacenter it is missing.',
  explains: ['template-empty-range-starts', 'connect-upstream-missing', 'template-missing-dependency'],
  because:
    "A Consul agent answers for its own datacenter unless it is asked for another one by name, and a service is registered in the datacenter of its client's agent. The datacenters of Nomad are something else, and may have the same names. So a job can be placed where its neighbours are in Nomad and ask a catalogue that has never heard of them.",
  fix: (known) => {
    const ask = lost(known['path.asked.consul'], known['target.group.spec'])
    const to = known['target.node.document'].attributes['consul.datacenter'] ?? 'dc2'
    return [
      {
        do:
          ask?.via === 'upstream'
            ? `Write datacenter = "${to}" into upstream ${ask.name} (the mesh needs mesh gateways between the datacenters)`
            : `Ask for ${spelling({ ...(ask ?? { via: 'consul-template', name: 'name', where: '' }), datacenter: to })}`,
        on: 'job file of the source',
        risk: 'The task of the source restarts',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/consul/docs/discover/dns',
    'https://developer.hashicorp.com/nomad/docs/job-specification/upstreams',
  ],
  since: '0.1.0',
  examples: [
    { name: 'two datacenters', given: base, then: 'present' },
    { name: 'the same datacenter', given: { ...base, 'target.node.document': inside('dc1') }, then: 'absent' },
    { name: 'the datacenter is named', given: { ...base, 'path.asked.consul': asked('dc2') }, then: 'absent' },
    { name: 'found over Nomad', given: { ...base, 'path.discovery': 'nomad-template' }, then: 'absent' },
  ],
})
