import type { Network } from '../ipaddr.ts'

/** A network as programs print it: host bits cleared, the longest row of zeros of IPv6 left out (RFC 5952). */
export const textOfNetwork = ({ family, base, prefix }: Network): string =>
  `${family === 4 ? text4(base) : text6(base)}/${prefix}`

const text4 = (value: bigint): string => [24n, 16n, 8n, 0n].map((shift) => String((value >> shift) & 0xffn)).join('.')

function text6(value: bigint): string {
  const parts = Array.from({ length: 8 }, (_, i) => ((value >> BigInt(112 - 16 * i)) & 0xffffn).toString(16))
  const rows = [...parts.join(':').matchAll(/(?<![\da-f])0(?::0)+(?![\da-f])/g)].toSorted(
    (a, b) => b[0].length - a[0].length,
  )
  const [longest] = rows
  if (!longest) return parts.join(':')
  const text = parts.join(':')
  const [before, after] = [text.slice(0, longest.index), text.slice(longest.index + longest[0].length)]
  return `${before.replace(/:$/, '')}::${after.replace(/^:/, '')}`
}
