import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { judge } from '../../src/engine/judge.ts'
import { faultById, type FaultId } from '../../src/knowledge/faults/index.ts'
import type { Verdict } from '../../src/knowledge/verdict.ts'
import type { NamespaceState, Topology } from '../../src/packet/walk/index.ts'
import type { Kind, Names } from '../../src/knowledge/things.ts'
import { worldOf, type GivenValues } from '../world.ts'

const record = ({ sysctls }: NamespaceState): unknown => sysctls ?? {}

/** What the probes would tell of the host, as the target's client. */
export function hostFacts({ namespaces: { host } }: Topology): GivenValues {
  const { links, routes4, rules4, iptables4, nft, ipsets, xfrm, tcp = [], udp = [] } = host!
  return {
    'target.node.links': links,
    'target.node.routes': routes4,
    'target.node.rules': rules4,
    'target.node.iptables': iptables4,
    'target.node.iptables.legacy': { ...iptables4, tables: [], backend: 'unknown' },
    'target.node.nft': nft,
    'target.node.ipsets': ipsets ?? [],
    'target.node.xfrm': xfrm ?? [],
    'target.node.listeners': [...tcp, ...udp],
    'target.node.sysctls': record(host!),
  }
}

/** The thing with these links, and all that follows from what is given: what is given of a role is known of who has it. */
export function sited(kind: Kind, given: GivenValues, links: Readonly<Record<string, string>>, names: Names = {}) {
  const { world, thing: bare } = worldOf(kind, given)
  const thing = { ...bare, names: { ...bare.names, ...names }, links: { ...bare.links, ...links } }
  const facts = new Map(world.facts)
  for (const [role, id] of Object.entries(links)) {
    const own = facts.get(bare.links[role as keyof typeof bare.links] ?? '')
    if (own) facts.set(id, own)
  }
  const rules = derivations.filter(({ provides }) => !(provides in given))
  return { thing, world: derive({ things: new Map([...world.things, [thing.id, thing]]), facts }, rules) }
}

/** The verdict on the fault by these facts and what follows from them. */
export function judged(id: FaultId, given: GivenValues, links: Readonly<Record<string, string>> = {}): Verdict {
  const fault = faultById.get(id)!
  const { thing, world } = sited(fault.about, given, links)
  return judge(fault, thing, world)
}

/** Its one word. */
export const verdictOf = (...[id, given, links]: Parameters<typeof judged>): string => judged(id, given, links).verdict
