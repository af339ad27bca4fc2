/** JUnit XML: a suite for each file, a case for each finding; a file without one passes. */
import type { Finding } from '../knowledge/report.ts'
import type { FileProblem, Linted } from './lint.ts'
import type { Library } from './style.ts'

export function junit({ report, files, problems }: Linted, library: Library): string {
  const names = [...new Set([...files.keys(), ...problems.map(({ file }) => file)])]
  const suites = names.map((name) => {
    const findings = report.findings.filter(({ location }) => location?.file === name)
    return suite(
      name,
      findings,
      problems.filter(({ file }) => file === name),
      library,
    )
  })
  const loose = report.findings.filter(({ location }) => !location)
  const all = [...suites, ...(loose.length > 0 ? [suite('jobs', loose, [], library)] : [])]
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="nomad-netdoctor">\n${all.join('')}</testsuites>\n`
}

function suite(name: string, findings: readonly Finding[], problems: readonly FileProblem[], library: Library): string {
  const cases = [
    ...problems.map(({ line, column, summary, detail }) =>
      testcase(
        'syntax',
        name,
        `<error message="${xml(summary)}">${xml(`${name}:${line}:${column} ${detail}`)}</error>`,
      ),
    ),
    ...findings.map(({ id, severity, sentence, location, about }) => {
      const place = location ? `${location.file}:${location.line}:${location.column}` : about
      const title = xml(library.fault(id)?.title ?? id)
      const body = xml(`${place} ${sentence}`)
      // A risk works now: it is told and fails nothing.
      const said =
        severity === 'risks'
          ? `<system-out>${title}: ${body}</system-out>`
          : `<failure message="${title}" type="${severity}">${body}</failure>`
      return testcase(id, name, said)
    }),
  ]
  const shown = cases.length > 0 ? cases : [testcase('no fault', name, '')]
  const failures = findings.filter(({ severity }) => severity !== 'risks').length
  return `  <testsuite name="${xml(name)}" tests="${shown.length}" failures="${failures}" errors="${problems.length}">\n${shown.join('')}  </testsuite>\n`
}

const testcase = (name: string, file: string, body: string): string =>
  `    <testcase name="${xml(name)}" classname="${xml(file)}"${body === '' ? '/>' : `>${body}</testcase>`}\n`

const marks: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&apos;' }
/** XML has no control characters, not even escaped. */
const xml = (text: string): string =>
  text
    .replaceAll(/\p{Cc}/gu, (char) => (char === '\n' || char === '\t' ? char : ' '))
    .replaceAll(/[&<>"']/g, (mark) => marks[mark] ?? mark)
