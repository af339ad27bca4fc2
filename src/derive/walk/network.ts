import type { Kernel, PathNetwork, WalkPlace } from '../../knowledge/shapes/walk.ts'
import type { Link, NamespaceState } from '../../knowledge/shapes/packet.ts'
import type { Thing } from '../../knowledge/things.ts'
import { contains } from '../../packet/ipaddr.ts'
import type { Join, Port } from '../../packet/walk/index.ts'
import { derivation, type AnyDerivation } from '../derivation.ts'

const needs = ['source.node.kernel', 'target.node.kernel', 'source.alloc.kernel', 'target.alloc.kernel'] as const

export const networkDerivation: AnyDerivation = derivation({
  provides: 'path.network',
  about: 'path',
  from: [],
  maybe: needs,
  waits: needs,
  shows: ['target.alloc.kernel', 'target.node.kernel', 'source.alloc.kernel', 'source.node.kernel'],
  make: (_, known, thing): PathNetwork => {
    const places: Record<string, WalkPlace> = {}
    const namespaces: Record<string, NamespaceState> = {}
    const cables: Join[] = []
    for (const side of ['source', 'target'] as const) {
      const [node, alloc] = [idOf(thing, `${side}.node`), idOf(thing, `${side}.alloc`)]
      const [host, own] = [known[`${side}.node.kernel`], known[`${side}.alloc.kernel`]]
      const at = node === undefined ? {} : { node }
      const add = ({ label, state }: Kernel, place: Omit<WalkPlace, 'label'>): void => {
        places[label] = { label, ...place }
        namespaces[label] = state
      }
      if (node !== undefined && host) add(host, { kind: 'client', ...at })
      if (alloc !== undefined && own) add(own, { kind: 'alloc', ...at, alloc })
      if (host && own && !cables.some((one) => joins(one, own.label))) cables.push(...between(own, host))
    }
    const hosts = Object.entries(places).filter(([, { kind }]) => kind === 'client')
    const inside = hosts.flatMap(([id]) => within(id, namespaces[id]?.links ?? []))
    // What a device sits on is on its wire all the same.
    const used = new Set(
      [...cables, ...inside].flatMap((join) => ('child' in join ? [join.child] : portsOf(join))).map(keyOf),
    )
    const wires = wiresOf(hosts.flatMap(([id]) => outer(id, namespaces[id]?.links ?? [], used)))
    return { topology: { namespaces, joins: [...cables, ...inside, ...wires] }, places }
  },
})

const idOf = ({ links }: Thing, role: keyof Thing['links']): string | undefined => links[role]?.replace(/^[a-z]+:/, '')
const keyOf = ({ namespace, device }: Port): string => `${namespace} ${device}`
const portsOf = (join: Join): readonly Port[] =>
  join.kind === 'veth' ? [join.a, join.b] : join.kind === 'wire' ? join.ports : [join.parent, join.child]
const joins = (join: Join, namespace: string): boolean => portsOf(join).some((port) => port.namespace === namespace)

/** The devices of an allocation that are cables to its client, or sit on one of its devices. */
function between({ label: alloc, state: own }: Kernel, { label: node, state: host }: Kernel): readonly Join[] {
  return (own.links ?? []).flatMap(({ index, name: device, kind, mode, beneath }): Join[] => {
    const there = host.links?.find((link) => link.index === beneath?.index)
    if (!there || beneath?.netns === undefined) return []
    const child = { namespace: alloc, device }
    const parent = { namespace: node, device: there.name }
    if (kind === 'veth')
      return there.kind === 'veth' && there.beneath?.index === index ? [{ kind: 'veth', a: child, b: parent }] : []
    return kind === 'macvlan' || kind === 'ipvlan'
      ? [{ kind, parent, child, ...(mode === undefined ? {} : { mode }) }]
      : []
  })
}

/** Cables with both ends in one namespace, and devices that sit on another of it. */
function within(namespace: string, links: readonly Link[]): readonly Join[] {
  return links.flatMap(({ index, name, kind, mode, beneath }): Join[] => {
    if (beneath?.netns !== undefined) return []
    const other = links.find((link) => link.name === beneath?.name || link.index === beneath?.index)
    const port = { namespace, device: name }
    if (other && (kind === 'macvlan' || kind === 'ipvlan'))
      return [{ kind, parent: { namespace, device: other.name }, child: port, ...(mode === undefined ? {} : { mode }) }]
    return kind === 'veth' && other && other.index > index
      ? [{ kind: 'veth', a: port, b: { namespace, device: other.name } }]
      : []
  })
}

interface Outer {
  readonly port: Port
  readonly networks: readonly string[]
}

/** Kinds of devices that send what they are given onto a wire as it is. */
export const wired: ReadonlySet<string> = new Set(['ether', 'veth', 'vlan', 'bond', 'team'])

/** Devices that lead out of a client, with the networks they are in: their own, or those of the bridge they are a port of. */
function outer(namespace: string, links: readonly Link[], used: ReadonlySet<string>): readonly Outer[] {
  return links.flatMap((link): Outer[] => {
    const port = { namespace, device: link.name }
    const master = links.find(({ name }) => name === link.master)
    // The cables of containers are not ours to know, and every client has the same networks behind them.
    const cable = link.kind === 'veth' && master?.kind === 'bridge'
    if (!wired.has(link.kind) || cable || used.has(keyOf(port))) return []
    const holder = master?.kind === 'bridge' ? master : link
    const networks = holder.addresses
      .filter(({ scope }) => scope === 'global')
      .map(({ address, prefix }) => `${address}/${prefix}`)
    return networks.length > 0 ? [{ port, networks }] : []
  })
}

/** Devices of different clients that are in one network are taken to be on one wire; other machines may be on it too. */
function wiresOf(ports: readonly Outer[]): readonly Join[] {
  const found: { name: string; ports: Port[] }[] = []
  for (const { port, networks } of ports)
    for (const network of networks) {
      const [address = '', prefix = ''] = network.split('/')
      const same = found.find(({ name }) => name.endsWith(`/${prefix}`) && contains(name, address))
      if (!same) found.push({ name: network, ports: [port] })
      else if (!same.ports.some((one) => keyOf(one) === keyOf(port))) same.ports.push(port)
    }
  return found.map(({ name, ports }) => ({ kind: 'wire', name, ports, open: true }))
}
