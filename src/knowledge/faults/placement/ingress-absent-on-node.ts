import { names } from '../../placement.ts'
import { offer } from './examples.ts'
import { fault } from '../../fault.ts'
import { group, job, nodeDocument, record } from '../../samples.ts'
import type { GroupSpec, JobSpec } from '../../shapes/job.ts'
import type { NodeDocument, NodeOffer } from '../../shapes/runtime.ts'

/** The first thing that keeps a system job off the client, as far as its document shows. */
function reason(
  node: NodeDocument,
  job: JobSpec,
  { network, tasks }: GroupSpec,
): { readonly says: string; readonly cure: string; readonly run?: readonly string[] } {
  const drivers = tasks.map(({ driver }) => driver).filter((driver) => node.drivers[driver] !== true)
  const mode = network?.mode || 'host'
  const aliases = node.networks.flatMap(({ addresses }) => addresses.map(({ alias }) => alias))
  const host = network?.ports.find(({ hostNetwork }) => !hostNetwork.includes('${') && !aliases.includes(hostNetwork))
  if (node.status !== 'ready') return { says: `its status is ${node.status}`, cure: 'Bring its Nomad agent back' }
  if (node.draining)
    return { says: 'it is being drained', cure: 'End the drain', run: ['nomad', 'node', 'drain', '-disable', node.id] }
  if (!node.eligible)
    return {
      says: 'it is ineligible for scheduling',
      cure: 'Make it eligible again',
      run: ['nomad', 'node', 'eligibility', '-enable', node.id],
    }
  if (job.nodePool !== 'all' && job.nodePool !== node.nodePool)
    return {
      says: `it is in node pool ${node.nodePool}, the job in ${job.nodePool}`,
      cure: 'Move the job or the client to the other node pool',
    }
  if (!node.modes.includes(mode))
    return { says: `it does not offer network mode ${mode}`, cure: `Make the client offer network mode ${mode}` }
  if (host)
    return {
      says: `it has no host network ${host.hostNetwork}`,
      cure: `Define host_network "${host.hostNetwork}" on it`,
    }
  if (drivers.length > 0)
    return { says: `its driver ${drivers.join(', ')} is missing or unhealthy`, cure: 'Repair the task driver' }
  return {
    says: 'datacenter, constraints or resources leave it out',
    cure: 'Compare datacenters and constraints of the job with the attributes of the client',
  }
}

/** A port whose host network some clients have, and others lack. */
function lacking({ network }: GroupSpec, clients: readonly NodeOffer[]) {
  for (const port of network?.ports ?? []) {
    const without = clients.filter(({ hostNetworks }) => !hostNetworks.includes(port.hostNetwork))
    if (!port.hostNetwork.includes('${') && without.length > 0 && without.length < clients.length)
      return { port, without }
  }
  return undefined
}
const onPrivate = group({ network: { mode: '', ports: [{ label: 'http', static: 80, hostNetwork: 'private' }] } })

export const ingressAbsentOnNode = fault({
  id: 'ingress-absent-on-node',
  about: 'path',
  title: 'The system job has no allocation on the client that is asked',
  layer: 'scheduler',
  severity: 'breaks',
  heard: ['connect: connection refused', 'Health checks failed', 'OutOfService'],
  onlyWhen: { 'target.job.type': ['system', 'sysbatch'] },
  needs: ['target.group.current', 'target.node.document', 'target.job.spec', 'target.group.spec'],
  shows: ['target.node.document', 'target.group.current'],
  holds: ({
    'target.group.current': current,
    'target.node.document': node,
    'target.job.spec': job,
    'target.group.spec': group,
  }) => {
    if (job.stopped || current.some((one) => one.node === node.id)) return false
    return `System job ${job.id} has no allocation on ${node.name}: ${reason(node, job, group).says}`
  },
  byHand:
    'nomad node status: which ready and eligible clients are not among the nodes of nomad job status <job>? Check each for eligibility, drain, datacenter, pool, drivers and network modes.',
  explains: [],
  because:
    'A system job runs on every client that is eligible and fits, and only there. Clients that are ineligible, drained, in another datacenter or pool, or that lack the driver or the network are passed over without a word: the job still looks healthy. A load balancer that sends to all machines then finds a closed port on the one that was passed over.',
  fix: ({ 'target.node.document': node, 'target.job.spec': job, 'target.group.spec': group }) => {
    const { cure, run } = reason(node, job, group)
    return [
      {
        do: cure,
        on: `client ${node.name}`,
        ...(run ? { run } : {}),
        risk: 'The client gets allocations of other jobs as well',
      },
      { do: `Or take ${node.name} out of the load balancer`, on: 'load balancer', risk: 'none' },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/concepts/scheduling/schedulers#system',
    'https://developer.hashicorp.com/nomad/commands/node/eligibility',
    'scheduler/scheduler_system.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the client is ineligible',
      given: {
        'target.job.type': 'system',
        'target.job.spec': job({ type: 'system' }),
        'target.group.spec': group(),
        'target.group.current': [record('a1', { node: 'n1' })],
        'target.node.document': nodeDocument({ id: 'n2', name: 'c2', eligible: false }),
      },
      then: 'present',
    },
    {
      name: 'the client offers no bridge networking',
      given: {
        'target.job.type': 'system',
        'target.job.spec': job({ type: 'system' }),
        'target.group.spec': group(),
        'target.group.current': [],
        'target.node.document': nodeDocument({ id: 'n2', name: 'c2', modes: ['host'] }),
      },
      then: 'present',
    },
    {
      name: 'it runs there',
      given: {
        'target.job.type': 'system',
        'target.job.spec': job({ type: 'system' }),
        'target.group.spec': group(),
        'target.group.current': [record('a1', { node: 'n2' })],
        'target.node.document': nodeDocument({ id: 'n2', name: 'c2', eligible: false }),
      },
      then: 'absent',
    },
    {
      name: 'a service job need not be everywhere',
      given: {
        'target.job.type': 'service',
        'target.job.spec': job(),
        'target.group.spec': group(),
        'target.group.current': [],
        'target.node.document': nodeDocument({ id: 'n2', name: 'c2', eligible: false }),
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'job.type': ['system', 'sysbatch'] },
    needs: ['group.spec', 'group.candidates'],
    shows: ['group.candidates'],
    holds: ({ 'group.spec': spec, 'group.candidates': clients }) => {
      const found = lacking(spec, clients)
      return found
        ? {
            says: `Port ${found.port.label} of group ${spec.name} asks for host network ${found.port.hostNetwork}: ${names(found.without.map(({ name }) => name))} lacks it, and gets no allocation of the system job`,
            severity: 'degrades',
            at: [found.port, 'host_network'],
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'group.candidates': clients }) => {
      const found = lacking(spec, clients)
      return [
        {
          do: `Add host network ${found?.port.hostNetwork ?? ''} to ${names(found?.without.map(({ name }) => name) ?? [])}, or exclude such clients by a constraint, so that it is meant`,
          on: 'client configuration',
          risk: 'The client agent has to be restarted',
        },
      ]
    },
    examples: [
      {
        name: 'one of two clients lacks the host network',
        given: {
          'job.type': 'system',
          'group.spec': onPrivate,
          'group.candidates': [offer('c1'), offer('c2', { hostNetworks: ['default', 'private'] })],
        },
        then: 'present',
      },
      {
        name: 'all have it',
        given: {
          'job.type': 'system',
          'group.spec': onPrivate,
          'group.candidates': [offer('c2', { hostNetworks: ['default', 'private'] })],
        },
        then: 'absent',
      },
      {
        name: 'a service job runs where it fits',
        given: { 'job.type': 'service', 'group.spec': onPrivate, 'group.candidates': [offer('c1')] },
        then: 'absent',
      },
    ],
  },
})
