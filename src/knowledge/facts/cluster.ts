import { fact } from '../fact.ts'
import type { NamespaceRule } from '../shapes/namespace.ts'
import type { ConsulSettings, Intention, NodeOffer } from '../shapes/runtime.ts'

export const clusterFacts = {
  'cluster.leader': fact<string>('Address of the leader as the asked server knows it.'),
  'cluster.version': fact<string>('Nomad version of the agent that was asked.'),
  'cluster.region': fact<string>('Region of the agent that was asked.'),
  'cluster.nodes': fact<
    readonly {
      id: string
      name: string
      status: string
      eligible: boolean
      address: string
      datacenter: string
      version: string
    }[]
  >('Client nodes the servers know.'),
  'cluster.offers': fact<readonly NodeOffer[]>('What each client node offers to the scheduler.'),
  'cluster.jobs': fact<
    readonly {
      id: string
      namespace: string
      type: string
      status: string
      groups: readonly string[]
      /** Of a run that a periodic or parameterized job started: that job, and the place in the order of creation. */
      parent?: string
      created?: number
    }[]
  >('Jobs the token may list, with those that others started.'),
  'cluster.service-names': fact<readonly string[]>(
    'Names that services may have: those of the native catalogue, or of files alone whatever has a name in one of them.',
  ),
  'cluster.own-jobs': fact<true>(
    "The jobs of the user's own namespace are among those listed; a token without a right there gets a shorter list.",
  ),
  'cluster.allocations': fact<readonly { id: string; job: string; group: string; namespace: string; node: string }[]>(
    'Allocations the token may list, dead ones included.',
  ),
  'cluster.namespaces': fact<readonly string[]>('Namespaces the token may list.'),
  'cluster.services': fact<readonly { name: string; namespace: string; tags: readonly string[] }[]>(
    'Native services in all namespaces.',
  ),
  'cluster.acl': fact<{ enabled: boolean; token: string; policies: readonly string[] }>(
    'Whether ACLs are on, and what the token is.',
  ),
  'cluster.consul.version': fact<string>('Consul version of the agent that was asked.'),
  'cluster.consul.services': fact<readonly string[]>('Service names in the Consul catalogue.'),
  'cluster.consul.intentions': fact<readonly Intention[]>('Intentions of the Consul service mesh, most precise first.'),
  'cluster.consul.default-intention': fact<'allow' | 'deny'>('What the mesh does where no intention matches.'),
  'cluster.consul.settings': fact<ConsulSettings>('What the Consul agent that was asked says of its own settings.'),
  'cluster.consul.protocols': fact<Readonly<Record<string, string>>>(
    'Protocols of services as Consul has them in service-defaults; under `*` the one of proxy-defaults, tcp without it.',
  ),
  'cluster.consul.present': fact<boolean>(
    'Whether some client has a Consul agent in reach, or the Consul API answers.',
  ),
  'cluster.namespace-rules': fact<readonly NamespaceRule[]>(
    'What each namespace says of the network modes of its jobs.',
  ),
  'cluster.consul.shared': fact<readonly { readonly address: string; readonly clients: readonly string[] }[]>(
    'Consul agents that several clients are configured to use, with the names of these clients.',
  ),
}
