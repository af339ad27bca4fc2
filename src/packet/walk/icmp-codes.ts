import type { Unreachable } from './types.ts'

/** ICMP and ICMPv6 types and codes. */
export const codes: Readonly<Record<Unreachable, readonly [four: readonly number[], six: readonly number[]]>> = {
  'no-route': [
    [3, 0],
    [1, 0],
  ],
  unreachable: [
    [3, 1],
    [1, 0],
  ],
  prohibit: [
    [3, 13],
    [1, 1],
  ],
  blackhole: [
    [3, 1],
    [1, 0],
  ],
  neighbour: [
    [3, 1],
    [1, 3],
  ],
  'too-big': [
    [3, 4],
    [2, 0],
  ],
  ttl: [
    [11, 0],
    [3, 0],
  ],
}
