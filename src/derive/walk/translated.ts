import type { Translation, Untranslated, Way } from '../../knowledge/shapes/crossing.ts'
import type { Crossing, IptablesSave } from '../../knowledge/shapes/packet.ts'
import { isLoopback } from '../../packet/ipaddr.ts'
import { jumpsInto } from '../../packet/rules.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { wayLine } from '../rules/door.ts'
import { cniRules } from '../rules/uplink.ts'
import { agreed, isUnsure, open } from './agreed.ts'
import { published } from './crossings.ts'
import { crossed, crossingNeeds } from './kernel.ts'
import { destinationIn, sourceIn } from './nat.ts'
import { sparedBy } from './spared.ts'
import { sourceRules, targetRules } from './stopped.ts'

export const translatedDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.inbound.translation',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: ['path.inbound.crossings', ...targetRules],
    shows: 'target.node.iptables',
    make: ({ 'path.inbound.way': way }, { 'path.inbound.crossings': crossings, 'target.node.iptables': save }) => {
      if (!way?.inside) return made(null, 'nothing is to be translated')
      if (!crossings) return notKnown(`the rules of ${way.node} are not known`)
      const hook = way.in === '' ? 'output' : 'prerouting'
      const translated = agreed<Translation>(crossings, (one) => destinationIn(one, hook))
      return isUnsure(translated)
        ? open(translated)
        : made<Translation>(led(translated, save), `${wayLine(way)}\n${said(translated)}`)
    },
  }),
  derivation({
    provides: 'path.untranslated',
    about: 'path',
    from: ['path.inbound.way', 'path.inbound.translation'],
    maybe: [
      'path.inbound.crossings',
      'path.outbound.way',
      'path.outbound.crossings',
      ...targetRules,
      ...sourceRules,
      ...crossingNeeds('target'),
    ],
    shows: 'target.node.iptables',
    make: (
      { 'path.inbound.way': inbound, 'path.inbound.translation': translation },
      {
        'path.inbound.crossings': there,
        'path.outbound.way': outbound,
        'path.outbound.crossings': here,
        'target.node.iptables': theirs,
        'source.node.iptables': ours,
        ...maybe
      },
      _,
      missed,
    ) => {
      if (inbound && !published(inbound) && translation && translation.kind !== 'to') {
        const untracked = translation.kind === 'untracked' ? translation.rule : null
        const state = crossed('target', { ...maybe, ...(theirs ? { 'target.node.iptables': theirs } : {}) }, missed)
        const spared = untracked === null && there ? sparedBy(inbound, there, state) : undefined
        const why = spared ? `let through untranslated: ${spared.rule}` : said(translation)
        return lost({ way: inbound, what: 'destination', untracked, ...(spared ? { spared } : {}) }, theirs, why)
      }
      const masked = 'no rule of POSTROUTING changes the source address'
      // Nobody answers to 127.0.0.1: a call to it that is sent on into an allocation needs another source address.
      if (inbound?.inside && translation && inbound.in === '' && isLoopback(inbound.address)) {
        const source = changed(inbound, there)
        if (isUnsure(source)) return open(source)
        if (source.rule === null) return lost({ way: inbound, what: 'source', untracked: null }, theirs, masked)
      }
      if (outbound === undefined) return notKnown("the way out of the source's client is not known")
      if (!outbound) return made<Untranslated | null>(null, 'every address is translated that has to be')
      const source = changed(outbound, here)
      if (isUnsure(source)) return open(source)
      return source.rule === null
        ? lost({ way: outbound, what: 'source', untracked: null }, ours, masked)
        : made<Untranslated | null>(null, `${wayLine(outbound)}\n${source.rule}`)
    },
  }),
]

const led = (translated: Translation, save: IptablesSave | undefined): Translation => {
  const chain = translated.kind === 'to' ? translated.chain : ''
  const leads = (save ? jumpsInto(save, 'nat', 'CNI-HOSTPORT-DNAT', chain) : []).map(({ text }) => text)
  return translated.kind === 'to' && leads.length > 0 ? { ...translated, leads } : translated
}

const changed = (way: Way, crossings: readonly Crossing[] | undefined): ReturnType<typeof sourceIn> =>
  crossings ? agreed(crossings, sourceIn) : { unknown: `the rules of ${way.node} are not known` }

const lost = (one: Omit<Untranslated, 'cni'>, save: IptablesSave | undefined, why: string) =>
  save
    ? made<Untranslated | null>(
        { ...one, cni: cniRules(save, one.way) },
        `${wayLine(one.way)}\n${why}`,
        `${one.way.side}.node.iptables`,
      )
    : notKnown('the iptables rules are not known')

const said = (translation: Translation): string =>
  translation.kind === 'to'
    ? translation.rule
    : translation.kind === 'untracked'
      ? `${translation.rule}: not tracked, so not translated`
      : 'no rule of table nat translates it'
