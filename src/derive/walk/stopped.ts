import type { Stop, Stopped, Way } from '../../knowledge/shapes/crossing.ts'
import type { Crossing, IptablesSave } from '../../knowledge/shapes/packet.ts'
import { derivation, made, notKnown, type AnyDerivation, type Made, type NotKnown } from '../derivation.ts'
import { wayLine } from '../rules/door.ts'
import { cniRules } from '../rules/uplink.ts'
import { agreed, isUnsure, open, type Unsure } from './agreed.ts'
import { published } from './crossings.ts'
import { stopAt } from './stop.ts'

/** Beside the crossings: what the rules hold otherwise, and why they are not known. */
export const targetRules = ['target.node.iptables', 'target.node.iptables.legacy', 'target.node.nft'] as const
export const sourceRules = ['source.node.iptables', 'source.node.iptables.legacy', 'source.node.nft'] as const

export const stoppedDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.inbound.input',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: ['path.inbound.crossings', ...targetRules],
    shows: 'target.node.iptables',
    make: ({ 'path.inbound.way': way }, { 'path.inbound.crossings': crossings, 'target.node.iptables': save }) => {
      // From the client itself packets come in by lo, which every rule set lets through.
      if (!way || way.inside || way.in === '')
        return made(null, 'the packet is forwarded, or comes from the client itself')
      return found(stopped(way, crossings, save, 'input'), `${wayLine(way)}\nno rule of INPUT stops it`)
    },
  }),
  derivation({
    provides: 'path.forward',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: [
      'path.inbound.translation',
      'path.inbound.crossings',
      'path.outbound.way',
      'path.outbound.crossings',
      ...targetRules,
      ...sourceRules,
    ],
    shows: 'target.node.iptables',
    // The target's client first: what it stops stays stopped, whatever is learnt about the source's.
    make: (
      { 'path.inbound.way': inbound },
      {
        'path.inbound.translation': nat,
        'path.inbound.crossings': there,
        'path.outbound.way': outbound,
        'path.outbound.crossings': here,
        'target.node.iptables': theirs,
        'source.node.iptables': ours,
      },
    ) => {
      if (inbound && published(inbound) && nat === undefined)
        return notKnown('what docker makes of the host port is not known')
      const at = inbound && isForwarded(inbound) ? stopped(inbound, there, theirs, 'forward') : null
      if (at !== null) return found(at, '')
      if (outbound === undefined) return notKnown("the way out of the source's client is not known")
      const from = outbound && isForwarded(outbound) ? stopped(outbound, here, ours, 'forward') : null
      return found(
        from,
        [inbound, outbound].flatMap((way) => (way ? [`${wayLine(way)}: let through`] : [])).join('\n') ||
          'nothing is forwarded',
      )
    },
  }),
]

const isForwarded = (way: Way): boolean => way.in !== '' && way.out !== ''

/** What stops the packet at one hook of a client. */
function stopped(
  way: Way,
  crossings: readonly Crossing[] | undefined,
  save: IptablesSave | undefined,
  hook: 'input' | 'forward',
): Stopped | null | Unsure {
  if (!crossings) return { unknown: `the rules of ${way.node} are not known` }
  const stop = agreed<Stop | null>(crossings, (one) => stopAt(one, hook, save?.backend))
  if (stop === null || isUnsure(stop)) return stop
  return save ? { way, stop, cni: cniRules(save, way) } : { unknown: 'the iptables rules are not known' }
}

const stopLine = ({ by, table, chain, rule, verdict }: Stop): string =>
  `${by}, table ${table}: ${rule ?? `policy of ${chain}: ${verdict.toUpperCase()}`}`

function found(value: Stopped | null | Unsure, otherwise: string): Made<Stopped | null> | NotKnown {
  if (value === null) return made<Stopped | null>(null, otherwise)
  if (isUnsure(value)) return open(value)
  const { way, stop } = value
  return made<Stopped | null>(value, `${wayLine(way)}\n${stopLine(stop)}`, `${way.side}.node.${told[stop.by]}`)
}

/** The fact that holds the rules of each program. */
const told = { iptables: 'iptables', 'iptables-legacy': 'iptables.legacy', nftables: 'nft' } as const
