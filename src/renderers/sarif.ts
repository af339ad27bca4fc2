/** SARIF 2.1.0: https://docs.oasis-open.org/sarif/sarif/v2.1.0/sarif-v2.1.0.html */
import { jsonText } from '../ask/json-text.ts'
import type { FixStep } from '../knowledge/fault.ts'
import type { Finding } from '../knowledge/report.ts'
import { version } from '../version.ts'
import type { FileProblem, Linted } from './lint.ts'
import type { Library } from './style.ts'

const levels = { breaks: 'error', degrades: 'warning', risks: 'note' } as const

export function sarif({ report, problems }: Linted, library: Library): string {
  const ids = [...new Set(report.findings.map(({ id }) => id))].toSorted()
  const run = {
    tool: { driver: { name: 'nomad-netdoctor', version, rules: ids.map((id) => rule(id, library)) } },
    columnKind: 'utf16CodeUnits',
    invocations: [
      { executionSuccessful: problems.length === 0, toolExecutionNotifications: problems.map(notification) },
    ],
    results: report.findings.map((finding) => result(finding, ids)),
  }
  const log = { $schema: 'https://json.schemastore.org/sarif-2.1.0.json', version: '2.1.0', runs: [run] }
  return `${jsonText(log, 2)}\n`
}

function rule(id: string, library: Library) {
  const fault = library.fault(id)
  const [reference] = fault?.references ?? []
  return {
    id,
    shortDescription: { text: fault?.title ?? id },
    fullDescription: { text: fault?.because ?? id },
    defaultConfiguration: { level: levels[fault?.severity ?? 'breaks'] },
    ...(reference === undefined ? {} : { helpUri: reference }),
  }
}

function result({ id, severity, sentence, location, about, also = [], fix }: Finding, ids: readonly string[]) {
  const place = { logicalLocations: [about, ...also].map((one) => ({ fullyQualifiedName: one })) }
  const physical = location ? { physicalLocation: physicalOf(location) } : {}
  const fixes = location ? fix.flatMap((step) => fixOf(step, location.file)) : []
  return {
    ruleId: id,
    ruleIndex: ids.indexOf(id),
    level: levels[severity],
    message: { text: sentence },
    locations: [{ ...physical, ...place }],
    partialFingerprints: { 'faultAndThing/v1': `${id} ${about}` },
    ...(fixes.length > 0 ? { fixes } : {}),
  }
}

/** Only what is proven is offered to a program. */
function fixOf({ do: what, proven, changes, file: own, plan, unplanned }: FixStep, file: string) {
  if (!proven || !changes) return []
  const replacements = changes.map(({ line, endLine, text }) => ({
    deletedRegion: { startLine: line, startColumn: 1, endLine, endColumn: 1 },
    insertedContent: { text },
  }))
  const artifactChanges = [{ artifactLocation: { uri: uri(own ?? file) }, replacements }]
  const properties = { ...(plan === undefined ? {} : { plan }), ...(unplanned === undefined ? {} : { unplanned }) }
  return [
    { description: { text: what }, artifactChanges, ...(Object.keys(properties).length > 0 ? { properties } : {}) },
  ]
}

function physicalOf(at: { file: string; line: number; column: number; endLine?: number; endColumn?: number }) {
  const { file, line, column, endLine, endColumn } = at
  const end = endLine !== undefined && endColumn !== undefined ? { endLine, endColumn } : {}
  return { artifactLocation: { uri: uri(file) }, region: { startLine: line, startColumn: column, ...end } }
}

/** A relative path stays one, an absolute one is a file: of its machine; each part is escaped. */
function uri(file: string): string {
  const path = file.replaceAll('\\', '/')
  const drive = /^[A-Za-z]:(?=\/)/.exec(path)?.[0] ?? ''
  const parts = path.slice(drive.length).split('/').map(encodeURIComponent).join('/')
  return path.startsWith('/') || drive !== '' ? `file://${drive === '' ? '' : `/${drive}`}${parts}` : parts
}

const notification = ({ file, line, column, summary, detail }: FileProblem) => ({
  level: 'error',
  message: { text: detail === '' ? summary : `${summary}: ${detail}` },
  locations: [{ physicalLocation: physicalOf({ file, line: Math.max(1, line), column: Math.max(1, column) }) }],
})
