import type { GroupSpec } from '../../shapes/job.ts'
import { reserves } from '../../clients.ts'
import { group } from '../../samples.ts'
import { fault } from '../../fault.ts'
import { grave, names, reasons, taking, tell } from '../../placement.ts'
import type { NodeOffer, PlacementFailure } from '../../shapes/runtime.ts'
import { failure, offer } from './examples.ts'

/** `22,80,8000-8100` holds 8080. */
const holds = (reserved: string, port: number): boolean =>
  reserved.split(',').some((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map((text) => Number.parseInt(text, 10))
    return from <= port && port <= to
  })

/** The static port that collides, and the clients that keep it back. */
function kept(refusals: PlacementFailure | null, meant: readonly NodeOffer[]) {
  for (const { words } of reasons(refusals, 'dimensions', /^network: reserved port collision .+=(\d+)$/)) {
    const port = Number(words[0])
    const on = taking(meant)
      .filter(({ reservedPorts }) => holds(reservedPorts, port))
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
        ({ static: host }) => host !== undefined && clients.every(({ reservedPorts }) => reserves(reservedPorts, host)),
      )
const fixed = group({ network: { mode: '', ports: [{ label: 'http', static: 9100, hostNetwork: 'default' }] } })

export const portReservedByAgent = fault({
  id: 'port-reserved-by-agent',
  about: 'group',
  title: 'The static port is among those the clients keep back for others',
  layer: 'node',
  severity: 'breaks',
  heard: ['Dimension "network: reserved port collision <label>=<port>" exhausted on <n> nodes'],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.candidates', 'group.placement'],
  shows: ['group.refusals', 'group.candidates'],
  holds: ({ 'group.refusals': refusals, 'group.candidates': meant, 'group.placement': placement }) => {
    const found = kept(refusals, meant)
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
    'reserved_ports of a client are ports that Nomad must not give to any job, because something else on the machine uses them. The scheduler counts them as taken on every host network of the client. A job that asks for one of them as static port is refused with the same text as a port that another allocation has, but no allocation has it.',
  fix: ({ 'group.refusals': refusals, 'group.candidates': meant }) => {
    const port = kept(refusals, meant)?.port ?? 0
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
        'group.refusals': failure({ dimensionExhausted: { 'network: reserved port collision http=8080': 2 } }),
        'group.candidates': [offer('c1', { reservedPorts: '22,8000-8100' }), offer('c2', { reservedPorts: '8080' })],
      },
      then: 'present',
    },
    {
      name: 'another allocation has it',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ dimensionExhausted: { 'network: reserved port collision http=8080': 2 } }),
        'group.candidates': [offer('c1', { reservedPorts: '22' }), offer('c2')],
      },
      then: 'absent',
    },
    {
      name: 'placed elsewhere',
      given: {
        'group.placement': 'placed',
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
        name: 'one client gives it',
        given: { 'group.spec': fixed, 'group.candidates': [offer('c1', { reservedPorts: '9000-9200' }), offer('c2')] },
        then: 'absent',
      },
    ],
  },
})
