import { hostname, networkInterfaces } from 'node:os'
import { isIP } from 'node:net'
import { nomad } from '../ask/nomad.ts'
import { refusalOf } from '../ask/refusal.ts'
import type { Ask, Why } from '../ask/request.ts'

/** What a command on a machine needs to know about it. */
export interface Machine {
  readonly id: string
  readonly name: string
  readonly address: string
  /** This very machine, by the node id of the agent that runs here. */
  readonly here: boolean
}

export interface NotReached {
  readonly why: Why
  readonly detail: string
}

interface NodeDocument {
  readonly ID?: string
  readonly Name?: string
  readonly HTTPAddr?: string
  readonly Attributes?: Readonly<Record<string, string>> | null
}

interface AgentDocument {
  readonly stats?: { readonly client?: { readonly node_id?: string } }
}

const isNodeId = (text: string): boolean => /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(text)

function parse(body: string): unknown {
  try {
    return JSON.parse(body)
  } catch {
    return null
  }
}

const hostOf = (address = ''): string =>
  (/^\[(.+)\]:\d+$/.exec(address) ?? /^([^:]+)(?::\d+)?$/.exec(address))?.[1] ?? ''
const isLoopback = (address: string): boolean => /^(127\.|0\.0\.0\.0$|::1?$|localhost$)/.test(address)
const isOwnAddress = (address: string): boolean =>
  isIP(address) !== 0 &&
  Object.values(networkInterfaces()).some((list) => list?.some((each) => !each.internal && each.address === address))

interface AllocStub {
  readonly NodeID?: string
  readonly NodeName?: string
  readonly AllocatedResources?: { readonly Shared?: { readonly Networks?: readonly { readonly IP?: string }[] | null } }
}

/** Who may not read clients often may read allocations, and these tell name and address of theirs. */
async function fromAllocations(node: string, server: Ask): Promise<NodeDocument | null> {
  const reply = await server(nomad.everyAllocation())
  const found: unknown = reply.status === 200 ? parse(reply.body) : null
  const own = (Array.isArray(found) ? (found as AllocStub[]) : []).filter(({ NodeID }) => NodeID === node)
  const name = own[0]?.NodeName
  if (name === undefined) return null
  const networks = own.flatMap(({ AllocatedResources }) => AllocatedResources?.Shared?.Networks ?? [])
  const address = networks.map(({ IP = '' }) => IP).find((ip) => isIP(ip) !== 0 && !isLoopback(ip))
  return {
    ID: node,
    Name: name,
    Attributes: { 'unique.hostname': name, ...(address === undefined ? {} : { 'unique.network.ip-address': address }) },
  }
}

/** Finds out what is behind a node id, and whether it is this machine. `localAgents` ask agents that may run here. */
export function machines(server: Ask, localAgents: readonly Ask[]): (node: string) => Promise<Machine | NotReached> {
  const known = new Map<string, Promise<Machine | NotReached>>()
  let ownId: Promise<string | undefined> | undefined

  async function findOwnId(): Promise<string | undefined> {
    for (const ask of localAgents) {
      const reply = await ask(nomad.agent())
      const agent = reply.status === 200 ? (parse(reply.body) as AgentDocument | null) : null
      const id = agent?.stats?.client?.node_id
      if (id !== undefined && isNodeId(id)) return id
    }
    return undefined
  }

  async function find(node: string): Promise<Machine | NotReached> {
    if (node === 'localhost') return { id: node, name: node, address: '127.0.0.1', here: true }
    // A machine without an agent is named by its host name.
    if (!isNodeId(node)) return { id: node, name: node, address: node, here: false }
    const request = nomad.node(node)
    const reply = await server(request)
    const refusal = refusalOf(request, reply)
    const document = refusal ? await fromAllocations(node, server) : (parse(reply.body) as NodeDocument | null)
    if (!document)
      return {
        why: refusal?.why ?? 'failed',
        detail: `where that client is could not be read: ${refusal?.detail ?? 'unreadable answer'}`,
      }
    const attributes = document.Attributes ?? {}
    const advertised = hostOf(document.HTTPAddr)
    const reachable = advertised !== '' && !isLoopback(advertised)
    const address = reachable ? advertised : (attributes['unique.network.ip-address'] ?? '')
    ownId ??= findOwnId()
    // A tunnel makes a distant agent answer on loopback: name or address must be this machine's as well.
    const looksLikeHere = attributes['unique.hostname'] === hostname() || isOwnAddress(address)
    return { id: node, name: document.Name ?? node, address, here: looksLikeHere && (await ownId) === node }
  }

  return async (node) => {
    let machine = known.get(node)
    if (!machine) known.set(node, (machine = find(node)))
    const found = await machine
    if ('why' in found) known.delete(node)
    return found
  }
}
