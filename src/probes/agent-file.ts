/** Facts of clients that exist only as files: an agent's configuration, and the CNI networks beside it. */
import type { Held, Seen } from '../knowledge/fact.ts'
import { hollow } from '../knowledge/hole.ts'
import { placeOf, setPlace, type Location, type Place } from '../knowledge/place.ts'
import type { NodeDocument, NodeOffer } from '../knowledge/shapes/runtime.ts'
import type { AgentFile } from '../jobfile/agent.ts'
import { jsonTree, type Node } from '../jobfile/json-text.ts'
import { placed } from './job-file.ts'
import { usualDynamic } from '../knowledge/port-ranges.ts'

type Json = Readonly<Record<string, unknown>>
export interface Source {
  readonly name: string
  readonly text: string
}
/** One machine: its configuration files in the order in which the agent reads them, and its CNI files; unknown when absent. */
export interface Machine {
  readonly agents: readonly (Source & { readonly read: AgentFile })[]
  readonly cni?: readonly Source[]
}
/** Facts of one machine, and its lines in the lists of clients; a server is no client. */
export interface FileNode {
  readonly id: string
  readonly name: string
  readonly client: boolean
  readonly facts: ReadonlyMap<string, Held<unknown>>
  readonly offer: NodeOffer
}

const only = 'only the running client tells'

/** The same machine may be given twice with other CNI files: then these belong to what it is called. */
export const machinesOf = (all: readonly Machine[]): readonly FileNode[] =>
  all.map((one) => {
    const alike = all.filter((other) => filesOf(other)[0] === filesOf(one)[0]).length > 1
    return machine(one, alike ? filesOf(one).map(baseName).join('+') : undefined)
  })
const filesOf = ({ agents, cni = [] }: Machine): readonly string[] => [...agents, ...cni].map(({ name }) => name)

function machine(given: Machine, called?: string): FileNode {
  const { agents, cni } = given
  const first = agents[0] ?? cni?.[0]
  const id = filesOf(given).join(',')
  const config = agents.map(asPlaced).reduce<Json>(merged, {})
  const client = map(config['Client'])
  const name = text(config['Name']) || (called ?? baseName(first?.name ?? id))
  const seen: Seen = {
    by: 'agent-file',
    ask: JSON.stringify(['file', id]),
    request: id,
    excerpt: (first?.text ?? '').split('\n').slice(0, 3).join('\n'),
    at: '',
    file: { name: first?.name ?? id, line: 1, column: 1 },
  }
  const known = <T>(value: T, of?: string): Held<T> => ({
    known: true,
    value,
    seen: of === undefined ? seen : { ...seen, request: of, file: { name: of, line: 1, column: 1 } },
  })
  const configs = cni?.map(configOf)
  // A client block that does not say whether it counts is a part of a client's configuration.
  const part =
    config['Client'] !== undefined && client['Enabled'] === undefined && map(config['Server'])['Enabled'] !== true
  const is = client['Enabled'] === true || part || (agents.length === 0 && cni !== undefined)
  const shared = common(id, name, config, configs)
  return {
    id,
    name,
    client: is,
    offer: offerOf(shared, client),
    facts: new Map<string, Held<unknown>>([
      ...(agents.length > 0 ? [['node.agent', known(config)] as const] : []),
      ...(agents.length > 0 && is ? [['node.document', known(documentOf(shared, client))] as const] : []),
      ...(configs ? [['node.cni.configs', known(configs, cni?.[0]?.name)] as const] : []),
    ]),
  }
}

/** A file as the client's folder has it; faults point at a member by its name, or by its name and what it holds. */
function configOf({ name, text: source }: Source): { readonly name: string; readonly text: string } {
  const config = { name: baseName(name), text: source }
  const lines = source.split('\n')
  const root = jsonTree(source)
  const { line, column } = 'kind' in root ? { line: 1, column: 1 } : root
  const block = { file: name, line, column }
  const attrs = 'kind' in root ? membersOf(root, name, lines) : {}
  setPlace(config, { block, title: `cni ${config.name} ${networkName(config).join('')}`, attrs })
  return config
}

/** Members of a file by their names, the outermost and first one counting; a list and an object by the line they begin on. */
function membersOf(root: Node, file: string, lines: readonly string[]): Place['attrs'] {
  const attrs: Record<string, Location & { text: string }> = {}
  let level: readonly Node[] = [root]
  while (level.length > 0) {
    const members = level.flatMap((node) => (node.kind === 'object' ? node.members : []))
    for (const { name, value, span } of members) {
      const head = {
        line: span.line,
        column: span.column,
        endLine: span.line,
        endColumn: span.column + name.length + 2,
      }
      const at = value.kind === 'value' ? span : head
      const place = { file, ...at, text: (lines[span.line - 1] ?? '').trim() }
      attrs[name] ??= place
      if (value.kind === 'value') attrs[`${name} ${value.value}`] ??= place
    }
    level = [...level.flatMap((node) => (node.kind === 'list' ? node.items : [])), ...members.map(({ value }) => value)]
  }
  return attrs
}

const baseName = (path: string): string => path.replace(/^.*[/\\]/, '')
const map = (value: unknown): Json => (typeof value === 'object' && value !== null ? (value as Json) : {})
const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as readonly Json[]) : [])
const texts = (value: unknown): Readonly<Record<string, string>> =>
  Object.fromEntries(Object.entries(map(value)).map(([key, one]) => [key, String(one)]))
const number = (value: unknown, otherwise: number): number => {
  const found = Number(value)
  return value !== undefined && Number.isFinite(found) ? found : otherwise
}

/** Every block of a file knows its place. */
function asPlaced({ name, text: source, read }: Machine['agents'][number]): Json {
  const lines = source.split('\n')
  for (const [block, place] of read.places) setPlace(block, placed(place, name, lines))
  return read.json
}

const named = ['HostNetworks', 'Consuls', 'Plugins'] as const

/** A later file counts, block by block; named blocks by their names. Source: command/agent/config.go, `Merge`. */
function merged(before: Json, after: Json): Json {
  const both = new Set([...Object.keys(before), ...Object.keys(after)])
  const found = Object.fromEntries(
    [...both].map((key) => {
      const [old, fresh] = [before[key], after[key]]
      if (old === undefined || fresh === undefined) return [key, fresh ?? old]
      if (named.some((one) => one === key)) return [key, byName(list(old), list(fresh))]
      return [key, isBlock(old) && isBlock(fresh) ? merged(old, fresh) : fresh]
    }),
  )
  const [old, fresh] = [placeOf(before), placeOf(after)]
  if (old ?? fresh)
    setPlace(found, {
      block: (fresh ?? old)?.block ?? { file: '', line: 1, column: 1 },
      title: '',
      attrs: { ...old?.attrs, ...fresh?.attrs },
    })
  return found
}
const isBlock = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const byName = (before: readonly Json[], after: readonly Json[]): readonly Json[] => [
  ...before.filter((one) => after.every((other) => other['Name'] !== one['Name'])),
  ...after,
]

type Common = ReturnType<typeof common>
function common(id: string, name: string, config: Json, cni: readonly { name: string; text: string }[] | undefined) {
  const client = map(config['Client'])
  const shared = {
    id,
    name,
    status: 'ready',
    eligible: true,
    draining: false,
    datacenter: text(config['Datacenter']) || 'dc1',
    nodePool: text(client['NodePool']) || 'default',
    nodeClass: text(client['NodeClass']),
    modes: ['host', 'bridge', ...(cni ?? []).flatMap(networkName).map((one) => `cni/${one}`)],
    dynamicPorts: {
      min: number(client['MinDynamicPort'], usualDynamic.min),
      max: number(client['MaxDynamicPort'], usualDynamic.max),
    },
    reservedPorts: text(map(client['Reserved'])['ReservedPorts']),
    drivers: {},
  }
  hollow(shared, 'drivers', `the drivers of ${name} are not known: ${only}`)
  if (!cni) hollow(shared, 'modes', `the CNI networks of ${name} are not known: no file of them is given`)
  return shared
}

/** Names as the agent fingerprints them; what it cannot read it does not offer. */
function networkName({ text: source }: { text: string }): readonly string[] {
  try {
    return [text(map(JSON.parse(source))['name'])].filter((one) => one !== '')
  } catch {
    return []
  }
}

const hostNetworks = (client: Json): NodeDocument['hostNetworks'] =>
  list(client['HostNetworks']).map((one) => {
    const network = {
      name: text(one['Name']),
      cidr: text(one['CIDR']),
      interface: text(one['Interface']),
      reservedPorts: text(one['ReservedPorts']),
    }
    const place = placeOf(one)
    if (place) setPlace(network, place)
    return network
  })

/** With its open parts left open. */
const copied = <T extends object>(of: Common, more: T): Common & T =>
  Object.defineProperties(
    {},
    { ...Object.getOwnPropertyDescriptors(of), ...Object.getOwnPropertyDescriptors(more) },
  ) as Common & T

function offerOf(shared: Common, client: Json): NodeOffer {
  const own = hostNetworks(client)
  const kept = own.filter(({ reservedPorts }) => reservedPorts !== '')
  const offer = copied(shared, {
    os: '',
    hostNetworks: ['default', ...own.map(({ name }) => name)],
    ...(kept.length > 0
      ? { reservedOn: Object.fromEntries(kept.map((one) => [one.name, one.reservedPorts] as const)) }
      : {}),
  })
  const place = placeOf(client)
  if (place) setPlace(offer, place)
  hollow(offer, 'os', `the system of ${shared.name} is not known: ${only}`)
  return offer
}

function documentOf(shared: Common, client: Json): NodeDocument {
  const document = copied(shared, {
    httpAddress: '',
    version: '',
    attributes: {},
    meta: texts(client['Meta']),
    networks: [],
    hostNetworks: hostNetworks(client),
  })
  for (const key of ['httpAddress', 'version', 'attributes', 'networks', 'status'] as const)
    hollow(document, key, `${key} of ${shared.name}: ${only}`)
  return document
}
