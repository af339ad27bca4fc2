import { readFileSync } from 'node:fs'
import {
  boolean,
  check,
  fallback,
  nullable,
  number,
  object,
  optional,
  pipe,
  record,
  safeParse,
  string,
  union,
  unknown,
  type InferOutput,
} from 'valibot'

const side = object({
  namespace: optional(string()),
  job: optional(string()),
  group: optional(string()),
  task: optional(string()),
  alloc: optional(string()),
  service: optional(string()),
  node: optional(string()),
  outside: optional(union([boolean(), string()])),
})
const namesSomething = check((value: InferOutput<typeof side>) => Object.keys(value).length > 0, 'names nothing')

const subject = object({
  from: optional(nullable(pipe(side, namesSomething)), null),
  to: optional(nullable(pipe(side, namesSomething)), null),
  port: optional(nullable(union([string(), number()])), null),
  dials: optional(string()),
})

/** `case.json` as the program may see it: what makes a recorded fault true is left out, so that nothing can read it. */
const schema = object({
  id: pipe(
    string(),
    check((text) => text !== '', 'is empty'),
  ),
  title: optional(string(), ''),
  what: optional(string(), ''),
  story: optional(string()),
  symptom: optional(string(), 'unknown'),
  subject,
  told: optional(record(string(), string())),
  lab: optional(fallback(record(string(), unknown()), {})),
})

/** One end of a case's subject, as case files spell it. */
export type CaseSide = Readonly<InferOutput<typeof side>>
export interface CaseInfo extends Omit<InferOutput<typeof schema>, 'subject'> {
  readonly subject: {
    readonly from: CaseSide | null
    readonly to: CaseSide | null
    readonly port: string | number | null
    readonly dials?: string | undefined
  }
}

/** Reads a `case.json`; a text says what is wrong with it. */
export function parseCaseInfo(text: string): CaseInfo | string {
  let value: unknown
  try {
    value = JSON.parse(text.replace(/^\uFEFF/, ''))
  } catch (error) {
    return text.trim() === '' ? 'is empty' : `is not JSON: ${(error as Error).message}`
  }
  const result = safeParse(schema, value)
  if (result.success) return result.output
  const issue = result.issues[0]
  const path = issue.path?.map((item) => String(item.key)).join('.')
  if (path !== undefined && issue.received === 'undefined') return `"${path}" is missing`
  return `${path === undefined ? '' : `"${path}": `}${issue.message}`
}

/** At once: it is a page, and threads to read it take longer to start. */
export function readCaseInfo(file: string): CaseInfo | string {
  try {
    return parseCaseInfo(readFileSync(file, 'utf8'))
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return code === 'ENOENT' ? 'is missing' : code === 'EACCES' ? 'may not be read' : message
  }
}
