import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { OptionError, type Setting } from './option-error.ts'

const reason = (error: unknown): string => {
  const { code, message } = error as NodeJS.ErrnoException
  return (
    { ENOENT: 'no such file or folder', EACCES: 'may not be read', EISDIR: 'is a folder', ENOTDIR: 'is not a folder' }[
      code ?? ''
    ] ?? message
  )
}

async function read({ name, value }: Setting): Promise<string> {
  try {
    return await readFile(value, 'utf8')
  } catch (error) {
    throw new OptionError(name, `${value}: ${reason(error)}`)
  }
}

export async function readPem(setting: Setting): Promise<string> {
  const text = await read(setting)
  if (!text.includes('-----BEGIN '))
    throw new OptionError(setting.name, `${setting.value}: holds no PEM certificate or key`)
  return text
}

export async function readPemFolder({ name, value }: Setting): Promise<string[]> {
  let names: string[]
  try {
    names = await readdir(value)
  } catch (error) {
    throw new OptionError(name, `${value}: ${reason(error)}`)
  }
  const files = names.filter((file) => /\.(pem|crt|cer)$/i.test(file)).toSorted()
  if (files.length === 0) throw new OptionError(name, `${value}: holds no .pem or .crt file`)
  return Promise.all(files.map((file) => readPem({ name, value: join(value, file) })))
}

/** A token goes into a header: printable, in one piece. */
export const isToken = (text: string): boolean => /^[!-~]+$/.test(text)

export async function readTokenFile(setting: Setting): Promise<string> {
  const text = (await read(setting)).trim()
  if (!isToken(text)) throw new OptionError(setting.name, `${setting.value}: holds no token`)
  return text
}

/** The spellings Go programs accept. */
export function readBoolean({ name, value }: Setting): boolean {
  if (/^(1|t|T|TRUE|true|True)$/.test(value)) return true
  if (/^(0|f|F|FALSE|false|False)$/.test(value)) return false
  throw new OptionError(name, `"${value}" is neither true nor false`)
}

/** `http://host:port`, `host:port`, `unix:///path`. */
export function readOrigin(
  { name, value }: Setting,
  scheme: 'http' | 'https',
  port: number,
): { origin: string; socketPath?: string } {
  const socketPath = /^unix:\/\/(\/.+)$/.exec(value)?.[1]
  if (socketPath !== undefined) return { origin: 'http://localhost', socketPath }
  const text = value.includes('://') ? value : `${scheme}://${value}`
  const url = URL.canParse(text) ? new URL(text) : null
  if (!url || url.hostname === '')
    throw new OptionError(
      name,
      `"${value}" is not an address like ${scheme}://10.0.0.1:${port} or unix:///run/agent.sock`,
    )
  if (url.protocol !== 'http:' && url.protocol !== 'https:')
    throw new OptionError(name, `"${value}" must begin with http://, https:// or unix:///`)
  if (url.username !== '' || url.password !== '')
    throw new OptionError(name, 'holds a user or password: set the HTTP_AUTH variable instead')
  if (url.pathname !== '/' || url.search !== '') throw new OptionError(name, `"${value}" must not hold a path`)
  return { origin: url.origin }
}

/** A whole number of seconds, one at least and an hour at most. */
export function readSeconds({ name, value }: Setting): number {
  if (!/^\d{1,4}$/.test(value) || Number(value) < 1 || Number(value) > 3600)
    throw new OptionError(name, `${value}: expected a whole number of seconds, from 1 to 3600`)
  return Number(value)
}
