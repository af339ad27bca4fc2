/** Workflow commands of GitHub Actions: https://docs.github.com/actions/reference/workflow-commands-for-github-actions */
import type { Linted } from './lint.ts'
import type { Library } from './style.ts'

const levels = { breaks: 'error', degrades: 'warning', risks: 'notice' } as const

export function github({ report, problems }: Linted, library: Library): string {
  const lines = [
    ...problems.map(({ file, line, column, summary, detail }) =>
      command('error', { file, line, col: column, title: summary }, detail || summary),
    ),
    ...report.findings.map(({ id, severity, location, sentence }) => {
      const place = location ? { file: location.file, line: location.line, col: location.column } : {}
      return command(levels[severity], { ...place, title: `${library.fault(id)?.title ?? id} (${id})` }, sentence)
    }),
  ]
  return lines.map((line) => `${line}\n`).join('')
}

function command(level: string, properties: Readonly<Record<string, string | number>>, message: string): string {
  const given = Object.entries(properties).map(([key, value]) => `${key}=${property(String(value))}`)
  return `::${level} ${given.join(',')}::${data(message)}`
}
const data = (text: string): string => text.replaceAll('%', '%25').replaceAll('\r', '%0D').replaceAll('\n', '%0A')
const property = (text: string): string => data(text).replaceAll(':', '%3A').replaceAll(',', '%2C')
