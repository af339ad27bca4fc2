import { existsSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import { isDeepStrictEqual } from 'node:util'
import { keyOf } from '../ask/canonical.ts'
import { cleanLine } from '../ask/clean.ts'
import { attemptOf, type Attempt } from '../ask/connect.ts'
import type { Ask, Reply, Request, Why } from '../ask/request.ts'
import { readCaseInfo, type CaseInfo } from './case-info.ts'
import { parseLine } from './case-line.ts'
import { recordedAttempts } from './case-attempts.ts'
import { recordedInspects } from './case-inspect.ts'
import { linesOf } from './lines.ts'

/** Why a folder is not a case: the file, the line when there is one, and what is wrong. */
export class CaseError {
  readonly file: string
  readonly line: number | undefined
  readonly message: string
  constructor(file: string, line: number | undefined, said: string) {
    this.file = file
    this.line = line
    this.message = cleanLine(`${file}${line === undefined ? '' : `:${line}`}: ${said}`)
  }
}

/** A recorded case: answers what was recorded and nothing else. `now` is the newest time in it. */
export interface Case {
  readonly dir: string
  readonly info: CaseInfo
  readonly ask: Ask
  readonly now: string
  /** All recorded connection attempts, in the order in which they were made. */
  readonly attempts: () => readonly Attempt[]
  /** The requests that were recorded, each once. */
  readonly requests: () => readonly Request[]
}

const replies = ['replies.jsonl', 'replies.jsonl.gz', 'replies.jsonl.br']
const names = [...replies, 'case.json']
const beginning = '1970-01-01T00:00:00.000Z'

/** `--case` takes the folder, or one of the two files in it. */
function folderOf(path: string): string | CaseError {
  try {
    const found = statSync(path)
    if (found.isDirectory()) return path
    return names.includes(basename(path))
      ? dirname(path)
      : new CaseError(path, undefined, 'is not a case: expected a folder with case.json and replies.jsonl')
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    return new CaseError(path, undefined, code === 'ENOENT' ? 'no such file or folder' : message)
  }
}

const repliesIn = (dir: string): string | undefined => replies.map((name) => join(dir, name)).find(existsSync)

interface Entry {
  readonly request: Request
  readonly reply: Reply
}

/** Opens a case folder. Never rejects: what is wrong with the folder is a CaseError. */
export async function openCase(path: string): Promise<Case | CaseError> {
  const dir = folderOf(path)
  if (dir instanceof CaseError) return dir
  const info = readCaseInfo(join(dir, 'case.json'))
  if (typeof info === 'string') return new CaseError(join(dir, 'case.json'), undefined, info)
  const file = repliesIn(dir)
  if (file === undefined)
    return new CaseError(dir, undefined, 'has no replies: expected replies.jsonl, or that compressed to .gz or .br')
  const entries = new Map<string, Entry[]>()
  const made: Attempt[] = []
  const inspects = recordedInspects()
  let now = beginning
  let newest = Date.parse(now)
  let number = 0
  try {
    for await (const text of linesOf(file)) {
      number += 1
      if (text.trim() === '') continue
      const line = parseLine(number === 1 ? text.replace(/^\uFEFF/, '') : text)
      if (typeof line === 'string') return new CaseError(file, number, line)
      const { ask: request, reply } = line
      const key = keyOf(request)
      const entry = { request, reply }
      if ('method' in request) entries.set(key, [entry, ...(entries.get(key) ?? [])])
      else entries.set(key, [entry])
      const at = Date.parse(reply.at)
      if (at >= newest) [now, newest] = [reply.at, at]
      const attempt = attemptOf(request, reply)
      if (attempt) made.push(attempt)
      inspects.add(request, reply)
    }
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    const cut = code === 'Z_BUF_ERROR' ? 'ends in the middle of its compressed data' : message
    return new CaseError(file, number === 0 ? undefined : number + 1, cut)
  }
  const attempts = recordedAttempts(made)
  const refuse = (why: Why, detail: string): Reply => ({
    at: now,
    ms: 0,
    status: -1,
    body: '',
    refusal: { why, detail },
  })

  const answer = (request: Request): Reply => {
    const found = entries.get(keyOf(request))
    if (found && 'body' in request && request.body !== undefined) {
      const same = found.find((entry) => sameBody(request.body, (entry.request as { body?: unknown }).body))
      return same?.reply ?? refuse('not-recorded', 'the recording holds an answer for another job, not for this one')
    }
    if (found?.[0]) return found[0].reply
    const reply = 'connect' in request ? attempts.find(request) : inspects.find(request)
    return reply ?? refuse('not-recorded', 'the recording holds no answer to this')
  }
  return {
    dir,
    info,
    now,
    ask: (request) => Promise.resolve(answer(request)),
    attempts: () => made,
    requests: () => [...entries.values()].flatMap((list) => list.map((entry) => entry.request)),
  }
}

const jobOf = (body: unknown): unknown => (typeof body === 'object' && body !== null && 'Job' in body ? body.Job : body)

/** A plan or a validation is about its job; the flags beside it do not change the verdict. */
const sameBody = (asked: unknown, recorded: unknown): boolean => isDeepStrictEqual(jobOf(asked), jobOf(recorded))
