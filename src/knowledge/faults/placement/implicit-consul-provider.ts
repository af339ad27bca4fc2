import { edits, set } from '../../edit.ts'
import type { Member } from '../../facts.ts'
import { clientOf, told, within } from '../../clients.ts'
import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { PlacementFailure } from '../../shapes/runtime.ts'
import { group, service } from '../../samples.ts'
import { failure } from './examples.ts'

const wanting = ({ services, tasks }: GroupSpec) =>
  [...services, ...tasks.flatMap((task) => task.services)].filter(({ provider }) => provider === 'consul')
const constraint = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'constraints', /^\$\{attr\.consul\.version\} /)

/** The client never looks for Consul. */
const blind = (agent: Readonly<Record<string, unknown>>): boolean => {
  const options = within(clientOf(agent), 'Options')
  return ['fingerprint.denylist', 'fingerprint.blacklist'].some((key) =>
    told(options, key)
      .split(',')
      .map((one) => one.trim())
      .includes('consul'),
  )
}
const ofConsul = (spec: GroupSpec, agents: readonly Member<Readonly<Record<string, unknown>>>[]) =>
  agents.length > 0 && agents.every(({ value }) => blind(value))
    ? [...spec.services, ...spec.tasks.flatMap((task) => task.services)].find(({ provider }) => provider === 'consul')
    : undefined
const agentWith = (options: Readonly<Record<string, string>>) => [
  { about: 'node:c1', id: 'node:1', value: { Client: { Options: options } } },
]

export const implicitConsulProvider = fault({
  id: 'implicit-consul-provider',
  about: 'group',
  title: 'A service without provider needs Consul, and no client has Consul',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'Constraint "${attr.consul.version} semver >= 1.8.0": <n> nodes excluded by filter',
    'Constraint "${attr.consul.version} semver >= 1.7.0": <n> nodes excluded by filter',
  ],
  onlyWhen: {
    'group.placement': ['not-placed', 'partly'],
    'group.consul.wanted': [true],
    'group.missing.consul': [true],
  },
  needs: ['group.refusals', 'group.spec', 'cluster.consul.present', 'group.placement'],
  shows: ['group.refusals', 'group.spec'],
  holds: ({
    'group.refusals': refusals,
    'group.spec': spec,
    'cluster.consul.present': present,
    'group.placement': placement,
  }) => {
    const [first] = constraint(refusals)
    const [wants] = wanting(spec)
    if (present || !first || !wants) return false
    return {
      says: `Service ${wants.name} is registered in Consul (the provider when none is named), and ${clients(first.count)} without Consul ${first.count === 1 ? 'is' : 'are'} left out for it`,
      severity: grave(placement),
    }
  },
  byHand:
    'nomad job inspect <job>: is Provider "consul" on a service that the job file gives no provider? nomad node status -verbose <node>: is there an attribute consul.version?',
  explains: ['computed-class-ineligible'],
  because:
    'provider of a service block is consul unless it is written otherwise. When the job is submitted, the servers add a constraint on consul.version to its group. On clients that have no Consul agent beside them this attribute does not exist, so a job that names no constraint at all fits nowhere.',
  fix: ({ 'group.spec': spec }) => {
    const own = wanting(spec)
    const plain = own.every(
      ({ connect, checks }) => !connect && checks.every(({ type }) => type === 'http' || type === 'tcp'),
    )
    return [
      {
        do: `Write provider = "nomad" in ${wanting(spec).length === 1 ? `the block of service ${wanting(spec)[0]?.name ?? ''}` : 'every service block of the group'}`,
        on: 'job file',
        risk: 'Callers must look it up in Nomad: nomadService in templates instead of service; Consul-only options (connect, most check types) are refused',
        ...edits(
          plain ? own.map((one) => set(one, 'provider', 'nomad')) : undefined,
          'a service needs what only Consul has',
        ),
      },
      { do: 'Or run a Consul agent beside every client that shall run the group', on: 'clients', risk: 'none' },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#provider',
    'nomad/job_endpoint_hooks.go',
  ],
  versions: { nomad: '>= 1.3.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'no Consul anywhere',
      given: {
        'group.placement': 'not-placed',
        'group.consul.wanted': true,
        'group.missing.consul': true,
        'cluster.consul.present': false,
        'group.spec': group({ services: [service({ provider: 'consul' })] }),
        'group.refusals': failure({ constraintFiltered: { '${attr.consul.version} semver >= 1.8.0': 2 } }),
      },
      then: 'present',
    },
    {
      name: 'a constraint that the person wrote',
      given: {
        'group.placement': 'not-placed',
        'group.consul.wanted': false,
        'group.missing.consul': true,
        'cluster.consul.present': false,
        'group.spec': group(),
        'group.refusals': failure({ constraintFiltered: { '${attr.consul.version} semver >= 1.8.0': 2 } }),
      },
      then: 'absent',
    },
    {
      name: 'Consul is there, the clients do not see it',
      given: {
        'group.placement': 'not-placed',
        'group.consul.wanted': true,
        'group.missing.consul': true,
        'cluster.consul.present': true,
        'group.spec': group({ services: [service({ provider: 'consul' })] }),
        'group.refusals': failure({ constraintFiltered: { '${attr.consul.version} semver >= 1.8.0': 2 } }),
      },
      then: 'absent',
    },
    {
      name: 'placed',
      given: {
        'group.placement': 'placed',
        'group.consul.wanted': false,
        'group.missing.consul': false,
        'cluster.consul.present': false,
        'group.spec': group(),
        'group.refusals': null,
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'every.node.agent'],
    shows: ['every.node.agent'],
    holds: ({ 'group.spec': spec, 'every.node.agent': agents }) => {
      const found = ofConsul(spec, agents)
      return found
        ? {
            says: `Service ${found.name} is registered in Consul, and none of its clients looks for a Consul agent: the group gets no client`,
            severity: 'breaks',
            at: found,
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'every.node.agent': agents }) => [
      {
        do: `Add provider = "nomad" to service "${ofConsul(spec, agents)?.name ?? ''}", or run a Consul agent on the clients and let them look for it`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      {
        name: 'the fingerprint of Consul is switched off',
        given: {
          'group.spec': group({ services: [service({ provider: 'consul' })] }),
          'every.node.agent': agentWith({ 'fingerprint.denylist': 'consul' }),
        },
        then: 'present',
      },
      {
        name: 'the client looks for it',
        given: {
          'group.spec': group({ services: [service({ provider: 'consul' })] }),
          'every.node.agent': agentWith({}),
        },
        then: 'absent',
      },
    ],
  },
})
