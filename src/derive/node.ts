import type { AllocRecord } from '../knowledge/shapes/runtime.ts'
import { derivation, made, notKnown, type AnyDerivation } from './derivation.ts'

/** What the agent says before it ends. Source: client/fingerprint/network.go. */
const noInterface = /no default interface found|failed to determine interface attached to default route/i

/** The states of a client that the servers hear nothing of. */
const left: ReadonlySet<string> = new Set(['down', 'disconnected'])

const ran = ({ id, job, group }: AllocRecord): string => `it runs allocation ${id.slice(0, 8)} of ${job}/${group}`

const cni = 'plugins.cni.version.'

/** What follows from the document a client sent to the servers. */
export const nodeDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'node.status',
    about: 'node',
    from: ['node.document'],
    make: ({ 'node.document': node }) => made(node.status, `${node.name}: Status ${node.status}`),
  }),
  derivation({
    provides: 'node.up',
    about: 'node',
    from: [],
    maybe: ['node.document', 'target.alloc.record', 'source.alloc.record'],
    waits: ['node.document'],
    // The servers count what a client that is down ran as lost: who is seen to run something has started.
    make: (_, { 'node.document': node, 'target.alloc.record': target, 'source.alloc.record': source }) => {
      if (node)
        return made(left.has(node.status) ? 'down' : 'up', `${node.name}: Status ${node.status}`, 'node.document')
      if (target?.clientStatus === 'running') return made('up', ran(target), 'target.alloc.record')
      if (source?.clientStatus === 'running') return made('up', ran(source), 'source.alloc.record')
      return notKnown('nothing is seen to run on the client')
    },
  }),
  derivation({
    provides: 'node.version',
    about: 'node',
    from: ['node.document'],
    make: ({ 'node.document': node }) => made(node.version, `${node.name}: nomad.version ${node.version}`),
  }),
  derivation({
    provides: 'node.cni.plugins',
    about: 'node',
    from: ['node.document'],
    make: ({ 'node.document': { name, attributes } }) => {
      const found = Object.entries(attributes).filter(([key]) => key.startsWith(cni))
      return made(
        Object.fromEntries(found.map(([key, version]) => [key.slice(cni.length), version])),
        found.map(([key, version]) => `${name}: ${key} = ${version}`).join('\n') || `${name}: no attribute ${cni}*`,
      )
    },
  }),
  derivation({
    provides: 'node.cni.reported',
    about: 'node',
    from: ['node.cni.plugins'],
    make: ({ 'node.cni.plugins': plugins }) => Object.keys(plugins).length > 0,
  }),
  derivation({
    provides: 'node.consul.fingerprinted',
    about: 'node',
    from: ['node.document'],
    make: ({ 'node.document': { name, attributes } }) => {
      const version = attributes['consul.version']
      return made(
        version !== undefined,
        version === undefined ? `${name}: no attribute consul.version` : `${name}: consul.version = ${version}`,
      )
    },
  }),
  derivation({
    provides: 'node.modes',
    about: 'node',
    from: ['node.document'],
    make: ({ 'node.document': { name, modes } }) => made(modes, `${name}: network modes ${modes.join(', ')}`),
  }),
  derivation({
    provides: 'node.host-networks',
    about: 'node',
    from: ['node.document'],
    // A host network of the client's configuration that matches no address is not offered.
    make: ({ 'node.document': { name, networks } }) => {
      const aliases = networks.flatMap(({ addresses }) => addresses.map(({ alias }) => alias))
      const names = [...new Set(aliases)].filter((one) => one !== '')
      return made(names, `${name}: host networks ${names.join(', ')}`)
    },
  }),
  derivation({
    provides: 'node.default-interface',
    about: 'node',
    from: ['node.up'],
    maybe: ['node.routes', 'node.agent-log'],
    shows: 'node.agent-log',
    make: ({ 'node.up': up }, { 'node.routes': routes, 'node.agent-log': log }) => {
      if (up === 'up') return made('found', 'the client runs')
      if (!routes) return notKnown('whether the client has a default route is not known')
      const leaves = routes.find(({ dst, table, type }) => dst === 'default' && table === 'main' && type === 'unicast')
      if (leaves) return made('found', `default route via ${leaves.gateway ?? leaves.dev ?? ''}`)
      const said = log?.split('\n').findLast((line) => noInterface.test(line))
      return said === undefined
        ? notKnown('the agent log does not say why the client is not ready')
        : made('lost', said.trim())
    },
  }),
  derivation({
    provides: 'node.addresses',
    about: 'node',
    from: ['node.document'],
    make: ({ 'node.document': { name, networks } }) => {
      const addresses = [...new Set(networks.flatMap((network) => network.addresses.map(({ address }) => address)))]
      return made(addresses, `${name}: ${addresses.join(', ')}`)
    },
  }),
  derivation({
    provides: 'cluster.consul.shared',
    about: 'cluster',
    from: ['every.node.agent'],
    make: ({ 'every.node.agent': agents }) => {
      const used = agents.flatMap(({ about, value }) => consulOf(value).map((address) => ({ about, address })))
      const shared = [...Map.groupBy(used, ({ address }) => address)]
        .filter(([, by]) => by.length > 1)
        .map(([address, by]) => ({ address, clients: by.map(({ about }) => about) }))
      return made(
        shared,
        shared.map(({ address, clients }) => `${address}: ${clients.join(', ')}`).join('\n') ||
          'no Consul agent is shared',
      )
    },
  }),
]

/** Consul agents elsewhere that a client is told to use; its own one is on loopback. */
function consulOf(agent: Readonly<Record<string, unknown>>): readonly string[] {
  const all = Array.isArray(agent['Consuls']) ? (agent['Consuls'] as readonly Readonly<Record<string, unknown>>[]) : []
  return all.flatMap(({ Addr: address }) =>
    typeof address !== 'string' || /^(?:https?:\/\/)?(?:127\.|localhost|\[?::1|unix:)|^\{\{|\$/.test(address)
      ? []
      : [address],
  )
}
