import { WordsError, wordsOf } from '../ask/words.ts'
import { whatIf } from '../derive/walk/what-if.ts'
import type { World } from '../knowledge/fact.ts'
import type { Thing } from '../knowledge/things.ts'
import { isModelled } from '../packet/change/index.ts'
import { waysOf, type PathWays } from '../way/facts.ts'
import { toldWalk } from '../way/told.ts'
import type { Supposed } from '../renderers/what-if.ts'
import { UsageError } from './flags.ts'

/** What can be tried, as the help and a refusal list it. */
const modelled = [
  'iptables, ip6tables and their -nft and -legacy names: -A -I -D -R -P -N -F -X',
  'nft add rule, insert rule, delete rule, flush chain, flush table, delete table',
  'sysctl -w KEY=VALUE',
  'ip route add, replace, delete; ip address add; ip link set DEVICE up, down, mtu, master, nomaster',
  'bridge link set dev PORT hairpin on',
] as const

/** `[PLACE:] COMMAND`, as a person types it. */
function commandOf(text: string): { place: string | null; argv: readonly string[] } | UsageError {
  const [, place, rest = text] = /^\s*([\w.-]+):\s+(.*)$/s.exec(text) ?? []
  const words = wordsOf(rest)
  if (words instanceof WordsError) return new UsageError(`--what-if ${text}: ${words.message}`)
  if (!isModelled(words))
    return new UsageError(
      `--what-if ${text}: what ${words[0] ?? ''} does is not modelled; these are:\n${modelled.map((one) => `  ${one}`).join('\n')}`,
    )
  return { place: place ?? null, argv: words }
}

/** Tries it on the first path that can be followed, at the place named, or where the packet ends. */
export function tryCommand(world: World, scope: readonly Thing[], text: string): Supposed | UsageError {
  const command = commandOf(text)
  if (command instanceof UsageError) return command
  const { place, argv } = command
  const ways = waysOf(world, scope).find(({ walks }) => walks.length > 0)
  const path = scope.find(({ id }) => id === ways?.thing)
  if (!ways || !path) return { argv, on: '', made: { tried: false, because: 'the way of the packets is not known' } }
  const names = Object.keys(ways.walks[0]?.places ?? {})
  const on = place === null ? endOf(ways) : names.find((name) => name === place || name === `client ${place}`)
  if (on === undefined)
    return new UsageError(
      place === null
        ? `--what-if ${text}: say where, as in "${names[0] ?? 'c1'}: ${text}"`
        : `--what-if ${text}: ${place} is no place on this way`,
      names.map((name) => name.replace(/^client /, '')),
    )
  return { argv, on, made: whatIf(world, path, on, [argv]) }
}

/** The client at which the packet ends, if it ends at one. */
function endOf({ walks }: PathWays): string | undefined {
  const end = walks.flatMap((walk) => toldWalk(walk).ways).find(({ outcome }) => outcome !== 'answered')?.end
  return end?.place
}
