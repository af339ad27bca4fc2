import type { Join, NamespaceState, Port } from './types.ts'

/** Namespaces of one machine: cables and macvlans are found between these only. */
export interface Machine {
  readonly namespaces: Readonly<Record<string, NamespaceState>>
}

/**
 * The joins that the devices themselves tell: the two ends of a veth name each other's index. Ends that fit more than
 * one other end are left out.
 */
export function joinsIn({ namespaces }: Machine): readonly Join[] {
  const ends = Object.entries(namespaces).flatMap(([namespace, { links = [] }]) =>
    links.filter(({ beneath }) => beneath?.index !== undefined).map((link) => ({ namespace, link })),
  )
  const joins: Join[] = []
  for (const [i, one] of ends.entries()) {
    if (one.link.kind !== 'veth') continue
    const peers = ends.filter(
      ({ namespace, link }) =>
        link.kind === 'veth' &&
        link.index === one.link.beneath?.index &&
        link.beneath?.index === one.link.index &&
        (namespace !== one.namespace || one.link.beneath.netns === undefined),
    )
    const [peer] = peers
    if (!peer || peers.length > 1 || ends.indexOf(peer) < i) continue
    joins.push({ kind: 'veth', a: port(one), b: port(peer) })
  }
  return joins
}

const port = ({ namespace, link }: { namespace: string; link: { name: string } }): Port => ({
  namespace,
  device: link.name,
})
