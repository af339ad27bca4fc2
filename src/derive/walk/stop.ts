import type { Stop } from '../../knowledge/shapes/crossing.ts'
import type { Crossing, Hop, IptablesSave, Verdict, Where } from '../../knowledge/shapes/packet.ts'
import type { Unsure } from './agreed.ts'

/** The first that stops the packet at a hook, past whatever stopped it before; null: nothing does, or it never comes there. */
export function stopAt(
  { hops, passed, end }: Crossing,
  hook: 'input' | 'forward',
  backend: IptablesSave['backend'] | undefined,
): Stop | null | Unsure {
  const found = passed.find(({ verdict }) => placeOf(verdict)?.at === hook)
  if (found) return stopOf(found.verdict, hops.slice(0, found.after), backend)
  return lostIn({ end })
}

/** Why the packet could not be followed through; null: it leaves, or comes to the sockets. */
export const lostIn = ({ end }: Pick<Crossing, 'end'>): Unsure | null =>
  'verdict' in end && end.verdict.kind === 'unknown' && end.verdict.where.at !== 'socket'
    ? { unknown: because(end.verdict) }
    : null

export const placeOf = (verdict: Verdict): Where | undefined =>
  'by' in verdict ? verdict.by : verdict.kind === 'unknown' ? verdict.where : undefined

/** Why it is not known, and at which rule. */
export const because = ({ because: why, where }: Verdict & { readonly kind: 'unknown' }): string => {
  const { by, table, text } = where
  const rule = [by, ...(table === undefined ? [] : [`table ${table}`]), ...(text === undefined ? [] : [text])]
  return by === 'kernel' ? why : `${rule.join(', ')}: ${why}`
}

function stopOf(
  verdict: Verdict,
  hops: readonly Hop[],
  backend: IptablesSave['backend'] | undefined,
): Stop | null | Unsure {
  if (verdict.kind === 'unknown') return { unknown: because(verdict) }
  if (verdict.kind !== 'dropped' && verdict.kind !== 'rejected') return null
  const { by, table = '', chain = '', rule, text } = verdict.by
  if (by === 'kernel') return null
  const led = leading(hops)
  return {
    // What the command iptables lists is iptables, whichever backend it uses.
    by: by === 'iptables-legacy' && backend === 'legacy' ? 'iptables' : by,
    table,
    chain,
    rule: rule === undefined ? null : (text ?? ''),
    verdict: verdict.kind === 'rejected' ? 'reject' : 'drop',
    via: [...new Set([...led.map((hop) => hop.chain ?? ''), chain])],
    at: rule === undefined ? null : (led[0]?.rule ?? rule),
  }
}

/** The rules that lead to the last of these hops, from its base chain on; a jump that came back does not. */
export function leading(hops: readonly Hop[]): readonly Hop[] {
  const last = hops.at(-1)
  if (!last) return []
  const before = hops.findLastIndex((hop) => !sameHook(hop, last))
  let led: Hop[] = []
  for (const hop of hops.slice(before + 1)) {
    if (hop.by !== last.by || hop.table !== last.table) continue
    const back = led.findIndex(({ chain }) => chain === hop.chain)
    led = [...(back === -1 ? led : led.slice(0, back)), hop]
    // Another base chain of the same table begins.
    if (hop !== last && (hop.does === 'accept' || hop.does.startsWith('policy '))) led = []
  }
  return led.slice(0, -1)
}

const sameHook = (a: Where, b: Where): boolean => a.namespace === b.namespace && a.at === b.at
