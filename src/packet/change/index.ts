/** What a command would make of a network namespace, on a copy of its state. Nothing is run. */
import type { NamespaceState } from '../walk/types.ts'
import { changeBridge } from './bridge.ts'
import { changeIp } from './ip.ts'
import { changeIptables } from './iptables.ts'
import { changeNft } from './nft.ts'
import type { Refused } from './refused.ts'
import { changeSysctl } from './sysctl.ts'

/** The state afterwards; or why that cannot be told: the command would fail, or is not modelled. */
export type Changed = { readonly state: NamespaceState } | Refused

type Change = (state: NamespaceState, args: readonly string[], program: string) => Changed

const changes: Readonly<Record<string, Change>> = {
  iptables: changeIptables,
  'iptables-nft': changeIptables,
  'iptables-legacy': changeIptables,
  ip6tables: changeIptables,
  'ip6tables-nft': changeIptables,
  'ip6tables-legacy': changeIptables,
  nft: changeNft,
  sysctl: changeSysctl,
  ip: changeIp,
  bridge: changeBridge,
}

/** Whether a command is of the kind that changes how packets fare, as far as it is modelled at all. */
export const isModelled = ([program = '', ...args]: readonly string[]): boolean =>
  Object.hasOwn(changes, program) && !args.some((arg) => /^(-L|-S|-nL|-nvL|--list.*|show|list)$/.test(arg))

/** One command as an argument list: `iptables -t nat -D …`, `nft insert rule …`, `sysctl -w k=v`, `ip route add …`, `ip link set … up`, `bridge link set … hairpin on`. */
export function change(state: NamespaceState, argv: readonly string[]): Changed {
  const [program = '', ...args] = argv
  const made = Object.hasOwn(changes, program) ? changes[program] : undefined
  if (argv.some((word) => /<[^>]+>/.test(word))) return { not: 'a part of the command is still to be filled in' }
  return made ? made(state, args, program) : { not: `what ${program || 'an empty command'} does is not modelled` }
}
