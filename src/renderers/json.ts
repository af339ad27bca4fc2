import { jsonText } from '../ask/json-text.ts'
import type { FixStep } from '../knowledge/fault.ts'
import type { Because, Evidence, Finding, Foretold, Report, Sign } from '../knowledge/report.ts'
import { tally, unsettled } from '../knowledge/unsettled.ts'
import { factWords } from '../knowledge/words.ts'
import { version } from '../version.ts'
import { conclusion } from './unknown.ts'

/** Where a report comes from and what it is about: the frame around it in every format. */
export interface Frame {
  readonly source: { readonly kind: 'case' | 'live' | 'files'; readonly where: string }
  readonly subject: {
    readonly from: string | null
    readonly to: string | null
    readonly port: string | number | null
    readonly symptom: string
    /** What the caller dials, where that was said. */
    readonly dials?: string
  }
  /** What a survey is about, in words. */
  readonly survey?: string
  /** Title and story of a recorded case. */
  readonly title?: string
}

/** JSON contract version 1; additions only. Keys in the order of the contract. */
export function json(report: Report, { source, subject }: Frame, more: Readonly<Record<string, unknown>> = {}): string {
  const open = new Set(unsettled(report).verdicts)
  const undetermined = conclusion(report, subject)
  const whole = {
    schema: 1,
    tool: { name: 'nomad-netdoctor', version },
    source,
    subject,
    diagnosis: report.diagnosis,
    findings: report.findings.map(found),
    ...(undetermined === '' ? {} : { undetermined }),
    ...(report.signs ? { signs: report.signs.map(signed) } : {}),
    ...(report.unplaced ? { unplaced: report.unplaced.map(signed) } : {}),
    ...(report.foretold
      ? { foretold: report.foretold.map((one) => ({ ...found(one), because: one.because.map(worded) })) }
      : {}),
    ...(report.ends ? { ends: report.ends } : {}),
    unknown: report.unknown.map((one) => ({
      ...one,
      because: one.because.map(worded),
      ...(open.has(one) ? { open: true } : {}),
    })),
    steps: report.steps.map(({ evidence, because, ...rest }) => ({
      ...rest,
      ...(because ? { because: because.map(worded) } : {}),
      ...(evidence && evidence.length > 0 ? { evidence: evidence.map(printed) } : {}),
    })),
    counts: tally(report),
    ...more,
  }
  return `${source.kind === 'files' ? short(whole) : jsonText(whole, 2)}\n`
}

/** Of files most is unknown, since it takes a cluster: a line for each, as people read the findings. */
function short(whole: Readonly<Record<string, unknown>>): string {
  const members = Object.entries(whole).map(([name, value]) => {
    const lines = (value as readonly unknown[] | undefined)?.length ? (value as readonly unknown[]) : undefined
    const written =
      name === 'unknown' && lines
        ? `[\n${lines.map((one) => `    ${jsonText(one)}`).join(',\n')}\n  ]`
        : jsonText(value, 2).replaceAll('\n', '\n  ')
    return `  ${jsonText(name)}: ${written}`
  })
  return `{\n${members.join(',\n')}\n}`
}

/** A step without the edits themselves: a program takes the diff, or the changes by lines. */
const shown = (step: FixStep): FixStep => {
  const { edit, ...rest } = step
  return edit ? rest : step
}

const found = <One extends Foretold | Finding>({ evidence, ...rest }: One) => ({
  ...rest,
  fix: rest.fix.map(shown),
  evidence: evidence.map(printed),
})

const signed = ({ evidence, ...rest }: Sign) => ({ ...rest, evidence: evidence.map(printed) })

const worded = (reason: Because) => ({ ...reason, words: factWords(reason.fact) })

const printed = ({ request, excerpt, at, others }: Evidence) => ({
  request,
  excerpt,
  at,
  ...(others === undefined ? {} : { others }),
})
