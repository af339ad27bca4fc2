import type { Stop, Stopped, Translation, Untranslated, Way } from '../../knowledge/shapes/crossing.ts'
import type { IptablesSave } from '../../knowledge/shapes/packet.ts'
import { isLoopback } from '../../packet/ipaddr.ts'
import type { Packet } from '../../packet/rules-match.ts'
import { derivation, made, notKnown, type AnyDerivation, type Made, type NotKnown } from '../derivation.ts'
import { wayLine } from './door.ts'
import { hostOf, isUnsure, masquerade, pass, translate, type Host, type Unsure } from './host.ts'
import { cniRules } from './uplink.ts'

type Known = Readonly<Record<string, unknown>>
type Side = Way['side']

const target = ['target.node.iptables', 'target.node.iptables.legacy', 'target.node.nft'] as const
const source = ['source.node.iptables', 'source.node.iptables.legacy', 'source.node.nft'] as const

/** The first packet of a connection as it arrives: `sent` true once its destination is translated. */
const packetOf = (way: Way, src: string, sent: boolean): Packet => ({
  iif: way.in,
  oif: sent ? way.out : way.in === '' ? 'lo' : '',
  src,
  dst: sent && way.inside ? way.inside.address : way.address,
  proto: 'tcp',
  dport: sent && way.inside ? way.inside.port : way.port,
  ctstate: 'NEW',
  dnat: sent && way.inside !== null,
  snat: false,
  srcLocal: way.in === '',
  dstLocal: way.side === 'target' && (!sent || way.inside === null),
  tcpFlags: ['SYN'],
  mark: 0,
})

/** The same answer for every caller it may be, or not known. */
function forAll<T extends object | null>(way: Way, ask: (src: string) => T | Unsure): T | Unsure {
  const answers = way.sources.map(ask)
  const [first] = answers
  if (first === undefined) return { unknown: 'no source address is known' }
  const unsure = answers.find((one) => one !== null && isUnsure(one))
  if (unsure) return unsure
  return answers.every((one) => JSON.stringify(one) === JSON.stringify(first))
    ? first
    : { unknown: "it depends on the caller's address", why: 'not-named' }
}

const saveOf = (known: Known, side: Side): IptablesSave => known[`${side}.node.iptables`] as IptablesSave
const stopLine = ({ by, table, chain, rule, verdict }: Stop): string =>
  `${by}, table ${table}: ${rule ?? `policy of ${chain}: ${verdict.toUpperCase()}`}`

/** What stops the packet at one hook of a client. */
function stopped(known: Known, way: Way, hook: 'input' | 'forward'): Stopped | null | Unsure {
  const stop = forAll(way, (src) => pass(hostOf(known, way.side), hook, packetOf(way, src, hook === 'forward')))
  if (stop === null || isUnsure(stop)) return stop
  return { way, stop, cni: cniRules(saveOf(known, way.side)) }
}

/** Docker publishes the port: where its rule is missing, a process of its own listens and passes on. */
export const published = ({ mode, inside }: Way): boolean => mode === 'host' && inside !== null
export const forwarded = (way: Way, nat: Translation | null | undefined): boolean =>
  way.in !== '' && way.out !== '' && (!published(way) || nat?.kind === 'to')

const open = ({ unknown, why }: Unsure): NotKnown => notKnown(unknown, why)

function found(value: Stopped | null | Unsure, otherwise: string): Made<Stopped | null> | NotKnown {
  if (value === null) return made<Stopped | null>(null, otherwise)
  return isUnsure(value) ? open(value) : made<Stopped | null>(value, `${wayLine(value.way)}\n${stopLine(value.stop)}`)
}

export const crossingDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.inbound.translation',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: target,
    shows: 'target.node.iptables',
    make: ({ 'path.inbound.way': way }, known) => {
      if (!way?.inside) return made(null, 'nothing is to be translated')
      const translated = translation(hostOf(known, 'target'), way)
      return isUnsure(translated)
        ? open(translated)
        : made<Translation>(translated, `${wayLine(way)}\n${said(translated)}`)
    },
  }),
  derivation({
    provides: 'path.inbound.input',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: target,
    shows: 'target.node.iptables',
    make: ({ 'path.inbound.way': way }, known) => {
      // From the client itself packets come in by lo, which every rule set lets through.
      if (!way || way.inside || way.in === '')
        return made(null, 'the packet is forwarded, or comes from the client itself')
      return found(stopped(known, way, 'input'), `${wayLine(way)}\nno rule of INPUT stops it`)
    },
  }),
  derivation({
    provides: 'path.forward',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: ['path.inbound.translation', 'path.outbound.way', ...target, ...source],
    shows: 'target.node.iptables',
    // The target's client first: what it stops stays stopped, whatever is learnt about the source's.
    make: (
      { 'path.inbound.way': inbound },
      { 'path.inbound.translation': nat, 'path.outbound.way': outbound, ...known },
    ) => {
      if (inbound && published(inbound) && nat === undefined)
        return notKnown('what docker makes of the host port is not known')
      const at = inbound && forwarded(inbound, nat) ? stopped(known, inbound, 'forward') : null
      if (at !== null) return found(at, '')
      if (outbound === undefined) return notKnown("the way out of the source's client is not known")
      const from = outbound && forwarded(outbound, null) ? stopped(known, outbound, 'forward') : null
      return found(
        from,
        [inbound, outbound].flatMap((way) => (way ? [`${wayLine(way)}: let through`] : [])).join('\n') ||
          'nothing is forwarded',
      )
    },
  }),
  derivation({
    provides: 'path.untranslated',
    about: 'path',
    from: ['path.inbound.way', 'path.inbound.translation'],
    maybe: ['path.outbound.way', ...target, ...source],
    shows: 'target.node.iptables',
    make: (
      { 'path.inbound.way': inbound, 'path.inbound.translation': translation },
      { 'path.outbound.way': outbound, ...known },
    ) => {
      if (inbound && !published(inbound) && translation && translation.kind !== 'to') {
        const untracked = translation.kind === 'untracked' ? translation.rule : null
        const value: Untranslated = {
          way: inbound,
          what: 'destination',
          untracked,
          cni: cniRules(saveOf(known, 'target')),
        }
        return made<Untranslated | null>(value, `${wayLine(inbound)}\n${said(translation)}`)
      }
      const loop = inbound && translation ? unmasked(inbound, known) : null
      if (loop && isUnsure(loop)) return open(loop)
      if (loop)
        return made<Untranslated | null>(
          loop,
          `${wayLine(loop.way)}\nno rule of POSTROUTING changes the source address`,
        )
      if (outbound === undefined) return notKnown("the way out of the source's client is not known")
      if (!outbound) return made<Untranslated | null>(null, 'every address is translated that has to be')
      const masked = forAll(outbound, (src) => masquerade(hostOf(known, 'source'), packetOf(outbound, src, true)))
      if (isUnsure(masked)) return open(masked)
      if (masked.rule !== null) return made<Untranslated | null>(null, `${wayLine(outbound)}\n${masked.rule}`)
      const value: Untranslated = {
        way: outbound,
        what: 'source',
        untracked: null,
        cni: cniRules(saveOf(known, 'source')),
      }
      return made<Untranslated | null>(value, `${wayLine(outbound)}\nno rule of POSTROUTING changes the source address`)
    },
  }),
]

function translation(host: Host, way: Way): Translation | Unsure {
  const chain = way.in === '' ? 'OUTPUT' : 'PREROUTING'
  return forAll<Translation>(way, (src) => {
    const found = translate(host, chain, packetOf(way, src, false))
    return isUnsure(found) ? found : found.made
  })
}

const said = (made: Translation): string =>
  made.kind === 'to'
    ? made.rule
    : made.kind === 'untracked'
      ? `${made.rule}: not tracked, so not translated`
      : 'no rule of table nat translates it'

/** A call to 127.0.0.1 that is sent on into an allocation needs another source address: nobody answers to 127.0.0.1. */
function unmasked(way: Way, known: Known): Untranslated | null | Unsure {
  if (way.in !== '' || !way.inside || !isLoopback(way.address)) return null
  const host = hostOf(known, 'target')
  const masked = forAll(way, (src) => {
    const sent = translate(host, 'OUTPUT', packetOf(way, src, false))
    if (isUnsure(sent)) return sent
    const packet = packetOf(way, src, true)
    return masquerade(host, sent.mark === undefined ? packet : { ...packet, mark: sent.mark })
  })
  if (isUnsure(masked)) return masked
  return masked.rule === null ? { way, what: 'source', untracked: null, cni: cniRules(saveOf(known, 'target')) } : null
}
