import { familyOf } from './ipaddr.ts'
import { decimal, parsed, unreadable } from './parsed.ts'
import type { Parsed } from './parsed.ts'

/** A packet that was seen. */
export interface Captured {
  /** Time of day as printed. */
  readonly time: string
  /** null where tcpdump does not say: before 4.99, and when it watches one device. */
  readonly device: string | null
  readonly direction: 'in' | 'out' | null
  readonly proto: 'tcp' | 'udp'
  readonly src: string
  readonly sport: number
  readonly dst: string
  readonly dport: number
  /** TCP flags as letters: `S`, `S.`, `R.`, `P.`; empty for UDP. */
  readonly flags: string
}

const line =
  /^(?<time>\d\d:\d\d:\d\d\.\d+) (?:(?<device>\S+) +(?<way>In|Out|P|M|B) +)?IP6? (?<src>\S+)\.(?<sport>\d+) > (?<dst>\S+)\.(?<dport>\d+): (?<rest>.*)$/

/** Reads what `tcpdump -nn` prints of TCP and UDP packets; of other protocols it says so. A last line without end is cut. */
export function parseTcpdump(text: string): Parsed<readonly Captured[]> {
  const packets: Captured[] = []
  const lines = text.split(/\r?\n/)
  for (const [index, one] of lines.entries()) {
    if (one.trim() === '') continue
    if (index === lines.length - 1) return unreadable('the last line is cut short', index + 1)
    const packet = readPacket(one)
    if (!packet) return unreadable('not a line of tcpdump about TCP or UDP', index + 1)
    packets.push(packet)
  }
  return parsed(packets)
}

function readPacket(text: string): Captured | undefined {
  const { time = '', device, way, src = '', sport, dst = '', dport, rest = '' } = line.exec(text)?.groups ?? {}
  const [from, to] = [decimal(sport), decimal(dport)]
  if (from === undefined || to === undefined || from > 65_535 || to > 65_535) return undefined
  if (familyOf(src) === undefined || familyOf(dst) === undefined) return undefined
  const flags = /^Flags \[([^\]]*)\]/.exec(rest)?.[1]
  return {
    time,
    device: device ?? null,
    direction: way === 'Out' ? 'out' : way === undefined ? null : 'in',
    proto: flags === undefined ? 'udp' : 'tcp',
    src,
    sport: from,
    dst,
    dport: to,
    flags: flags ?? '',
  }
}
