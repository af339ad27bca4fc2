/** What several reports on files say together: each mistake once, and what is only the consequence of another one. */
import { faultById } from '../knowledge/faults/index.ts'
import type { Finding, Report } from '../knowledge/report.ts'
import type { Around } from './lint.ts'

/** Several reports as one: there is no diagnosis, only findings. */
export function together(reports: readonly Report[]): Report {
  const sum = (of: (report: Report) => number) => reports.reduce((all, report) => all + of(report), 0)
  const all = reports.flatMap(({ findings }) => findings)
  const findings = inOnePlace(once(all))
  const again = all.length - findings.length
  return {
    diagnosis: null,
    findings,
    unknown: reports.flatMap(({ unknown }) => unknown),
    steps: [],
    counts: {
      judged: sum(({ counts }) => counts.judged) - again,
      present: sum(({ counts }) => counts.present) - again,
      absent: sum(({ counts }) => counts.absent),
      unknown: sum(({ counts }) => counts.unknown),
    },
  }
}

const key = ({ id, sentence, location }: Finding): string => JSON.stringify([id, sentence, location])

/** A file that several machines have is said to be wrong once. */
function once(findings: readonly Finding[]): readonly Finding[] {
  const seen = new Set<string>()
  return findings.filter((one) => !seen.has(key(one)) && seen.add(key(one)))
}

/** What a dynamic block writes is written once: the first thing is told, and which others have the same. */
function inOnePlace(findings: readonly Finding[]): readonly Finding[] {
  const alike = Map.groupBy(findings, ({ id, severity, location }) => JSON.stringify([id, severity, location]))
  return [...alike.values()].flatMap((all) => {
    const [first] = all
    const others = [...new Set(all.map(({ about }) => about))].slice(1)
    // Several mistakes of one thing may point at one line.
    if (!first?.location || others.length === 0 || others.length < all.length - 1) return all
    return [{ ...first, sentence: `${first.sentence}; the same goes for ${called(others)}`, also: others }]
  })
}

/** How many are called by their names. */
const most = 4

function called(others: readonly string[]): string {
  const names = others.slice(0, most).map((about) => about.replace(/^.*[:/]/, ''))
  const left = others.length - names.length
  return left > 0 ? `${names.join(', ')} and ${left} more` : names.join(', ').replace(/, ([^,]*)$/, ' and $1')
}

/** What follows from the clients' files: every client that there is has something wrong with it that explains it. */
export function explained(report: Report, clients: Report | undefined, { nodes }: Around): Report {
  const machines = nodes.filter(({ client }) => client).length
  const findings = report.findings.map((finding): Finding => {
    const causes = (clients?.findings ?? []).filter(
      ({ id, severity }) => severity !== 'risks' && faultById.get(id)?.explains.includes(finding.id),
    )
    const [cause] = causes
    const all = new Set(causes.flatMap(({ about, also = [] }) => [about, ...also])).size >= machines
    return !cause || !all || finding.explainedBy !== undefined
      ? finding
      : { ...finding, explainedBy: cause.id, explainedByAbout: cause.about }
  })
  return { ...report, findings }
}
