import { jsonText } from '../ask/json-text.ts'
import type { Fault } from '../knowledge/fault.ts'
import { faultById } from '../knowledge/faults/index.ts'
import { shownOf } from '../knowledge/shown.ts'
import { placesOf } from '../knowledge/tree/places.ts'
import { versionsText } from '../knowledge/version.ts'
import { say } from '../out.ts'
import { faultPage, faultRows, type FaultRow } from '../renderers/fault-page.ts'
import { nearest } from '../run/nearest.ts'
import { alike, alikeWords, isCalled, searchFaults, type Hit } from '../run/search.ts'
import { commonFlags, flagHelp, readFlags, UsageError } from './flags.ts'
import { formatOf, styleOf } from './print.ts'
import { tell } from './tell.ts'

const { format, plain, 'no-color': noColor, help } = commonFlags
const flags = { format, plain, 'no-color': noColor, help }

const nothingFits =
  'no fault fits these words. Of a pasted text try the words that do not vary ("connection refused"), without names, numbers and times; what is measured tells more than a text: nomad-netdoctor diagnose --from JOB/GROUP --to JOB/GROUP'

/** Of what a text or words find; all that print the text are shown. */
const mostShown = 20

/** Where those end that print a pasted text, and those that have a line alike; words alone are a list of one kind. */
function rowsOf(hits: readonly Hit[]): readonly FaultRow[] {
  const prints = alike(hits)
  const kinds = hits.map(({ heard }, at) =>
    at < prints ? 'prints:' : heard === undefined ? 'with these words:' : 'alike:',
  )
  const silent = hits[0]?.heard === undefined
  return hits.map((hit, at) => {
    const above = kinds[at]
    return silent || above === undefined || above === (kinds[at - 1] ?? 'prints:') ? hit : { ...hit, above }
  })
}

/** What its page has beside what it is: the fix of an example, and where the guidance asks for it. */
function pageOf(fault: Fault): object {
  const shown = shownOf(fault)
  const places = placesOf(fault.id).map(({ question, answers }) => ({ question: question.ask, answers }))
  return { ...(shown ? { example: shown.example, fix: shown.fix } : {}), places }
}

export const faultsHelp = `nomad-netdoctor faults [ID | WORDS | a pasted error line]: the library of faults

${flagHelp(flags)}`

/** The library: all faults, one of them, or those that fit words or a pasted error. */
export function faults(argv: readonly string[]): number | UsageError {
  const read = readFlags(argv, flags, true)
  if (read instanceof UsageError) return read
  const { values, rest } = read
  if (values['help'] === true) return (tell(`${faultsHelp}\n`, values), 0)
  const asked = formatOf(values)
  if (asked instanceof UsageError) return asked
  const query = rest.join(' ').trim()
  const hits = searchFaults(query)
  const [first] = hits
  const looksLikeId = /^[a-z0-9]+(-[a-z0-9]+)+$/i.test(query)
  if (!first) {
    if (asked === 'json' && !looksLikeId)
      return (say(`${jsonText({ schema: 1, note: nothingFits, faults: [] }, 2)}\n`), 0)
    return new UsageError(
      looksLikeId ? `there is no fault "${query}"` : nothingFits,
      nearest(query, [...faultById.keys()]),
    )
  }
  const one = isCalled(first.fault, query)
  if (looksLikeId && !one) return new UsageError(`there is no fault "${query}"`, nearest(query, [...faultById.keys()]))
  const several = one ? '' : alikeWords(hits)
  if (asked === 'json') {
    const shown = (one ? [first] : hits).map(({ fault, heard, loose }) => {
      const { id, about, title, layer, severity, heard: lines, because, byHand, explains, references, needs } = fault
      const { aliases, versions, intended } = fault
      return {
        id,
        about,
        title,
        layer,
        severity,
        heard: lines,
        because,
        byHand,
        explains,
        references,
        needs,
        ...(aliases === undefined ? {} : { aliases }),
        ...(versions === undefined ? {} : { versions: versionsText(versions) }),
        ...(intended === undefined ? {} : { intended: `All is well ${intended}` }),
        // A text that only shares words with the query is none of its own.
        ...(heard === undefined ? {} : loose ? { resembles: heard } : { matched: heard }),
        ...(one ? pageOf(fault) : {}),
      }
    })
    say(`${jsonText({ schema: 1, ...(several === '' ? {} : { note: several }), faults: shown }, 2)}\n`)
    return 0
  }
  if (several !== '') tell(`${several}\n`, values, 'stderr')
  const style = styleOf(values)
  const most = query === '' || first.announced ? hits.length : Math.max(alike(hits), mostShown)
  tell(one ? faultPage(first.fault, style) : faultRows(rowsOf(hits).slice(0, most), style), values)
  return 0
}
