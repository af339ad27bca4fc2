import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

const [counted, allowed] = ['net.netfilter.nf_conntrack_count', 'net.netfilter.nf_conntrack_max'] as const
type Filled = { readonly count: number; readonly limit: number } | null

export const connectionsDerivation: AnyDerivation = derivation({
  provides: 'node.connections',
  about: 'node',
  from: ['node.sysctls'],
  make: ({ 'node.sysctls': settings }) => {
    const [count, limit] = [numberOf(settings[counted]), numberOf(settings[allowed])]
    if (count !== undefined && limit !== undefined)
      // The kernel takes 0 for no limit.
      return made<Filled>(limit === 0 ? null : { count, limit }, `${counted} = ${count}\n${allowed} = ${limit}`)
    // Both are there as soon as the module is.
    const others = Object.keys(settings).some((key) => key.startsWith('net.netfilter.'))
    return others && settings[counted] === undefined && settings[allowed] === undefined
      ? made<Filled>(null, 'no connection is kept track of: net.netfilter has no nf_conntrack_count')
      : notKnown('how many connections the client keeps track of was not printed')
  },
})

const numberOf = (text: string | undefined): number | undefined =>
  text !== undefined && /^\d+$/.test(text) ? Number(text) : undefined
