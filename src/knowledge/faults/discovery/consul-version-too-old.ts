import type { Member } from '../../facts.ts'
import { fault } from '../../fault.ts'
import { grave, names, reasons, tell } from '../../placement.ts'
import { nodeDocument } from '../../samples.ts'
import type { NodeDocument, PlacementFailure } from '../../shapes/runtime.ts'
import { before } from '../../version.ts'
import { failure } from '../placement/examples.ts'

const told = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'constraints', /^\$\{attr\.consul\.version\} semver >= (\S+)$/)[0]

/** Clients that have a Consul agent, and too old a one. */
const old = (nodes: readonly Member<NodeDocument>[], bound: string): readonly NodeDocument[] =>
  nodes
    .map(({ value }) => value)
    .filter(
      ({ attributes }) => attributes['consul.version'] !== undefined && before(attributes['consul.version'], bound),
    )

const base = {
  'group.placement': 'not-placed',
  'group.missing.consul': true,
  'group.refusals': failure({ constraintFiltered: { '${attr.consul.version} semver >= 1.8.0': 1 } }),
} as const
const withConsul = (version: string) => [
  { about: 'node:c1', id: 'node:n1', value: nodeDocument({ attributes: { 'consul.version': version } }) },
]

export const consulVersionTooOld = fault({
  id: 'consul-version-too-old',
  about: 'group',
  title: 'The Consul agents of the clients are too old for this job',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Constraint "${attr.consul.version} semver >= 1.8.0": <n> nodes excluded by filter',
    'Constraint "${attr.consul.version} semver >= 1.11.2": <n> nodes excluded by filter',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'], 'group.missing.consul': [true] },
  needs: ['group.refusals', 'every.node.document', 'group.placement'],
  shows: ['group.refusals', 'every.node.document'],
  holds: ({ 'group.refusals': refusals, 'every.node.document': nodes, 'group.placement': placement }) => {
    const bound = told(refusals)?.words[0]
    const found = bound === undefined ? [] : old(nodes, bound)
    if (found.length === 0) return false
    const versions = [...new Set(found.map(({ attributes }) => attributes['consul.version'] ?? ''))]
    const say = tell(
      found.map(({ name }) => name),
      'has',
      'have',
    )
    return {
      says: `${say} Consul ${names(versions)}, and the job wants ${bound ?? ''} or newer`,
      severity: grave(placement),
    }
  },
  byHand: 'nomad node status -verbose <node>: consul.version; a beta or dev build counts as older than its release.',
  explains: [],
  because:
    'A service of Consul brings a constraint on the version of the Consul agent beside the client: what Nomad asks of it does not exist in older ones. Versions are compared strictly, so 1.9.0-beta is older than 1.9.0. A client with too old an agent is left out like one without Consul.',
  fix: ({ 'every.node.document': nodes, 'group.refusals': refusals }) => [
    {
      do: `Upgrade Consul to ${told(refusals)?.words[0] ?? 'a newer version'} or newer, and restart the Nomad agent, which keeps the old version in mind otherwise`,
      on: `client ${names(old(nodes, told(refusals)?.words[0] ?? '').map(({ name }) => name))}`,
      risk: 'Services of the client are away from Consul for a moment',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/networking/consul', 'nomad/job_endpoint_hooks.go'],
  versions: { nomad: '>= 1.3.0' },
  since: '0.1.0',
  examples: [
    { name: 'too old', given: { ...base, 'every.node.document': withConsul('1.6.2') }, then: 'present' },
    {
      name: 'a beta of the wanted version',
      given: { ...base, 'every.node.document': withConsul('1.8.0-beta1') },
      then: 'present',
    },
    {
      name: 'no Consul at all',
      given: { ...base, 'every.node.document': [{ about: 'node:c1', id: 'node:n1', value: nodeDocument() }] },
      then: 'absent',
    },
    {
      name: 'another constraint',
      given: { ...base, 'group.missing.consul': false, 'every.node.document': withConsul('1.6.2') },
      then: 'absent',
    },
    {
      name: 'placed',
      given: { ...base, 'group.placement': 'placed', 'every.node.document': withConsul('1.6.2') },
      then: 'absent',
    },
  ],
})
