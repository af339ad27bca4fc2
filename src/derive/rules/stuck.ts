import type { StuckConnection } from '../../knowledge/shapes/connections.ts'
import type { IptablesSave } from '../../knowledge/shapes/packet.ts'
import { chain } from '../../packet/rules.ts'
import { routeTo } from '../../packet/walk/index.ts'
import { derivation, made, notKnown, notNamed, type AnyDerivation } from '../derivation.ts'

export const stuckDerivation: AnyDerivation = derivation({
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
    { 'target.alloc.stuck': missed },
  ) => {
    if (!way?.inside) return made(null, 'the target has no namespace of its own')
    if (!routes4 || !rules4) return notKnown("the routes of the target's client are not known")
    const state = { routes4, rules4, unread: [] }
    const { inside, out } = way
    const back = way.sources.map((dst) => routeTo(state, { dst, src: inside.address, iif: out }))
    const direct = back.every((one) => one !== null && typeof one !== 'string' && one.gateway === undefined)
    // A router that says nothing is common; a network that drops what is too large is seen at its connections only.
    if (direct && missed?.why === 'not-recorded')
      return made(null, `no router lies between ${way.node} and ${way.sources.join(', ')}`)
    // A neighbour has no router on the way, a stranger has.
    if ((!all || !save) && names.caller === undefined) return notNamed
    if (!all) return notKnown('the connections of the target are not known')
    const { port } = inside
    // Small messages came through.
    const waiting = all.filter(
      (one) =>
        one.port === port &&
        (way.sources.length > 1 || way.sources.includes(one.peer)) &&
        one.acknowledged > 0 &&
        one.acknowledged < one.mss &&
        one.waiting >= one.mss,
    )
    if (waiting.length > 0 && !save) return notKnown("the iptables rules of the target's client are not known")
    // What is larger than a clamp allows was opened before the clamp was set.
    const stuck = save && waiting.find(({ mss }) => mss <= smallestMss(save))
    return stuck
      ? made<StuckConnection | null>(
          { ...stuck, ...(direct ? { direct } : {}) },
          `${stuck.peer} to port ${stuck.port}: ${stuck.waiting} bytes wait, ${stuck.acknowledged} were acknowledged, mss ${stuck.mss}`,
        )
      : made(null, 'no connection of the caller is stuck')
  },
})

/** The smallest segment size the client writes into connections it forwards. */
const smallestMss = (save: IptablesSave): number =>
  Math.min(
    ...(chain(save, 'mangle', 'FORWARD')?.rules ?? []).flatMap(({ target }) =>
      target?.kind === 'continue' && typeof target.mss === 'number' ? [target.mss] : [],
    ),
  )
