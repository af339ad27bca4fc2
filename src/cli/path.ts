import { exitCode } from '../knowledge/exit-code.ts'
import type { Need } from '../knowledge/facts.ts'
import { say } from '../out.ts'
import { json } from '../renderers/json.ts'
import { walksJson } from '../renderers/way-json.ts'
import { pathText } from '../renderers/way.ts'
import { supposedJson } from '../renderers/what-if.ts'
import { gather, picture } from '../run/loop.ts'
import { suppose, SupposeError, supposeNeeds } from '../run/suppose.ts'
import { waysOf, type PathWays } from '../way/facts.ts'
import { strayed } from '../way/told.ts'
import type { Supposed } from '../way/supposed.ts'
import { commonFlags, connectionFlags, flagHelp, readFlags, subjectFlags, UsageError, type Values } from './flags.ts'
import { metBy } from '../way/tried.ts'
import { open, type Opened } from './open.ts'
import { formatOf, frameOf, library, styleOf, type Format } from './print.ts'
import { subjectFrom } from './subject.ts'
import { tell } from './tell.ts'

const flags = {
  ...subjectFlags,
  'what-if': {
    takes: '[PLACE:] COMMAND',
    many: true,
    does: 'try a command on a copy of what was read, and follow the packet again; nothing is run; may be repeated',
  },
  measure: { does: 'try the connection from each place of the way; sends packets, so it needs --yes' },
  'capture-packets': { does: 'watch the packets of this connection for six seconds; needs --measure and --yes' },
  ...commonFlags,
  ...connectionFlags,
} as const

export const pathHelp = `nomad-netdoctor path --from NAME --to NAME [--port PORT]: the way of the packet, hop by hop, and of its answer

${flagHelp(flags)}

--what-if: iptables, nft, sysctl, ip and bridge commands, PLACE in front: 'c1: iptables -P FORWARD ACCEPT'. Without
PLACE it is tried where the packet ends; the exit code then tells whether the packet arrives with it and nothing breaks.

Exit codes: 0 the packet arrives and is answered · 1 it does not, or there is a diagnosis · 2 wrong usage or unreadable input · 3 undetermined`

/** The packet walk, printed. */
export async function path(argv: readonly string[]): Promise<number | UsageError> {
  const read = readFlags(argv, flags, false)
  if (read instanceof UsageError) return read
  const { values } = read
  if (values['help'] === true) return (tell(`${pathHelp}\n`, values), 0)
  const format = formatOf(values)
  if (format instanceof UsageError) return format
  if (values['capture-packets'] === true && values['measure'] !== true)
    return new UsageError('--capture-packets watches the attempts that --measure makes: give both')
  const opened = await open(values)
  if (opened instanceof UsageError) return opened
  try {
    return await pathIn(opened, values, format)
  } finally {
    await opened.close()
  }
}

async function pathIn(opened: Opened, values: Values, format: Format): Promise<number | UsageError> {
  const subject = await subjectFrom(values, opened)
  if (subject instanceof UsageError) return subject
  if (opened.kind === 'case' && values['measure'] === true)
    say(
      'nomad-netdoctor: --measure: nothing is tried in a recorded case; what was measured then stands beside the walk\n',
      'stderr',
    )
  const aim = { kind: 'path', subject } as const
  const wanted: readonly Need[] = [
    'path.walks',
    ...(values['measure'] === true ? (['path.attempts'] as const) : []),
    ...(values['capture-packets'] === true ? (['path.capture'] as const) : []),
    ...(values['what-if'] === undefined ? [] : supposeNeeds),
  ]
  const facts = await gather(aim, opened.ask, new Map(), () => opened.told, opened.progress, undefined, wanted)
  const { report, world, scope } = picture(aim, facts, opened.told)
  const frame = frameOf(opened, subject)
  const ways = waysOf(world, scope)
  const given = values['what-if']
  const words = Array.isArray(given) ? (given as readonly string[]) : []
  const supposed = words.length === 0 ? null : suppose(world, scope, ...words)
  if (supposed instanceof SupposeError)
    return new UsageError(`--what-if ${words[supposed.at] ?? ''}: ${supposed.message}`, supposed.offers)
  const more = { walks: ways.flatMap(walksJson), ...(supposed ? { whatIf: supposedJson(supposed) } : {}) }
  if (format === 'json') say(json(report, frame, more))
  else tell(pathText(ways, report, frame, library, styleOf(values), supposed), values)
  return supposed ? supposedCode(supposed) : codeOf(ways, exitCode(report))
}

/** Of a command that was tried: whether the packet arrives with it, and nothing else breaks. */
function supposedCode({ made }: Supposed): 0 | 1 | 3 {
  if (!made.tried) return 3
  if (made.arrives === 'no' || made.worse.length > 0) return 1
  return made.arrives === 'yes' ? 0 : 3
}

/**
 * The walk to the address the source dials decides, and before it what that very connection met when it was tried; a
 * diagnosis counts also where the walk sees nothing of it.
 */
function codeOf(ways: readonly PathWays[], code: 0 | 1 | 3): 0 | 1 | 3 {
  const outcomes = ways.map(({ walks: [first], tried }) => (first ? metBy(first, tried) : 'unknown'))
  const stray = ways.some(({ walks: [first] }) => first && strayed(first))
  if (code === 1 || stray || outcomes.some((one) => one !== 'answered' && one !== 'unknown')) return 1
  return outcomes.length === 0 || outcomes.includes('unknown') ? 3 : 0
}
