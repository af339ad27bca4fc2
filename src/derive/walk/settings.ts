import type { LoopbackOff, Off, ReversePath, Way } from '../../knowledge/shapes/crossing.ts'
import type { Crossing } from '../../knowledge/shapes/packet.ts'
import { isLoopback } from '../../packet/ipaddr.ts'
import { deviceKey } from '../../packet/sysctl.ts'
import { routeTo, type Passed } from '../../packet/walk/index.ts'
import { derivation, made, notKnown, showing, type AnyDerivation } from '../derivation.ts'
import { routeLine } from '../rules/routes.ts'
import { agreed, isUnsure, open, type Unsure } from './agreed.ts'
import { shownAt } from './shown.ts'
import { because, lostIn, placeOf } from './stop.ts'
import { unforwarded } from './unforwarded.ts'

/** The setting by which the kernel ends a packet between the hooks; null: none of this name does. */
function settingAt(name: string, passed: readonly Passed[]): { readonly key: string } | null | Unsure {
  const named = passed.filter(({ verdict }) => keyOf(verdict).endsWith(`.${name}`))
  const ended = named.find(({ verdict }) => verdict.kind !== 'unknown')
  if (ended) return { key: keyOf(ended.verdict) }
  const [unknown] = named
  return unknown?.verdict.kind === 'unknown' ? { unknown: because(unknown.verdict) } : null
}

const keyOf = (verdict: Passed['verdict']): string => placeOf(verdict)?.text?.replace(/ = 0$/, '') ?? ''

/** What decides whether a packet is forwarded at all. */
const early = new Set(['prerouting', 'route'])

/** Packets come in by one device and their answers by the other: both must forward. */
function forwardingIn({ passed, back, end }: Crossing): { readonly key: string } | null | Unsure {
  if ('out' in end) return settingAt('forwarding', [...passed, ...(back?.passed ?? [])])
  const unknown = passed.find(
    ({ verdict }) => verdict.kind === 'unknown' && early.has(placeOf(verdict)?.at ?? ''),
  )?.verdict
  return unknown?.kind === 'unknown' ? { unknown: because(unknown) } : lostIn({ end })
}

/** Where the way into the allocation was not found, the kernel was not asked. */
function loopbackIn({ passed, end }: Crossing): { readonly key: string } | null | Unsure {
  const routed = passed.every(({ verdict }) => placeOf(verdict)?.at !== 'route' || keyOf(verdict).startsWith('net.'))
  const off = settingAt('route_localnet', passed)
  return off ?? ('out' in end && routed ? null : { unknown: 'the way into the allocation is not known' })
}

const alongTheWay = [
  'path.inbound.crossings',
  'path.outbound.way',
  'path.outbound.crossings',
  'target.node.sysctls',
  'source.node.sysctls',
] as const
const besideTheWay = ['path.inbound.way', 'path.past', 'path.network', 'path.attempts', 'path.followed'] as const

type Settings = 'target.node.sysctls' | 'source.node.sysctls'
type Along = readonly [
  Settings,
  Way | null | undefined,
  readonly Crossing[] | undefined,
  Readonly<Record<string, string>> | undefined,
]

/** The first client on the way of the registered address that does not forward, and whose settings say so. */
function offAlong(ways: readonly Along[]): { readonly off: Off; readonly from: Settings } | null | Unsure {
  for (const [from, way, crossings, settings] of ways) {
    if (way === undefined) return { unknown: "the way out of the source's client is not known" }
    if (way === null || way.in === '' || way.out === '') continue
    if (!crossings) return { unknown: `the forwarding settings of ${way.node} are not known` }
    const off = agreed(crossings, forwardingIn)
    if (off && isUnsure(off)) return off
    if (off) return { off: { way, key: off.key, all: settings?.['net.ipv4.ip_forward'] === '0' }, from }
  }
  return null
}

const offLine = ({ way, key, all }: Off): string =>
  `${way.node}: ${all && key.startsWith('net.ipv4.') ? 'net.ipv4.ip_forward = 0, ' : ''}${key} = 0`

export const settingDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.forwarding-off',
    about: 'path',
    from: [],
    maybe: [...alongTheWay, ...besideTheWay],
    waits: besideTheWay,
    shows: 'target.node.sysctls',
    make: (
      _,
      {
        'path.inbound.way': inbound,
        'path.inbound.crossings': theirs,
        'path.outbound.way': outbound,
        'path.outbound.crossings': ours,
        'target.node.sysctls': there,
        'source.node.sysctls': here,
        'path.past': walks,
        'path.network': network,
        'path.attempts': attempts = [],
        'path.followed': whole,
      },
      __,
      { 'path.inbound.way': why },
    ) => {
      // Over IPv6 no way is read: there are the walks alone.
      const found =
        inbound === undefined
          ? undefined
          : offAlong([
              ['target.node.sysctls', inbound, theirs, there],
              ['source.node.sysctls', outbound, ours, here],
            ])
      if (found && !isUnsure(found))
        return made<Off | null>(found.off, offLine(found.off), found.from, ['path.inbound.way', ...alongTheWay])
      // The way is that of the registered address alone; the source may call others.
      if (walks && network) {
        const { stop, all } = unforwarded(walks, attempts, network)
        const line = stop ? offLine(stop.off) : ''
        // Of IPv4 the way, once it is read, says more.
        if (stop && (found !== undefined || stop.off.key.startsWith('net.ipv6.')))
          return showing(made<Off | null>(stop.off, line), shownAt([{ where: stop.where, line }], network))
        if (found === undefined && !stop && whole && all)
          return made<Off | null>(null, 'every device on the way that is walked forwards')
      }
      if (found === undefined) return notKnown(why?.detail ?? 'the way of the packet is not known', why?.why)
      return found ? open(found) : made<Off | null>(null, 'every device on the way forwards')
    },
  }),
  derivation({
    provides: 'path.loopback-off',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: ['path.inbound.crossings', 'target.node.sysctls'],
    shows: 'target.node.sysctls',
    make: ({ 'path.inbound.way': way }, { 'path.inbound.crossings': crossings }) => {
      if (!way?.inside || way.in !== '' || !isLoopback(way.address))
        return made(null, 'no call to a loopback address of the client is sent on')
      if (!crossings) return notKnown(`the settings of ${way.node} are not known`)
      const off = agreed(crossings, loopbackIn)
      if (off && isUnsure(off)) return open(off)
      return made<LoopbackOff | null>(
        off && { way, key: off.key },
        off ? `${way.node}: ${off.key} = 0` : `${way.out} of ${way.node} sends packets from loopback addresses`,
      )
    },
  }),
  derivation({
    provides: 'path.reverse-path',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: [
      'path.inbound.crossings',
      'target.node.sysctls',
      'target.node.routes',
      'target.node.rules',
      'target.node.reverse-path-drops',
    ],
    shows: 'target.node.sysctls',
    make: (
      { 'path.inbound.way': way },
      {
        'path.inbound.crossings': crossings,
        'target.node.sysctls': settings,
        'target.node.routes': routes4,
        'target.node.rules': rules4,
        'target.node.reverse-path-drops': drops,
      },
    ) => {
      if (!way || way.in === '') return made(null, "nothing comes in over the client's network")
      if (!settings) return notKnown("the settings of the target's client are not known")
      const { strict, shown } = strictness(way, settings)
      if (strict === undefined) return notKnown(`rp_filter of ${way.in} was not printed`)
      if (strict === null) return made(null, shown)
      if (!crossings || !routes4 || !rules4) return notKnown("the routes of the target's client are not known")
      const bySource = [...Map.groupBy(crossings, ({ wanted }) => wanted.src ?? '')]
      const fates = bySource.map(([src, own]) => ({
        src,
        off: agreed(own, (one) => lostIn(one) ?? settingAt('rp_filter', one.passed)),
      }))
      const unsure = fates.map(({ off }) => off).find((off) => off !== null && isUnsure(off))
      if (unsure && isUnsure(unsure)) return open(unsure)
      const dropped = fates.filter(({ off }) => off !== null)
      const [first] = dropped
      if (!first) return made(null, `${shown}\nanswers leave by ${way.in}`)
      const all = dropped.length === fates.length
      // Where only strangers would be dropped, the counter tells whether there are any.
      if (!all && drops === undefined) return notKnown('how many packets the reverse path filter dropped is not known')
      const back = routeTo({ routes4, rules4, unread: [] }, { dst: first.src, src: way.address })
      const route = typeof back === 'string' ? null : back
      const said = `${shown}\nroute back: ${route ? routeLine(route) : 'none'}`
      if (!all && drops === 0) return made(null, `${said}\nnothing was dropped so far`)
      const found = { way, key: strict, back: route?.dev ?? 'no device', all, drops: all ? null : (drops ?? null) }
      return made<ReversePath | null>(found, said)
    },
  }),
]

/** The first device packets may come in by that asks it, or the one they do. */
function strictness({ in: device, also = [] }: Way, settings: Readonly<Record<string, string>>) {
  const own = strictnessOf(device, settings)
  return [own, ...also.map((one) => strictnessOf(one, settings))].find(({ strict }) => strict !== null) ?? own
}

/** The setting that asks that answers leave by the same device: the larger of two counts, and 1 asks it. Undefined: not printed. */
function strictnessOf(device: string, settings: Readonly<Record<string, string>>) {
  const keys = ['all', device].map((one) => deviceKey(4, one, 'rp_filter'))
  const values = keys.map((key) => settings[key])
  const shown = keys.map((key, i) => `${key} = ${values[i]}`).join('\n')
  if (values.includes(undefined)) return { strict: undefined, shown }
  return { strict: Math.max(...values.map(Number)) === 1 ? (keys[values.indexOf('1')] ?? '') : null, shown }
}
