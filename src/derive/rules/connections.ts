import type { Connections } from '../../knowledge/shapes/connections.ts'
import { isFull } from '../../knowledge/tracking.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

const [counted, allowed] = ['net.netfilter.nf_conntrack_count', 'net.netfilter.nf_conntrack_max'] as const

export const connectionsDerivation: AnyDerivation = derivation({
  provides: 'node.connections',
  about: 'node',
  from: ['node.sysctls'],
  maybe: ['node.conntrack.counters'],
  make: (
    { 'node.sysctls': settings },
    { 'node.conntrack.counters': counters },
    _,
    { 'node.conntrack.counters': missed },
  ) => {
    const [count, limit] = [numberOf(settings[counted]), numberOf(settings[allowed])]
    if (count !== undefined && limit !== undefined) {
      const said = `${counted} = ${count}\n${allowed} = ${limit}`
      // The kernel takes 0 for no limit.
      if (limit === 0) return made<Connections | null>(null, said)
      const found = { count, limit }
      if (!isFull(found)) return made<Connections | null>(found, said)
      if (missed?.why === 'not-asked') return notKnown('what becomes of new connections was not looked at')
      return counters
        ? made<Connections | null>(
            { ...found, counters },
            `${said}\ndrop=${counters.dropped} early_drop=${counters.gaveWay}`,
          )
        : made<Connections | null>(found, said)
    }
    // Both are there as soon as the module is.
    const others = Object.keys(settings).some((key) => key.startsWith('net.netfilter.'))
    return others && settings[counted] === undefined && settings[allowed] === undefined
      ? made<Connections | null>(null, 'no connection is kept track of: net.netfilter has no nf_conntrack_count')
      : notKnown('how many connections the client keeps track of was not printed')
  },
})

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
