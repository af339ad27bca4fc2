import type { NamespaceState } from '../walk/types.ts'
import { changeAddress } from './address.ts'
import type { Changed } from './index.ts'
import { changeLink } from './link.ts'
import { changeRule } from './policy-rule.ts'
import { strange } from './refused.ts'
import { changeRoute } from './route.ts'

/** `ip link set`, `ip addr add|del`, `ip route add|replace|append|del`, `ip rule add|del` */
export function changeIp(state: NamespaceState, args: readonly string[]): Changed {
  const family = args.includes('-6') ? 6 : args.includes('-4') ? 4 : undefined
  const [object = '', verb = '', ...rest] = args.filter((arg) => arg !== '-4' && arg !== '-6')
  if (/^(l|link)$/.test(object) && verb === 'set') return changeLink(state, rest)
  if (/^(a|addr|address)$/.test(object) && /^(add|del|delete)$/.test(verb)) return changeAddress(state, verb, rest)
  if (/^(r|ro|route)$/.test(object)) return changeRoute(state, verb, rest, family)
  if (/^(ru|rule)$/.test(object) && /^(add|del|delete)$/.test(verb)) return changeRule(state, verb, rest, family)
  return strange(args.join(' '), `ip ${args.join(' ')} is not modelled`)
}
