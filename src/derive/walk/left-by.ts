import type { Hop, IptablesSave, NamespaceState, Where } from '../../knowledge/shapes/packet.ts'
import type { LeftBy, PathNetwork } from '../../knowledge/shapes/walk.ts'
import { jumpsTo } from '../../packet/rules.ts'

/** The goto or return by which a packet left the chain whose policy then decides: what is appended there it does not meet. */
export function leftBy(
  policy: Where,
  before: readonly Hop[],
  six: boolean,
  { topology }: PathNetwork,
): Pick<Left, 'left'> {
  const { namespace, at, by, table, chain } = policy
  const hop = before.findLast(
    (one) =>
      one.namespace === namespace &&
      one.at === at &&
      one.by === by &&
      one.table === table &&
      one.chain === chain &&
      (one.does === 'goto' || one.does === 'return'),
  )
  if (policy.rule !== undefined || hop?.rule === undefined) return {}
  const state = topology.namespaces[namespace]
  const jump = jumpOf(saveOf(state, by, six), table, chain)
  const { rule, text = '' } = hop
  return { left: { rule, text, handle: handleOf(hop, state) ?? null, beforeCni: jump !== undefined && jump > rule } }
}
interface Left {
  readonly left?: LeftBy
}

const jumpOf = (save: IptablesSave | undefined, table = '', chain = ''): number | undefined =>
  save && jumpsTo(save, table, chain, 'CNI-FORWARD')?.n

const saveOf = (state: NamespaceState | undefined, by: Where['by'], six: boolean): IptablesSave | undefined =>
  by === 'iptables-legacy' ? (six ? state?.legacy6 : state?.legacy4) : six ? state?.iptables6 : state?.iptables4

/** By which nft names a rule; undefined for what is none of its own. */
export function handleOf(
  { by, table = '', chain, rule }: Where,
  state: Pick<NamespaceState, 'nft'> | undefined,
): number | undefined {
  const [family = '', ...name] = table.split(' ')
  if (by !== 'nftables' || rule === undefined) return undefined
  return state?.nft?.rules.find(
    (one) => one.family === family && one.table === name.join(' ') && one.chain === chain && one.n === rule,
  )?.handle
}
