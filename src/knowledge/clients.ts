/** What the configuration of a client says, read as its agent tells it. Pure. */
import type { Member } from './facts.ts'
import type { CniFile, CniNetwork } from './shapes/crossing.ts'
import type { GroupSpec } from './shapes/job.ts'
import type { NodeDocument, NodeOffer } from './shapes/runtime.ts'

type Json = Readonly<Record<string, unknown>>
const map = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})

/** The client block of an agent's configuration. */
export const clientOf = (agent: Json): Json => map(agent['Client'])
export const told = (block: Json, key: string): string => {
  const value = block[key]
  return typeof value === 'string' || typeof value === 'number' ? String(value) : ''
}
/** The consul blocks of an agent; the single one of before 1.7. */
export const consulBlocks = (agent: Json): readonly Json[] =>
  (Array.isArray(agent['Consuls']) ? (agent['Consuls'] as readonly unknown[]) : [agent['Consul']]).filter(
    (one): one is Json => typeof one === 'object' && one !== null,
  )
export const within = (block: Json, key: string): Json => map(block[key])

/** `22,80,8000-8100` holds 8080. */
const reserves = (reserved: string, port: number): boolean =>
  reserved.split(',').some((part) => {
    const [from = Number.NaN, to = from] = part.split('-').map((text) => Number.parseInt(text, 10))
    return from <= port && port <= to
  })

/** Whether a client keeps a port back where ports of this host network get their address. */
export const keepsBack = ({ reservedPorts, reservedOn = {} }: NodeOffer, port: number, network: string): boolean =>
  reserves(reservedPorts, port) || reserves(reservedOn[network] ?? '', port)

/** The networks from which ports of this host network may get their addresses, on the clients that have it. */
export const cidrs = (documents: readonly Member<NodeDocument>[], name: string): readonly string[] =>
  documents.flatMap(({ value }) =>
    value.hostNetworks.filter((one) => one.name === name && one.cidr !== '').flatMap(({ cidr }) => cidr.split(',')),
  )

/** The network of a mode `cni/<name>` on each client that has it. */
export const networksOf = (mode: string, files: readonly Member<readonly CniFile[]>[]): readonly CniNetwork[] =>
  files.flatMap(({ value }) => value.find(({ network }) => `cni/${network?.name}` === mode)?.network ?? [])

/** What all clients that have the network agree on. */
export const agreed = (
  mode: string,
  files: readonly Member<readonly CniFile[]>[],
  holds: (network: CniNetwork) => boolean,
): CniNetwork | undefined => {
  const found = networksOf(mode, files)
  return found.length > 0 && found.every(holds) ? found[0] : undefined
}

/** A static port that the agent of every client listens on itself. */
export const portOfAgent = ({ network }: GroupSpec, agents: readonly Member<Readonly<Record<string, unknown>>>[]) =>
  agents.length === 0
    ? undefined
    : network?.ports.find(
        ({ static: host }) =>
          host !== undefined &&
          agents.every(({ value }) => (told(within(value, 'Ports'), 'HTTP') || '4646') === String(host)),
      )
