import type { Connect, Reply, Request, Why } from '../ask/request.ts'

/** One line of `replies.jsonl`: a request and its raw reply. */
export interface Line {
  readonly ask: Request
  readonly reply: Reply
}

type Fields = Readonly<Record<string, unknown>>

const isText = (value: unknown): value is string => typeof value === 'string'
const isFields = (value: unknown): value is Fields =>
  typeof value === 'object' && value !== null && !Array.isArray(value)
const isWords = (value: unknown): value is string[] => Array.isArray(value) && value.length > 0 && value.every(isText)
const isPlace = (value: unknown): value is Connect =>
  isFields(value) &&
  isText(value['host']) &&
  Number.isInteger(value['port']) &&
  ['tcp', 'udp', 'http'].includes(value['proto'] as string)

/** What is wrong with a recorded request, or null when nothing is. */
function wrongAsk(ask: unknown): string | null {
  if (!isFields(ask)) return '"ask" is not an object'
  const { via } = ask
  if (via === 'nomad' || via === 'consul' || via === 'file')
    return isText(ask['path']) ? null : '"ask.path" is not a text'
  if (via !== 'node' && via !== 'netns' && via !== 'task')
    return `"ask.via" is ${JSON.stringify(via)?.slice(0, 40) ?? 'missing'}, not one of nomad, consul, node, netns, task, file`
  const needs = via === 'node' ? ['node'] : via === 'netns' ? ['node', 'alloc'] : ['alloc', 'task']
  for (const name of needs) if (!isText(ask[name])) return `"ask.${name}" is not a text`
  if (isWords(ask['argv']) || isPlace(ask['connect'])) return null
  return '"ask" has neither a list of texts "argv" nor a place "connect"'
}

/** Where V8 says it stands; the line of the file is said already. */
const oneLine = / \(line 1 column \d+\)/

/** Reads one line; a text says what is wrong with it. */
export function parseLine(text: string): Line | string {
  let line: unknown
  try {
    line = JSON.parse(text)
  } catch (error) {
    return `not JSON: ${(error as Error).message.replace(oneLine, '')}`
  }
  if (!isFields(line)) return 'not an object'
  const wrong = wrongAsk(line['ask'])
  if (wrong !== null) return wrong
  const { at, ms, status, body, stderr, refusal } = line
  if (!isText(at) || Number.isNaN(Date.parse(at))) return '"at" is not a time'
  if (typeof ms !== 'number') return '"ms" is not a number'
  if (!Number.isInteger(status)) return '"status" is not a whole number'
  if (!isText(body)) return '"body" is not a text'
  if (stderr !== undefined && !isText(stderr)) return '"stderr" is not a text'
  const refused = isFields(refusal) && isText(refusal['why']) && isText(refusal['detail'])
  if (refusal !== undefined && !refused) return '"refusal" does not say why'
  return {
    ask: line['ask'] as Request,
    reply: {
      at,
      ms,
      status: status as number,
      body,
      ...(stderr ? { stderr } : {}),
      ...(refused ? { refusal: { why: refusal['why'] as Why, detail: refusal['detail'] as string } } : {}),
    },
  }
}
