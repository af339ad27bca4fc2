import { WordsError, wordsOf } from '../ask/words.ts'
import { isModelled, strange, whatIf } from '../derive/walk/what-if.ts'
import type { World } from '../knowledge/fact.ts'
import type { Thing } from '../knowledge/things.ts'
import { waysOf, type PathWays } from '../way/facts.ts'
import type { Supposed } from '../way/supposed.ts'
import { toldWalk } from '../way/told.ts'

/** Why a text cannot be tried; `offers` are places it may have meant. */
export class SupposeError {
  readonly message: string
  readonly offers: readonly string[]
  /** Which of several texts it is, from 0. */
  readonly at: number
  constructor(message: string, offers: readonly string[] = [], at = 0) {
    this.message = message
    this.offers = offers
    this.at = at
  }
}

/** Beside the walks: the other allocations of both clients tell what else a command may break. */
export const supposeNeeds = ['source.node.allocations', 'target.node.allocations'] as const

/** What can be tried, as the help and a refusal list it. */
export const modelled = [
  'iptables, ip6tables and their -nft and -legacy names: -A -I -D -R -P -N -F -X',
  'nft add table, add chain, add rule, insert rule, delete rule, flush chain, flush table, delete table, chain … { policy accept; }',
  'sysctl -w KEY=VALUE',
  'ip route add, replace, delete; ip address add; ip link set DEVICE up, down, mtu, master, nomaster',
  'bridge link set dev PORT hairpin on',
] as const

/** `[PLACE:] COMMAND`, as a person types it. */
function commandOf(text: string): { place: string | null; argv: readonly string[] } | SupposeError {
  const [, place, rest = text] = /^\s*((?:client |allocation )?[\w.-]+):\s+(.*)$/s.exec(text) ?? []
  const words = wordsOf(rest)
  if (words instanceof WordsError) return new SupposeError(words.message)
  if (words[0] === 'sudo')
    return new SupposeError(`leave ${words[0]} out: it is tried on a copy of what was read, and nothing is run`)
  if (!isModelled(words))
    return new SupposeError(
      `what ${words[0] ?? ''} does is not modelled; these are:\n${modelled.map((one) => `  ${one}`).join('\n')}`,
    )
  return { place: place ?? null, argv: words }
}

/** The path that commands are tried on: the first one that can be followed. */
const followed = (world: World, scope: readonly Thing[]): PathWays | undefined =>
  waysOf(world, scope).find(({ walks }) => walks.length > 0)

const placesOf = ({ walks: [first] }: PathWays): readonly string[] => Object.keys(first?.places ?? {})
/** How a place is typed: the client's name, the allocation's id. */
const shortOf = (place: string): string => place.replace(/^client /, '').replace(/^allocation (\S+) of .*$/, '$1')

/** Where a command can be tried, and how that is typed; the place where the packet ends is the first. */
export function supposePlaces(
  world: World,
  scope: readonly Thing[],
): readonly { readonly typed: string; readonly place: string }[] {
  const ways = followed(world, scope)
  if (!ways) return []
  const end = endOf(ways)
  return placesOf(ways)
    .toSorted((a, b) => Number(b === end) - Number(a === end))
    .map((place) => ({ typed: shortOf(place), place }))
}

/**
 * Tries each `[PLACE:] COMMAND`, one after another, on the first path that can be followed: at the place named, or where
 * the packet ends now.
 */
export function suppose(world: World, scope: readonly Thing[], ...texts: readonly string[]): Supposed | SupposeError {
  const ways = followed(world, scope)
  const path = scope.find(({ id }) => id === ways?.thing)
  const commands: { argv: readonly string[]; on: string }[] = []
  for (const [at, text] of texts.entries()) {
    const wanted = commandOf(text)
    if (wanted instanceof SupposeError) return new SupposeError(wanted.message, wanted.offers, at)
    const { place, argv } = wanted
    const on = ways && path ? placeIn(ways, place, text) : ''
    if (on instanceof SupposeError) return new SupposeError(on.message, on.offers, at)
    commands.push({ argv, on })
  }
  const places = ways?.walks[0]?.places ?? {}
  if (!ways || !path)
    return { commands, places, made: { tried: false, because: 'the way of the packets is not known' } }
  const made = whatIf(
    world,
    path,
    commands.map(({ argv, on }) => ({ on, run: argv })),
  )
  if (made.tried || made.part === undefined) return { commands, places, made }
  const { part, because, at = 0 } = made
  const why = because === strange(part).not ? '' : `: ${because}`
  return new SupposeError(`${notUnderstood(commands[at]?.argv ?? [], part)}${why}`, [], at)
}

function placeIn(ways: PathWays, place: string | null, text: string): string | SupposeError {
  const names = placesOf(ways)
  const on =
    place === null
      ? endOf(ways)
      : names.find((name) => [name, shortOf(name), `allocation ${shortOf(name)}`].includes(place))
  if (on !== undefined) return on
  return new SupposeError(
    place === null ? `say where, as in "${shortOf(names[0] ?? 'c1')}: ${text}"` : `${place} is no place on this way`,
    names.map(shortOf),
  )
}

/** Which word of the command it is, counted from its program. */
function notUnderstood(argv: readonly string[], part: string): string {
  if (part === '') return 'it ends too early'
  // The module that an option belongs to is put in where it was left out.
  const own = part.replace(/^-m \S+ (?=-)/, '')
  const [whole, rest] = [part, own].map((one) => argv.findIndex((_, i) => i > 0 && isFrom(argv, i, one)))
  const [at, said] = whole === -1 ? [rest, own] : [whole, part]
  const place = at === undefined || at === -1 ? '' : `word ${at + 1}, `
  return `${place}${said}, is not understood`
}

const isFrom = (argv: readonly string[], at: number, part: string): boolean =>
  `${argv.slice(at).join(' ')} `.startsWith(`${part} `)

/** The client at which the packet ends, if it ends at one. */
function endOf({ walks }: PathWays): string | undefined {
  const end = walks.flatMap((walk) => toldWalk(walk).ways).find(({ outcome }) => outcome !== 'answered')?.end
  return end?.place
}
