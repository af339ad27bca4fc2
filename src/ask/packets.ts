/** A short look at packets: one shape of tcpdump, bounded in packets and time, for one connection. */

/** What to look at: packets between any of the hosts and any of the doors. */
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
const host = `host ${address}`
const door = `\\(host ${address} and port \\d{1,5}\\)`
const filterShape = new RegExp(`^(tcp|udp) and \\(${host}( or ${host}){0,5}\\) and \\(${door}( or ${door}){0,5}\\)$`)

/** The command that watches, or null for what is no address and port, or too much to look at. */
export function watchArgv({ proto, hosts, doors }: Watched): readonly string[] | null {
  const own = [...new Set(hosts)].map((one) => `host ${one}`).join(' or ')
  const theirs = [...new Set(doors.map((one) => `(host ${one.host} and port ${one.port})`))].join(' or ')
  const argv = [...fixed, `${proto} and (${own}) and (${theirs})`]
  return isWatch(argv) ? argv : null
}

/** Whether a command is exactly such a look. */
export const isWatch = (argv: readonly string[]): boolean =>
  argv.length === fixed.length + 1 &&
  fixed.every((word, i) => argv[i] === word) &&
  filterShape.test(argv[fixed.length] ?? '')
