/** Connection attempts as command lines: reads the ones people and recordings write, and writes our own. */
import type { Connect, Reply, Request } from './request.ts'

/** One recorded connection attempt: where it went, and its reply freed of what the script around it printed. */
export interface Attempt {
  readonly request: Request
  readonly connect: Connect
  readonly reply: Reply
}

/** Options that take the next word as their value. */
const curlValues =
  /^(--(max-time|connect-timeout|output|write-out|interface|header|request|data|resolve|user-agent|max-filesize|retry)|-[a-zA-Z]*[mowHXdAberu])$/
const ncValues = /^-[a-zA-Z]*[wpsiqXxIO]$/

const portOf = (text: string | undefined): number | null => {
  const port = Number(text)
  return /^\d{1,5}$/.test(text ?? '') && port > 0 && port < 65_536 ? port : null
}

function plainWords(argv: readonly string[], takesValue: RegExp): string[] {
  const words: string[] = []
  let value = false
  for (const word of argv) {
    const option: boolean = !value && word.startsWith('-') && word.length > 1
    if (!option && !value) words.push(word)
    value = option && takesValue.test(word)
  }
  return words
}

/** `telnet://10.0.0.1:6379`, `http://[fd00::1]:80/path`, `10.0.0.1:80`: a place. TLS is only a connection to us. */
export function parseUrl(url: string): Connect | null {
  const parts = /^(?:([a-z]+):\/\/)?(?:\[([^\]\s]+)\]|([^/:?#\s]+))(?::(\d+))?([/?#]\S*)?$/i.exec(url)
  if (!parts) return null
  const [, scheme = 'http', six, four, digits, path = '/'] = parts
  const host = six ?? four ?? ''
  const port = portOf(digits ?? { http: '80', https: '443', telnet: '23' }[scheme])
  if (port === null || !['http', 'https', 'telnet', 'tcp'].includes(scheme)) return null
  return scheme === 'http' ? { proto: 'http', host, port, path } : { proto: 'tcp', host, port }
}

function readNc(argv: readonly string[]): Connect | null {
  const [host, digits, more] = plainWords(argv, ncValues)
  const port = portOf(digits)
  if (!host || port === null || more !== undefined || /[$`]/.test(host)) return null
  return { proto: argv.some((word) => /^-[a-zA-Z]*u/.test(word)) ? 'udp' : 'tcp', host, port }
}

/** Where a command line connects to, or null when it is no connection attempt (dig and nslookup ask about names). */
export function connectOf(argv: readonly string[]): Connect | null {
  const [head = '', ...rest] = argv
  if (head === 'timeout') return connectOf(rest.slice(1))
  const name = head.slice(head.lastIndexOf('/') + 1)
  if (name === 'busybox') return connectOf(rest)
  if (name === 'curl' || name === 'wget') {
    const [url, more] = plainWords(rest, name === 'curl' ? curlValues : /^-[a-zA-Z]*[OTU]$/)
    return url !== undefined && more === undefined && !/[$`]/.test(url) ? parseUrl(url) : null
  }
  if (name === 'nc' || name === 'ncat' || name === 'netcat') return readNc(rest)
  if (name.startsWith('python') && rest[0] === '-c') {
    const sent = /SOCK_DGRAM[\s\S]*sendto\([\s\S]*\(\s*["']([^"']+)["']\s*,\s*(\d+)\s*\)/.exec(rest[1] ?? '')
    const [, host, digits] = sent ?? []
    const port = portOf(digits)
    return host !== undefined && port !== null ? { proto: 'udp', host, port } : null
  }
  return null
}

/** The value a script's variable had, when the script itself printed it. */
function printed(variable: string, { body, stderr = '' }: Reply): string | undefined {
  const lines = [...`${body}\n${stderr}`.matchAll(new RegExp(`^(?:export )?${variable}="?([^"\n]*)"?$`, 'gm'))]
  return lines.at(-1)?.[1]
}

/** `sh -c` around one curl or nc, as recordings hold it; scripts that do more are not read. */
function scripted(script: string, reply: Reply): Omit<Attempt, 'request'> | null {
  if (/\bfor\b|\bwhile\b|\$\(|`/.test(script)) return null
  if (/usage: (nc|curl)/i.test(reply.stderr ?? '')) return null // called without an address: nothing was tried
  const [command, more] = [...script.matchAll(/(?:^|[|;&(]\s*)((?:curl|nc)\s[^|;&)]*)/g)]
  if (command?.[1] === undefined || more !== undefined) return null
  const moved = /\bset -- \$(\w+)/.exec(script)?.[1]
  const text = command[1]
    .replace(/\$1 \$2/, moved ? `$${moved}` : '$1 $2')
    .replace(/\$(\w+)/g, (whole, variable: string) => printed(variable, reply) ?? whole)
  const found = connectOf(
    text
      .trim()
      .split(/\s+/)
      .map((word) => word.replace(/^(["'])(.*)\1$/, '$2')),
  )
  if (!found) return null
  const get = /\bGET (\S+) HTTP/.exec(script)?.[1]
  const connect: Connect = get !== undefined && found.proto === 'tcp' ? { ...found, proto: 'http', path: get } : found
  const code = /\becho rc=\$\?/.test(script) ? /rc=(\d+)\s*$/.exec(reply.body) : null
  let body = code ? reply.body.slice(0, code.index) : reply.body
  if (/^\s*cat \//.test(script)) body = body.replace(/^(?:\w+=.*\n|\n)*(?:\w+=.*$)?/, '')
  return { connect, reply: { ...reply, body, status: code ? Number(code[1]) : reply.status } }
}

/** Reads a request and its reply as a connection attempt, or null when it is none. */
export function attemptOf(request: Request, reply: Reply): Attempt | null {
  if ('connect' in request) return { request, connect: request.connect, reply }
  if (!('argv' in request)) return null
  const [shell, dashC, script, more] = request.argv
  if ((shell === 'sh' || shell === '/bin/sh') && dashC === '-c' && script !== undefined && more === undefined) {
    const found = scripted(script, reply)
    return found && { request, ...found }
  }
  const connect = connectOf(request.argv)
  return connect && { request, connect, reply }
}
