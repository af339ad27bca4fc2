/** The configuration of an agent, as its own API tells it, read from its file: https://developer.hashicorp.com/nomad/docs/configuration */
import type { Body, SyntaxProblem } from './ast.ts'
import { objectOf, type Json, type Place } from './api.ts'
import type { Inner, Shape } from './api-shape.ts'
import { contents } from './block.ts'
import { nowhere } from './evaluate.ts'
import { Holes } from './holes.ts'
import { bodyOf } from './json-job.ts'
import { jsonTree } from './json-text.ts'
import { refusedByAgent } from './agent-keys.ts'
import type { HclParser } from './parser.ts'
import type { Refusal } from './schema-words.ts'
import { body } from './tree.ts'

export interface AgentFile {
  readonly json: Json
  readonly places: ReadonlyMap<object, Place>
  /** What its syntax, or its agent, has against it. */
  readonly problems: readonly Refusal[]
}

const one = (field: string, shape: Shape = {}): Inner => ({ field, as: 'one', shape })
const many = (field: string, shape: Shape): Inner => ({ field, as: 'many', shape })
const map = (field: string): Inner => ({ field, as: 'map' })
const protocols = { names: { http: 'HTTP', rpc: 'RPC', serf: 'Serf' } }

const agent: Shape = {
  blocks: {
    addresses: one('Addresses', protocols),
    advertise: one('AdvertiseAddrs', protocols),
    ports: one('Ports', protocols),
    server: one('Server'),
    consul: many('Consuls', { names: { address: 'Addr', grpc_address: 'GRPCAddr' } }),
    plugin: many('Plugins', { label: 'Name', blocks: { config: { field: 'Config', as: 'free' } } }),
    client: one('Client', {
      names: {
        cni_path: 'CNIPath',
        cni_config_dir: 'CNIConfigDir',
        bridge_network_subnet_ipv6: 'BridgeNetworkSubnetIPv6',
      },
      blocks: {
        host_network: many('HostNetworks', { label: 'Name', names: { cidr: 'CIDR' } }),
        reserved: one('Reserved'),
        meta: map('Meta'),
        options: map('Options'),
      },
    }),
  },
}

/** Agents read an older HCL, in which a key of a map may be quoted in a block: such keys get names of the same length. */
function unquoted(text: string): { readonly text: string; readonly keys: ReadonlyMap<string, string> } {
  const keys = new Map<string, string>()
  const changed = text.replace(/^([ \t]*)"([A-Za-z][\w.-]*)"(?=[ \t]*=)/gm, (_, space: string, key: string) => {
    const name = `_${key.replaceAll('.', '_')}_`
    keys.set(name, key)
    return `${space}${name}`
  })
  return { text: changed, keys }
}

export async function readAgentFile(text: string, parser: HclParser): Promise<AgentFile> {
  if (/^\s*\{/.test(text)) {
    const root = jsonTree(text)
    if (!('kind' in root)) return refused([root])
    return agentOf(
      bodyOf(root, (value) => ({ kind: 'literal', value, span: root.span }), agent),
      new Map(),
    )
  }
  const problems = await parser.problems(text)
  if (problems.length === 0)
    return agentOf(
      parser.read(text, ({ rootNode }) => body(rootNode)),
      new Map(),
    )
  const older = unquoted(text)
  if (older.keys.size === 0 || (await parser.problems(older.text)).length > 0) return refused(problems)
  return agentOf(
    parser.read(older.text, ({ rootNode }) => body(rootNode)),
    older.keys,
  )
}

const refused = (problems: readonly SyntaxProblem[]): AgentFile => ({ json: {}, places: new Map(), problems })

function agentOf(syntax: Body, keys: ReadonlyMap<string, string>): AgentFile {
  const places = new Map<object, Place>()
  const span = { line: 1, column: 1, endLine: 1, endColumn: 1 }
  const whole = { type: 'agent', labels: [], span, ...contents(syntax, nowhere()) }
  const json = objectOf(whole, agent, { holes: new Holes(), places })
  const client = json['Client'] as Json | undefined
  for (const field of ['Meta', 'Options']) {
    const found = client?.[field]
    if (client && typeof found === 'object' && found !== null && keys.size > 0) {
      const place = places.get(found)
      const named = Object.fromEntries(
        Object.entries(found).map(([key, value]) => [keys.get(key) ?? key, value as unknown]),
      )
      client[field] = named
      if (place) places.set(named, place)
    }
  }
  return { json, places, problems: refusedByAgent(syntax, (key) => keys.get(key) ?? key) }
}
