import type { NamespaceState, Trace, Wanted } from '../../knowledge/shapes/packet.ts'
import type { Unread } from '../../knowledge/shapes/walk.ts'
import { familyOf } from '../../packet/ipaddr.ts'

/** Nobody misses these where nothing refers to them. */
const legacy = /^ip6?tables-legacy-save$/
const six = /^ip6tables|^ip -6/
const four = /^iptables|^ip -4/

/** What was not read of the places a packet came through, and the devices of those it may have got to. */
export function unreadFor(
  namespaces: Readonly<Record<string, NamespaceState>>,
  traces: readonly Trace[],
  { dst }: Wanted,
): readonly Unread[] {
  const through = new Set(
    traces.flatMap(({ hops, back, verdict }) => [
      ...[...hops, ...(back?.hops ?? [])].map(({ namespace }) => namespace),
      ...(verdict.kind === 'unknown' ? [verdict.where.namespace] : []),
    ]),
  )
  const other = familyOf(dst) === 6 ? four : six
  const lost = traces.some(({ verdict, back }) => verdict.kind === 'unknown' || back?.verdict.kind === 'unknown')
  return Object.entries(namespaces).flatMap(([namespace, state]) =>
    state.unread
      .filter(({ argv }) =>
        through.has(namespace)
          ? !other.test(argv) && matters(argv, state)
          : lost && argv === devices && state.links === undefined,
      )
      .map(({ argv, why }) => ({ namespace, what: argv, why })),
  )
}

const devices = 'ip addr'

function matters(argv: string, { iptables4, iptables6 }: NamespaceState): boolean {
  const saves = [iptables4, iptables6].filter((save) => save !== undefined)
  if (legacy.test(argv))
    return saves.some(({ legacyTablesPresent, backend }) => legacyTablesPresent || backend === 'unknown')
  if (argv !== 'ipset save') return true
  return saves.some(({ tables }) =>
    tables.some(({ chains }) =>
      chains.some(({ rules }) => rules.some(({ matches }) => matches.some(({ kind }) => kind === 'set'))),
    ),
  )
}
