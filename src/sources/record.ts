import { open, rename, rm, writeFile, type FileHandle } from 'node:fs/promises'
import { join } from 'node:path'
import type { Ask, Reply, Request } from '../ask/request.ts'
import type { CaseInfo } from './case-info.ts'
import { makeFolder } from './make-folder.ts'
import { redactor } from '../ask/redact.ts'
import { sayError } from './reply.ts'

/** Writes what a source answers as a case folder, without the secrets in it. */
export interface Recorder {
  readonly ask: Ask
  /** Completes the folder and puts it in its place in one step; a text says why that was not possible. */
  readonly finish: (info: CaseInfo) => Promise<{ dir: string; replies: number } | string>
  /** Throws away what was written. */
  readonly abandon: () => Promise<void>
}

/** One line of `replies.jsonl`. */
export function lineOf(ask: Request, { at, ms, status, body, stderr = '', refusal }: Reply): string {
  return JSON.stringify({ ask, at, ms, status, body, stderr, ...(refusal ? { refusal } : {}) })
}

/**
 * Records every reply of `source` into `dir`, which must not exist yet. Until `finish`, all is in a folder beside it;
 * an interrupted recording leaves no half case.
 */
export function recorder(source: Ask, dir: string): Recorder {
  const place = dir.replace(/\/+$/, '')
  const part = `${place}.part-${process.pid}`
  let file: Promise<FileHandle> | undefined
  let writing: Promise<void> = Promise.resolve()
  let broken: string | undefined
  let replies = 0
  const secrets = redactor()

  const begin = async (): Promise<FileHandle> => {
    makeFolder(part)
    return open(join(part, 'replies.jsonl'), 'w')
  }
  const opened = (): Promise<FileHandle> => (file ??= begin())
  const write = (line: string): void => {
    replies += 1
    writing = writing
      .then(async () => (await opened()).writeFile(`${line}\n`))
      .catch((error: unknown) => {
        broken ??= sayError(error)
      })
  }
  const remove = (): Promise<void> => rm(part, { recursive: true, force: true }).catch(() => {})
  const close = async (): Promise<void> => {
    await writing
    const handle = await file?.catch(() => undefined)
    file = undefined
    await handle?.close()
  }

  return {
    async ask(request) {
      const reply = await source(request)
      // Only what is kept is redacted: a plan needs the job as it is.
      write(lineOf(secrets.request(request), secrets.reply(reply)))
      return reply
    },
    async finish(info) {
      try {
        await opened()
        await close()
        if (broken !== undefined) throw new Error(broken)
        await writeFile(join(part, 'case.json'), `${JSON.stringify(info, null, 1)}\n`)
        await rename(part, place)
        return { dir: place, replies }
      } catch (error) {
        await remove()
        const { code } = error as NodeJS.ErrnoException
        return code === 'ENOTEMPTY' || code === 'EEXIST' || code === 'ENOTDIR'
          ? `${place} exists already`
          : `${place}: ${sayError(error)}`
      }
    },
    async abandon() {
      await close()
      await remove()
    },
  }
}
