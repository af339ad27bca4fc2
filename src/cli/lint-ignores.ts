import { dirname, relative } from 'node:path'
import { ignoresIn, type Ignore } from '../jobfile/ignores.ts'
import { fits, type Silenced } from '../jobfile/settings.ts'
import { faultById } from '../knowledge/faults/index.ts'
import type { Report } from '../knowledge/report.ts'
import type { FileProblem } from '../renderers/lint.ts'
import { nearest } from '../run/nearest.ts'

/** Without what a comment in its file or the configuration silences. `texts`: files by their names. */
export function withoutIgnored(
  report: Report,
  texts: ReadonlyMap<string, string>,
  settled: readonly Silenced[],
): Report {
  const ignores = new Map([...texts].map(([name, text]) => [name, ignoresIn(text)] as const))
  const silenced = (id: string, file: string, line: number | undefined) =>
    (ignores.get(file) ?? []).some((one) => silences(one, id, line)) ||
    settled.some((rule) => rule.fault === id && (rule.files.length === 0 || covers(rule, file)))
  const findings = report.findings.filter(({ id, location }) => !silenced(id, location?.file ?? '', location?.line))
  return { ...report, findings }
}

const silences = ({ fault, reason, of }: Ignore, id: string, line: number | undefined): boolean =>
  fault === id && reason !== '' && (of === undefined || (line !== undefined && of.includes(line)))

/** Comments that silence something of a report, by their places. */
export const atWork = ({ findings }: Report, texts: ReadonlyMap<string, string>): readonly string[] =>
  [...texts].flatMap(([file, text]) =>
    ignoresIn(text)
      .filter((one) => findings.some(({ id, location }) => location?.file === file && silences(one, id, location.line)))
      .map((one) => placeOf(file, one)),
  )
const placeOf = (file: string, { line, fault }: Ignore): string => `${file}:${line}: netdoctor:ignore ${fault}`

/** Comments that have nothing to silence, as what they spoke of may be mended. */
export const idleIgnores = (texts: ReadonlyMap<string, string>, working: ReadonlySet<string>): readonly string[] =>
  [...texts].flatMap(([file, text]) =>
    ignoresIn(text)
      .filter(({ fault, reason }) => reason !== '' && faultById.has(fault))
      .map((one) => placeOf(file, one))
      .filter((place) => !working.has(place))
      .map((place) => `${place} silences nothing that was found here`),
  )

/** Whether a pattern of a rule fits a file as it is named, or seen from the folder of the configuration. */
const covers = ({ files, by }: Silenced, file: string): boolean => {
  const seen = relative(dirname(by), file).replaceAll('\\', '/')
  return files.some((one) => fits(one, seen) || fits(one, file))
}

/** Rules for files of which none was read: they may be misspelled. */
export const unused = (settled: readonly Silenced[], names: readonly string[]): readonly string[] =>
  settled
    .filter((rule) => rule.files.length > 0 && !names.some((name) => covers(rule, name)))
    .map(({ by, fault, files }) => `${by}: ignore "${fault}": none of these files fits ${files.join(', ')}`)

/** Silencing needs an existing fault and a reason. */
export const wrongIgnores = (file: string, text: string): readonly FileProblem[] =>
  ignoresIn(text).flatMap(({ fault, reason, line, column }) => {
    const at = { file, line, column }
    if (!faultById.has(fault)) {
      const offers = nearest(fault, [...faultById.keys()])
      const meant = offers.length === 0 ? '' : `Did you mean: ${offers.join(', ')}`
      return [{ ...at, summary: `netdoctor:ignore: there is no fault "${fault}"`, detail: meant }]
    }
    return reason === '' ? [{ ...at, summary: `netdoctor:ignore ${fault}: the reason is missing`, detail: '' }] : []
  })
