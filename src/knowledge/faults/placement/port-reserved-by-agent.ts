import type { GroupSpec } from '../../shapes/job.ts'
import { keepsBack } from '../../clients.ts'
import { group } from '../../samples.ts'
import { fault } from '../../fault.ts'
import { grave, names, reasons, taking, tell } from '../../placement.ts'
import type { NodeOffer, PlacementFailure } from '../../shapes/runtime.ts'
import { failure, offer } from './examples.ts'

/** The static port that collides, and the clients that keep it back. */
function kept(refusals: PlacementFailure | null, { network }: GroupSpec, meant: readonly NodeOffer[]) {
  for (const { words } of reasons(refusals, 'dimensions', /^network: reserved port collision (.+)=(\d+)$/)) {
    const [label, port] = [words[0], Number(words[1])]
    const from = network?.ports.find((one) => one.label === label)?.hostNetwork ?? 'default'
    const on = taking(meant)
      .filter((one) => keepsBack(one, port, from))
      .map(({ name }) => name)
    if (on.length > 0) return { port, on }
  }
  return undefined
}

/** A static port that every client keeps back. */
const withheld = ({ network }: GroupSpec, clients: readonly NodeOffer[]) =>
  clients.length === 0
    ? undefined
    : network?.ports.find(
        ({ static: host, hostNetwork }) =>
          host !== undefined && clients.every((one) => keepsBack(one, host, hostNetwork)),
      )
const fixed = group({ network: { mode: '', ports: [{ label: 'http', static: 9100, hostNetwork: 'default' }] } })

const onPublic = group({ network: { mode: 'host', ports: [{ label: 'http', static: 80, hostNetwork: 'public' }] } })

export const portReservedByAgent = fault({
  id: 'port-reserved-by-agent',
  about: 'group',
  title: 'The static port is among those the clients keep back for others',
  layer: 'node',
  severity: 'breaks',
  heard: ['Dimension "network: reserved port collision <label>=<port>" exhausted on <n> nodes'],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.spec', 'group.candidates', 'group.placement'],
  shows: ['group.refusals', 'group.candidates'],
  holds: ({
    'group.refusals': refusals,
    'group.spec': spec,
    'group.candidates': meant,
    'group.placement': placement,
  }) => {
    const found = kept(refusals, spec, meant)
    return found
      ? {
          says: `${tell(found.on, 'keeps', 'keep')} port ${found.port} back (reserved_ports), so no job can have it there`,
          severity: grave(placement),
        }
      : false
  },
  byHand:
    'nomad node status -json <node>: ReservedResources.Networks.ReservedHostPorts; in the client block, reserved { reserved_ports } and reserved_ports of host networks.',
  explains: ['reserved-port-collision'],
  because:
    'reserved_ports of a client are ports that Nomad must not give to any job, because something else on the machine uses them. Those of the reserved block are taken on every host network of the client, those of a host_network block on its address alone. A job that asks for one of them as static port is refused with the same text as a port that another allocation has, but no allocation has it.',
  fix: ({ 'group.refusals': refusals, 'group.spec': spec, 'group.candidates': meant }) => {
    const port = kept(refusals, spec, meant)?.port ?? 0
    return [
      {
        do: `Take ${port} out of reserved_ports, if nothing else on the clients needs it, and restart the agents`,
        on: 'client configuration',
        risk: 'Whatever the reservation was for may find its port taken',
      },
      {
        do: 'Or give the job another static port',
        on: 'job file',
        risk: 'Callers that use the fixed port must change',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#reserved-block',
    'https://github.com/hashicorp/nomad/issues/16091',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'in a reserved range',
      given: {
        'group.placement': 'not-placed',
        'group.spec': group(),
        'group.refusals': failure({ dimensionExhausted: { 'network: reserved port collision http=8080': 2 } }),
        'group.candidates': [offer('c1', { reservedPorts: '22,8000-8100' }), offer('c2', { reservedPorts: '8080' })],
      },
      then: 'present',
    },
    {
      name: 'kept back on the host network of the port',
      given: {
        'group.placement': 'not-placed',
        'group.spec': onPublic,
        'group.refusals': failure({ dimensionExhausted: { 'network: reserved port collision http=80': 1 } }),
        'group.candidates': [offer('c1', { reservedOn: { public: '22,80' } })],
      },
      then: 'present',
    },
    {
      name: 'kept back on another host network',
      given: {
        'group.placement': 'not-placed',
        'group.spec': onPublic,
        'group.refusals': failure({ dimensionExhausted: { 'network: reserved port collision http=80': 1 } }),
        'group.candidates': [offer('c1', { reservedOn: { private: '22,80' } })],
      },
      then: 'absent',
    },
    {
      name: 'another allocation has it',
      given: {
        'group.placement': 'not-placed',
        'group.spec': group(),
        'group.refusals': failure({ dimensionExhausted: { 'network: reserved port collision http=8080': 2 } }),
        'group.candidates': [offer('c1', { reservedPorts: '22' }), offer('c2')],
      },
      then: 'absent',
    },
    {
      name: 'placed elsewhere',
      given: {
        'group.placement': 'placed',
        'group.spec': group(),
        'group.refusals': null,
        'group.candidates': [offer('c1', { reservedPorts: '8080' })],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'group.candidates'],
    shows: ['group.candidates'],
    holds: ({ 'group.spec': spec, 'group.candidates': clients }) => {
      const found = withheld(spec, clients)
      return found
        ? {
            says: `Port ${found.label} of group ${spec.name} wants ${found.static}, which its clients keep back with reserved_ports (${names(clients.map(({ name }) => name))})`,
            severity: 'breaks',
            at: [found, 'static'],
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'group.candidates': clients }) => [
      {
        do: `Take another number for port "${withheld(spec, clients)?.label ?? ''}", or take it out of reserved_ports if nothing else uses it`,
        on: 'job file',
        risk: 'Callers have to know the other number',
      },
    ],
    examples: [
      {
        name: 'all clients keep it back',
        given: { 'group.spec': fixed, 'group.candidates': [offer('c1', { reservedPorts: '22,9100' })] },
        then: 'present',
      },
      {
        name: 'kept back by the host_network block that the port names',
        given: { 'group.spec': onPublic, 'group.candidates': [offer('c1', { reservedOn: { public: '22,80' } })] },
        then: 'present',
      },
      {
        name: 'kept back by another host_network block',
        given: { 'group.spec': onPublic, 'group.candidates': [offer('c1', { reservedOn: { private: '80' } })] },
        then: 'absent',
      },
      {
        name: 'one client gives it',
        given: { 'group.spec': fixed, 'group.candidates': [offer('c1', { reservedPorts: '9000-9200' }), offer('c2')] },
        then: 'absent',
      },
    ],
  },
})
