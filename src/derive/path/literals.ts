import { toldParts } from '../../knowledge/subject.ts'
import { isLoopback, parseAddress } from '../../packet/ipaddr.ts'

export interface Place {
  readonly host: string
  readonly port?: number
}

const tail = String.raw`(?:(?::|[ \t]+)(\d{1,5})(?![\w.]))?`
const patterns: readonly RegExp[] = [
  // 10.0.0.1, 10.0.0.1:80, 10.0.0.1 80; no version numbers, no networks (10.0.0.0/8)
  new RegExp(String.raw`(?<![\w.])((?:\d{1,3}\.){3}\d{1,3})(?![\w.]|/\d)${tail}`, 'g'),
  new RegExp(String.raw`(?<![\w.-])(localhost)(?![\w-]|\.\w)${tail}`, 'gi'),
  /\[([0-9a-f:]*:[0-9a-f:.]*)\](?::(\d{1,5}))?/gi,
  /(?<![\w.@-])((?:[a-z0-9-]+\.)+[a-z][a-z0-9-]*):(\d{2,5})(?!\w)/gi,
]

/** The addresses written in a text, with their ports. A wildcard to listen on is nobody's address. */
export function literals(text: string): readonly Place[] {
  const found = patterns.flatMap((pattern) =>
    [...text.matchAll(pattern)].map(([, host = '', port]) => placeOf(host.toLowerCase(), port)),
  )
  const own = found.filter(
    ({ host }) =>
      !['0.0.0.0', '::', '255.255.255.255'].includes(host) && (!/^[\d.]+$|:/.test(host) || parseAddress(host)),
  )
  return own.filter((one, i) => own.findIndex(({ host, port }) => host === one.host && port === one.port) === i)
}

/** A text that is one place and nothing else: `c1`, `db:5432`, `:80`, `10.0.0.1`, `[fd00::1]:80`. An empty host means the registered one. */
export function placeIn(text: string): Place | undefined {
  const trimmed = text.trim()
  if (parseAddress(trimmed)) return { host: trimmed }
  const [, bracketed, plain = '', port] = /^(?:\[([0-9a-f:.]+)\]|([A-Za-z0-9._-]*))(?::(\d{1,5}))?$/.exec(trimmed) ?? []
  const host = bracketed ?? plain
  return host === '' && port === undefined ? undefined : placeOf(host.toLowerCase(), port)
}

/** The place a caller is told to dial, and its protocol where that is said. */
export function toldIn(text: string | undefined): (Place & { readonly proto?: 'tcp' | 'udp' }) | undefined {
  const { place: written, ...proto } = toldParts(text ?? '')
  const place = placeIn(written)
  return place && { ...place, ...proto }
}

export const isAddress = (text: string): boolean => parseAddress(text) !== undefined

export const loops = (host: string): boolean => host === 'localhost' || isLoopback(host)

const placeOf = (host: string, port: string | undefined): Place =>
  port === undefined ? { host } : { host, port: Number(port) }
