import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { judge } from '../../src/engine/judge.ts'
import { faultById, type FaultId } from '../../src/knowledge/faults/index.ts'
import type { NamespaceState, Topology } from '../../src/packet/walk/index.ts'
import { worldOf, type GivenValues } from '../world.ts'

const record = ({ sysctls }: NamespaceState): unknown => sysctls ?? {}

/** What the probes would tell of the host, as the target's client. */
export function hostFacts({ namespaces: { host } }: Topology): GivenValues {
  const { links, routes4, rules4, iptables4, nft, ipsets, tcp = [], udp = [] } = host!
  return {
    'target.node.links': links,
    'target.node.routes': routes4,
    'target.node.rules': rules4,
    'target.node.iptables': iptables4,
    'target.node.iptables.legacy': { ...iptables4, tables: [], backend: 'unknown' },
    'target.node.nft': nft,
    'target.node.ipsets': ipsets ?? [],
    'target.node.listeners': [...tcp, ...udp],
    'target.node.sysctls': record(host!),
  }
}

/** How the fault is judged by these facts and what follows from them. */
export function verdictOf(id: FaultId, given: GivenValues, links: Readonly<Record<string, string>> = {}): string {
  const fault = faultById.get(id)!
  const { world, thing } = worldOf(fault.about, given)
  const rules = derivations.filter(({ provides }) => !(provides in given))
  const about = { ...thing, links: { ...thing.links, ...links } }
  const things = new Map([...world.things, [about.id, about]])
  // What is given of a role is known of the thing that has the role.
  const facts = new Map(world.facts)
  for (const [role, id] of Object.entries(links)) {
    const own = facts.get(thing.links[role as keyof typeof thing.links] ?? '')
    if (own) facts.set(id, own)
  }
  return judge(fault, about, derive({ things, facts }, rules)).verdict
}
