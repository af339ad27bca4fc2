import { iptablesOf } from './admission.ts'
import { jumpInstead, shifts } from './deletion.ts'
import type { FixStep } from './fault.ts'
import type { RuleStop, StoppedPacket } from './shapes/walk.ts'

/** Which rule keeps it from the rest of the chain. */
export function leftOut(packets: readonly StoppedPacket[]): string {
  const left = packets.find((one) => one.left)?.left
  return left
    ? `: rule ${left.rule} keeps it from ${left.beforeCni ? 'CNI-FORWARD and ' : ''}the rest of the chain: ${left.text}`
    : ''
}

/** Where a goto keeps packets from the rest of a chain. */
export function comingBack(stop: RuleStop, inside: string): readonly FixStep[] {
  const left = new Map(stop.packets.flatMap((one) => (one.left ? [[one.left.rule, one.left]] : [])))
  if (stop.by === 'nftables') return []
  return [...left.values()].flatMap(({ rule: n, text }) => {
    const placed = { program: iptablesOf(stop), table: stop.table, chain: stop.chain, n, rule: text }
    const run = jumpInstead(placed)
    return run
      ? [
          {
            do: `Or jump where rule ${n} of ${stop.chain} has a goto: what ${run.at(-1)} does not decide comes back to ${stop.chain} then${inside}`,
            on: stop.place,
            run,
            risk: `${shifts(placed)}. What stands behind it in ${stop.chain} decides again`,
          },
        ]
      : []
  })
}
