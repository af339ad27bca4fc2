/** A short look at packets: one shape of tcpdump, bounded in packets and time, for one connection. */
import type { Request } from './request.ts'

/** What to look at: packets from any of the hosts to any of the doors, and their answers. */
export interface Watched {
  readonly proto: 'tcp' | 'udp'
  /** Addresses the caller may have on the way. */
  readonly hosts: readonly string[]
  /** Addresses and ports the target may have on the way. */
  readonly doors: readonly { readonly host: string; readonly port: number }[]
}

/** Seconds after which it ends by itself. */
const seconds = '6'
const most = '60'
/** Bytes of each packet: its headers, not what is said. */
const headers = '120'
const fixed = ['timeout', seconds, 'tcpdump', '-nn', '-l', '-s', headers, '-i', 'any', '-c', most] as const

const address = '[0-9a-fA-F:.]{2,45}'
const hostsShape = (way: string): string => `\\(${way} host ${address}( or ${way} host ${address}){0,5}\\)`
const doorShape = (way: string): string => `\\(${way} host ${address} and ${way} port \\d{1,5}\\)`
const doorsShape = (way: string): string => `\\(${doorShape(way)}( or ${doorShape(way)}){0,5}\\)`
const filterShape = new RegExp(
  `^(tcp|udp) and \\(\\(${hostsShape('src')} and ${doorsShape('dst')}\\) or \\(${hostsShape('dst')} and ${doorsShape('src')}\\)\\)$`,
)

/** The command that watches, or null for what is no address and port, or too much to look at. */
export function watchArgv({ proto, hosts, doors }: Watched): readonly string[] | null {
  const from = (way: string): string => hosts.map((one) => `${way} host ${one}`).join(' or ')
  const to = (way: string): string =>
    doors.map(({ host, port }) => `(${way} host ${host} and ${way} port ${port})`).join(' or ')
  const filter = `${proto} and (((${from('src')}) and (${to('dst')})) or ((${from('dst')}) and (${to('src')})))`
  const argv = [...fixed, filter]
  return isWatch(argv) ? argv : null
}

/** Whether a command is exactly such a look. */
export const isWatch = (argv: readonly string[]): boolean =>
  argv.length === fixed.length + 1 &&
  fixed.every((word, i) => argv[i] === word) &&
  filterShape.test(argv[fixed.length] ?? '')

/** Whether a request is part of one watching: a look at packets, or the attempt they are of. They begin together. */
export const isWatching = (request: Request): boolean =>
  'connect' in request ? request.connect.again === true : 'argv' in request && isWatch(request.argv)
