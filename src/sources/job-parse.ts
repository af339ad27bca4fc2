import { nomad } from '../ask/nomad.ts'
import { refusalOf } from '../ask/refusal.ts'
import type { Ask } from '../ask/request.ts'

/** What the servers' own parser makes of a job file: the job as the API has it, or what it says against the text. */
export type Parsed =
  | { readonly job: unknown }
  | { readonly line: number; readonly column: number; readonly summary: string; readonly detail: string }
  /** It lacks a value or a file of the machine that submits the job, or could not be asked: this says nothing against the file. */
  | null

const place = /[^\s:]+:(\d+),(\d+)-(?:\d+,)?\d+: ([^;\n]*)(?:; ([^\n]*))?/

/** The command line reads files itself; the servers do not, and `job run` never has them do it. */
const unasked = /Missing (?:base64 |required )?variable|Unset variable|filesystem functions? disabled/i

/** `variables`: a file of variables as text. https://developer.hashicorp.com/nomad/api-docs/jobs#parse-job; nothing is registered. */
export async function parseJob(ask: Ask, text: string, variables: string): Promise<Parsed> {
  const request = { ...nomad.parse(), body: { JobHCL: text, Canonicalize: true, Variables: variables } }
  const reply = await ask(request)
  const refusal = refusalOf(request, reply)
  if (!refusal) {
    try {
      return { job: JSON.parse(reply.body) as unknown }
    } catch {
      return null
    }
  }
  const found = place.exec(reply.body)
  if (!found || unasked.test(reply.body)) return null
  const [, line, column, summary = '', detail = ''] = found
  return { line: Number(line), column: Number(column), summary, detail }
}
