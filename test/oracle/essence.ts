import { keyOf } from '../../src/packet/change/rule-words.ts'
import type { Link } from '../../src/packet/ip.ts'
import type { Route } from '../../src/packet/ip-route.ts'
import type { Save } from '../../src/packet/iptables.ts'
import type { NftRuleset } from '../../src/packet/nft.ts'
import type { NamespaceState } from '../../src/packet/walk/index.ts'

/** What of a state decides about packets, one line of text per thing; two states that fare alike have the same. */
export function essence(state: NamespaceState): Readonly<Record<string, readonly string[]>> {
  const { links = [], routes4 = [], routes6 = [], rules4 = [], rules6 = [], bridgePorts = [], sysctls } = state
  return {
    links: links.map(linkLine).toSorted(),
    addresses: links
      .flatMap(({ name, addresses }) =>
        addresses.map(
          ({ address, prefix, scope, flags }) =>
            `${name} ${address}/${prefix} ${scope} ${flags.includes('secondary') ? 'secondary' : ''}`,
        ),
      )
      .toSorted(),
    ports: bridgePorts
      .map(({ name, master, state: now, hairpin, isolated }) => JSON.stringify([name, master, now, hairpin, isolated]))
      .toSorted(),
    routes: [...routes4, ...routes6]
      .filter(({ type }) => type !== 'multicast')
      .map(routeLine)
      .toSorted(),
    rules: [...rules4, ...rules6].map((one) => JSON.stringify(one, Object.keys(one).toSorted())).toSorted(),
    sysctls: Object.entries(sysctls ?? {})
      .filter(([key]) => telling.test(key))
      .map((pair) => pair.join(' = '))
      .toSorted(),
    ...savesOf(state),
    nft: state.nft ? nftLines(state.nft, managed(state)) : [],
  }
}

const telling =
  /^net\.(ipv4\.(ip_forward|ip_local_port_range)|ipv[46]\.conf\.[^.]+\.(forwarding|rp_filter|src_valid_mark|accept_local|route_localnet|arp_ignore|proxy_arp)|bridge\.bridge-nf-call-ip6?tables)$/

/** A bridge has the least MAC address of its ports. */
const linkLine = ({ name, up, carrier, mtu, mac, kind, master, port }: Link): string =>
  JSON.stringify([
    name,
    kind,
    kind === 'bridge' ? '' : mac,
    up ? 'up' : 'down',
    carrier ? 'carrier' : '',
    mtu,
    master,
    port,
  ])

const routeLine = (one: Route): string =>
  JSON.stringify([
    one.family,
    one.dst,
    one.gateway,
    one.dev,
    one.table,
    one.type,
    one.metric,
    one.prefsrc,
    one.family === 4 ? one.scope : undefined,
    one.hops.map(({ gateway, dev, weight, flags }) => [gateway, dev, weight, flags]),
    one.flags,
  ])

const saves = ['iptables4', 'iptables6', 'legacy4', 'legacy6'] as const

const savesOf = (state: NamespaceState): Readonly<Record<string, readonly string[]>> =>
  Object.fromEntries(saves.map((key) => [key, state[key] ? saveLines(state[key]) : []]))

/** A table that was never used and one that holds nothing are the same to a packet. */
const saveLines = ({ tables }: Save): readonly string[] =>
  tables
    .flatMap(({ name, chains }) =>
      chains.flatMap(({ name: chain, policy, rules }) =>
        policy === 'ACCEPT' && rules.length === 0
          ? []
          : [
              `${name} ${chain} ${policy}`,
              ...rules.map(
                ({ n, matches, target }) =>
                  `${name} ${chain} ${n} ${keyOf({ matches, ...(target ? { target } : {}) })}`,
              ),
            ],
      ),
    )
    .toSorted()

const managed = ({ iptables4, iptables6 }: NamespaceState): ReadonlySet<string> =>
  new Set([...keptBy('ip', iptables4), ...keptBy('ip6', iptables6)])

const keptBy = (family: string, save: Save | undefined): readonly string[] =>
  save?.backend === 'nf_tables' ? save.tables.map(({ name }) => `${family} ${name}`) : []

/** Of tables that iptables keeps, which rule of nft is where; of the others everything. */
const nftLines = ({ tables, chains, rules, sets }: NftRuleset, kept: ReadonlySet<string>): readonly string[] => {
  const own = ({ family, table }: { readonly family: string; readonly table: string }): boolean =>
    !kept.has(`${family} ${table}`)
  return [
    ...tables.filter(({ family, name }) => own({ family, table: name })).map((one) => JSON.stringify(one)),
    ...chains.filter(own).map(({ family, table, name, base }) => JSON.stringify([family, table, name, base])),
    ...sets.filter(own).map((one) => JSON.stringify(one)),
    ...rules.map((rule) =>
      own(rule)
        ? JSON.stringify([rule.family, rule.table, rule.chain, rule.n, rule.expr])
        : JSON.stringify([rule.family, rule.table, rule.chain, rule.n, rule.counted]),
    ),
  ]
    .map((line) => line.replaceAll(/"(packets|bytes)":\d+/g, '"$1":0'))
    .toSorted()
}

/** What one has and the other has not. */
export function differences(model: NamespaceState, kernel: NamespaceState): readonly string[] {
  const [said, real] = [essence(model), essence(kernel)]
  return Object.keys(real).flatMap((part) => {
    const [a, b] = [said[part] ?? [], real[part] ?? []]
    return [
      ...missingFrom(a, b).map((line) => `${part}: only modelled: ${line}`),
      ...missingFrom(b, a).map((line) => `${part}: only real: ${line}`),
    ]
  })
}

function missingFrom(lines: readonly string[], from: readonly string[]): readonly string[] {
  const left = [...from]
  return lines.filter((line) => {
    const at = left.indexOf(line)
    if (at !== -1) left.splice(at, 1)
    return at === -1
  })
}
