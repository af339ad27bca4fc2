import type { NodeOffer } from '../../shapes/runtime.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import { offer } from './examples.ts'
import { group } from '../../samples.ts'
import { fault } from '../../fault.ts'
import { grave, names } from '../../placement.ts'

/** A port whose host network no client has. */
const nowhere = ({ network }: GroupSpec, clients: readonly NodeOffer[]) =>
  clients.length === 0
    ? undefined
    : network?.ports.find(
        ({ hostNetwork }) =>
          !hostNetwork.includes('${') && clients.every(({ hostNetworks }) => !hostNetworks.includes(hostNetwork)),
      )
const onMgmt = group({ network: { mode: 'bridge', ports: [{ label: 'http', hostNetwork: 'mgmt' }] } })

/** The network default is no block of anybody's, and has a page of its own. */
const named = (missing: readonly { readonly network: string; readonly label: string }[]) =>
  missing.find(({ network }) => network !== 'default')

export const missingHostNetwork = fault({
  id: 'missing-host-network',
  about: 'group',
  title: 'A port asks for a host network that no permitted client has',
  layer: 'scheduler',
  severity: 'breaks',
  heard: [
    'Constraint "missing host network "<name>" for port "<label>"": <n> nodes excluded by filter',
    'missing host network "<name>" for port "<label>"',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.missing.host-networks', 'group.placement'],
  shows: ['group.missing.host-networks'],
  holds: ({ 'group.missing.host-networks': missing, 'group.placement': placement }) => {
    const first = named(missing)
    if (!first) return false
    return {
      says: `Port ${first.label} wants host network "${first.network}", which clients that may run the group do not have`,
      severity: grave(placement),
    }
  },
  byHand:
    'nomad node status -verbose <node> lists the host networks of a client with their addresses; compare with host_network of the port.',
  explains: ['computed-class-ineligible', 'ingress-absent-on-node'],
  because:
    'host_network of a port names a host_network block in the configuration of the clients, spelt the same. A client offers it only if an address of its interfaces matched cidr and interface of the block when the agent started. A public address that a cloud translates is on no interface and never matches. A client without it is left out, and without any other client the evaluation stays blocked.',
  fix: ({ 'group.missing.host-networks': missing }) => [
    {
      do: `Add host_network "${named(missing)?.network ?? ''}" { cidr = "<network of the wanted interface>" } to the client block, or correct its cidr or interface, and restart the agent`,
      on: 'client configuration',
      risk: 'With any host_network block, bridge ports are no longer mapped on every address of the client',
    },
    {
      do: `Or remove host_network = "${named(missing)?.network ?? ''}" from port ${named(missing)?.label ?? ''}: it then gets an address of the default network`,
      on: 'job file',
      risk: 'The port is reachable on another address',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#host_network',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#host_network-block',
    'scheduler/feasible/feasible.go, NetworkChecker',
  ],
  versions: { nomad: '>= 0.12.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'no client defines it',
      given: { 'group.placement': 'not-placed', 'group.missing.host-networks': [{ network: 'public', label: 'http' }] },
      then: 'present',
    },
    {
      name: 'nothing of the kind',
      given: { 'group.placement': 'not-placed', 'group.missing.host-networks': [] },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.missing.host-networks': [] }, then: 'absent' },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'group.candidates'],
    shows: ['group.candidates'],
    holds: ({ 'group.spec': spec, 'group.candidates': clients }) => {
      const found = nowhere(spec, clients)
      return found
        ? {
            says: `Port ${found.label} of group ${spec.name} asks for host network ${found.hostNetwork}, which none of its clients has (${names(clients.map(({ name }) => name))})`,
            severity: 'breaks',
            at: [found, 'host_network'],
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'group.candidates': clients }) => [
      {
        do: `Name a host network that the clients have in port "${nowhere(spec, clients)?.label ?? ''}", or add it to their client block`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      { name: 'no client has it', given: { 'group.spec': onMgmt, 'group.candidates': [offer('c1')] }, then: 'present' },
      {
        name: 'one has it',
        given: {
          'group.spec': onMgmt,
          'group.candidates': [offer('c1'), offer('c2', { hostNetworks: ['default', 'mgmt'] })],
        },
        then: 'absent',
      },
    ],
  },
})
