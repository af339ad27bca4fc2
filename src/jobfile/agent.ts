/** The configuration of an agent, as its own API tells it, read from its file: https://developer.hashicorp.com/nomad/docs/configuration */
import type { BlockSyntax, Body, SyntaxProblem } from './ast.ts'
import { objectOf, type Json, type Place } from './api.ts'
import type { Inner, Shape } from './api-shape.ts'
import { contents } from './block.ts'
import { Unwritable } from './edit-page.ts'
import { nowhere } from './evaluate.ts'
import { Holes } from './holes.ts'
import { bodyOf } from './json-job.ts'
import { looseTree } from './json-text.ts'
import { refusedByAgent } from './agent-keys.ts'
import { typed } from './agent-types.ts'
import { parseHcl1 } from './hcl1.ts'
import { bodyOf as bodyOfHcl1 } from './hcl1-body.ts'
import { sketchOf } from './hcl1-tree.ts'
import { positionsIn } from './positions.ts'
import { treeOf } from './sketch.ts'
import type { ReadTree } from './tree-node.ts'
import type { Refusal } from './schema-words.ts'

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

export function readAgentFile(text: string): AgentFile {
  if (isJson(text)) {
    const root = looseTree(text)
    if (!('kind' in root)) return refused(root)
    return agentOf(
      bodyOf(root, (value) => ({ kind: 'literal', value, span: root.span }), agent),
      true,
    )
  }
  const read = parseHcl1(text)
  const position = positionsIn(text)
  if ('says' in read) {
    const detail = 'The agent does not start with a configuration that it cannot read.'
    return refused({ ...position(read.at), summary: read.says, detail })
  }
  return agentOf(bodyOfHcl1(read.items, { text, position }), false)
}

/** The syntax of a file that agents read, for edits. */
export const readAgentTree: ReadTree = (text, reader) => {
  const read = parseHcl1(text)
  if ('says' in read) throw new Unwritable(`it would not be valid: ${read.says}`)
  return reader(treeOf(text, sketchOf(text, read)))
}

/** As the agent itself tells it from HCL. */
export const isJson = (text: string): boolean => /^\s*\{/.test(text)

const refused = (problem: SyntaxProblem): AgentFile => ({ json: {}, places: new Map(), problems: [problem] })

function agentOf(syntax: Body, inJson: boolean): AgentFile {
  const places = new Map<object, Place>()
  const span = { line: 1, column: 1, endLine: 1, endColumn: 1 }
  const whole = { type: 'agent', labels: [], span, ...contents(asOne('', syntax, agent), nowhere()) }
  const json = objectOf(whole, agent, { holes: new Holes(), places })
  return { json, places, problems: refusedByAgent(syntax, inJson) }
}

/** As the agent decodes it: the case of names does not count, and blocks of which there is one are put together; maps keep what they hold. */
function asOne(block: string, { attributes, blocks }: Body, shape: Shape): Body {
  const found: BlockSyntax[] = []
  for (const written of blocks) {
    const type = written.type.toLowerCase()
    const inner = shape.blocks?.[type]
    const own =
      inner && !['map', 'free'].includes(inner.as) ? asOne(type, written.body, inner.shape ?? {}) : written.body
    const before = inner?.as === 'one' ? found.findIndex((other) => other.type === type) : -1
    const { body } = found[before] ?? { body: { attributes: [], blocks: [] } }
    const whole = {
      ...written,
      type,
      body: { attributes: [...body.attributes, ...own.attributes], blocks: [...body.blocks, ...own.blocks] },
    }
    if (before < 0) found.push(whole)
    else found[before] = whole
  }
  const named = attributes.map((one) => {
    const name = one.name.toLowerCase()
    return { ...one, name, value: typed(block, name, one.value) }
  })
  return { attributes: named, blocks: found }
}
