import type { StuckConnection, Way } from '../../knowledge/shapes/crossing.ts'
import type { IptablesSave } from '../../knowledge/shapes/packet.ts'
import { chain } from '../../packet/rules.ts'
import { deviceKey } from '../../packet/sysctl.ts'
import { routeTo } from '../../packet/walk/index.ts'
import { derivation, made, notKnown, notNamed, type AnyDerivation } from '../derivation.ts'
import { published } from '../walk/crossings.ts'
import type { Translation } from '../../knowledge/shapes/crossing.ts'
const forwarded = (way: Way, nat: Translation | null | undefined): boolean =>
  way.in !== '' && way.out !== '' && (!published(way) || nat?.kind === 'to')

type Settings = Readonly<Record<string, string>>
interface Off {
  readonly way: Way
  readonly key: string
  readonly all: boolean
}

/**
 * The kernel asks the device a packet came in by. Packets come in by one device and their answers by the other, so both
 * must forward. `ip_forward` writes all of them at once. https://docs.kernel.org/networking/ip-sysctl.html
 */
function off(way: Way, settings: Settings): Off | null | undefined {
  const keys = [...new Set([way.in, way.out])].map((device) => deviceKey(4, device, 'forwarding'))
  const key = keys.find((one) => settings[one] === '0')
  if (key === undefined) return keys.every((one) => settings[one] !== undefined) ? null : undefined
  return { way, key, all: settings['net.ipv4.ip_forward'] === '0' }
}

export const settingDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'path.forwarding-off',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: ['path.inbound.translation', 'path.outbound.way', 'target.node.sysctls', 'source.node.sysctls'],
    shows: 'target.node.sysctls',
    make: (
      { 'path.inbound.way': inbound },
      {
        'path.inbound.translation': nat,
        'path.outbound.way': outbound,
        'target.node.sysctls': there,
        'source.node.sysctls': here,
      },
    ) => {
      if (inbound && published(inbound) && nat === undefined)
        return notKnown('what docker makes of the host port is not known')
      const ways = [
        [inbound, there],
        [outbound, here],
      ] as const
      for (const [way, settings] of ways) {
        if (way === undefined) return notKnown("the way out of the source's client is not known")
        if (way === null || !forwarded(way, way === inbound ? nat : null)) continue
        const found = settings && off(way, settings)
        if (found === undefined) return notKnown(`the forwarding settings of ${way.node} are not known`)
        if (found)
          return made<Off | null>(found, `${way.node}: ${found.all ? 'net.ipv4.ip_forward = 0, ' : ''}${found.key} = 0`)
      }
      return made<Off | null>(null, 'every device on the way forwards')
    },
  }),
  derivation({
    provides: 'path.stuck',
    about: 'path',
    from: ['path.inbound.way'],
    maybe: ['target.alloc.stuck', 'target.node.iptables', 'target.node.routes', 'target.node.rules'],
    shows: 'target.alloc.stuck',
    make: (
      { 'path.inbound.way': way },
      {
        'target.alloc.stuck': all,
        'target.node.iptables': save,
        'target.node.routes': routes4,
        'target.node.rules': rules4,
      },
      { names },
    ) => {
      if (!way?.inside) return made(null, 'the target has no namespace of its own')
      if (!routes4 || !rules4) return notKnown("the routes of the target's client are not known")
      // Only a router can find a packet too large for its next link.
      const state = { routes4, rules4, unread: [] }
      const { inside, out } = way
      const back = way.sources.map((dst) => routeTo(state, { dst, src: inside.address, iif: out }))
      if (back.every((one) => one !== null && typeof one !== 'string' && one.gateway === undefined))
        return made(null, `no router lies between ${way.node} and ${way.sources.join(', ')}`)
      // A neighbour has no router on the way, a stranger has.
      if ((!all || !save) && names.caller === undefined) return notNamed
      if (!all || !save) return notKnown('the connections of the target are not known')
      const clamp = smallestMss(save)
      const { port } = inside
      // Small messages came through. What is larger than a clamp allows was opened before the clamp was set.
      const stuck = all.find(
        (one) =>
          one.port === port &&
          (way.sources.length > 1 || way.sources.includes(one.peer)) &&
          one.acknowledged > 0 &&
          one.acknowledged < one.mss &&
          one.waiting >= one.mss &&
          one.mss <= clamp,
      )
      return stuck
        ? made<StuckConnection | null>(
            stuck,
            `${stuck.peer} to port ${stuck.port}: ${stuck.waiting} bytes wait, ${stuck.acknowledged} were acknowledged, mss ${stuck.mss}`,
          )
        : made(null, 'no connection of the caller is stuck')
    },
  }),
]

/** The smallest segment size the client writes into connections it forwards. */
const smallestMss = (save: IptablesSave): number =>
  Math.min(
    ...(chain(save, 'mangle', 'FORWARD')?.rules ?? []).flatMap(({ target }) =>
      target?.kind === 'continue' && typeof target.mss === 'number' ? [target.mss] : [],
    ),
  )
