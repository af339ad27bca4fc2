/** Addresses and networks as text. A text that is no address is never equal to, inside or one of anything. */

export type Family = 4 | 6

export interface Address {
  readonly family: Family
  /** Network byte order: 32 or 128 bits. */
  readonly value: bigint
}

export interface Network {
  readonly family: Family
  /** First address: host bits are cleared. */
  readonly base: bigint
  readonly prefix: number
}

const bits = (family: Family): number => (family === 4 ? 32 : 128)

/** Four numbers without leading zeros; written out because rule sets hold tens of thousands. */
function parse4(text: string): bigint | undefined {
  if (text.length < 7 || text.length > 15) return undefined
  let [value, part, digits, dots] = [0, 0, 0, 0]
  for (let i = 0; i <= text.length; i += 1) {
    const code = i === text.length ? 46 : text.charCodeAt(i)
    if (code === 46) {
      if (digits === 0 || part > 255) return undefined
      value = value * 256 + part
      dots += 1
      part = 0
      digits = 0
    } else {
      // A zero at the front, or anything but a digit.
      if (code < 48 || code > 57 || (digits > 0 && part === 0) || digits === 3) return undefined
      part = part * 10 + code - 48
      digits += 1
    }
  }
  return dots === 4 ? BigInt(value) : undefined
}

function parse6(text: string): bigint | undefined {
  if (text.length > 45) return undefined
  const dotted = /^(.*:)(\d+\.\d+\.\d+\.\d+)$/.exec(text)
  const tail = dotted ? parse4(dotted[2] ?? '') : undefined
  if (dotted && tail === undefined) return undefined
  const plain =
    dotted && tail !== undefined ? `${dotted[1]}${(tail >> 16n).toString(16)}:${(tail & 0xffffn).toString(16)}` : text
  const halves = plain.split('::')
  if (halves.length > 2) return undefined
  const [left = [], right = []] = halves.map((half) => (half === '' ? [] : half.split(':')))
  const gap = 8 - left.length - right.length
  if (halves.length === 2 ? gap < 1 : gap !== 0) return undefined
  const words = [...left, ...Array<string>(gap).fill('0'), ...right]
  if (!words.every((word) => /^[0-9a-f]{1,4}$/i.test(word))) return undefined
  return words.reduce((sum, word) => (sum << 16n) | BigInt(`0x${word}`), 0n)
}

/** The same few texts are read with every rule and every hop; what was read of them is kept, up to a number. */
function remembering<T>(read: (text: string) => T): (text: string) => T {
  const known = new Map<string, { readonly read: T }>()
  return (text) => {
    const before = known.get(text)
    if (before) return before.read
    const found = read(text)
    if (known.size >= 1000) known.clear()
    known.set(text, { read: found })
    return found
  }
}

/** Reads `10.0.0.1`, `fd00::1`, `fe80::1%eth0` (the zone is dropped); no brackets, no port. */
export const parseAddress = remembering((text): Address | undefined => {
  const value4 = parse4(text)
  if (value4 !== undefined) return { family: 4, value: value4 }
  const value6 = text.includes(':') ? parse6(text.replace(/%[^%:]*$/, '')) : undefined
  return value6 === undefined ? undefined : { family: 6, value: value6 }
})

/** Reads an address as the kernel treats it: `::ffff:10.0.0.1` is 10.0.0.1. */
function parseUnmapped(text: string): Address | undefined {
  const address = parseAddress(text)
  return address?.family === 6 && address.value >> 32n === 0xffffn
    ? { family: 4, value: address.value & 0xffffffffn }
    : address
}

/** Number of leading ones of a contiguous IPv4 mask, else undefined. */
function maskLength(text: string): number | undefined {
  const ones = parse4(text)?.toString(2).padStart(32, '0')
  return ones !== undefined && /^1*0*$/.test(ones) ? ones.replaceAll('0', '').length : undefined
}

/** Reads `10.0.0.0/8`, `fd00::/64`, `10.0.0.0/255.0.0.0` and a bare address (prefix 32 or 128). */
export const parseNetwork = remembering((text): Network | undefined => {
  const [host = '', length, ...rest] = text.split('/')
  const address = parseAddress(host)
  if (!address || rest.length > 0) return undefined
  const all = bits(address.family)
  const prefix =
    length === undefined
      ? all
      : /^\d{1,3}$/.test(length)
        ? Number(length)
        : address.family === 4
          ? maskLength(length)
          : undefined
  if (prefix === undefined || prefix > all) return undefined
  const shift = BigInt(all - prefix)
  return { family: address.family, base: (address.value >> shift) << shift, prefix }
})

const holds = (network: Network, { family, value }: Address): boolean =>
  family === network.family &&
  value >> BigInt(bits(family) - network.prefix) === network.base >> BigInt(bits(family) - network.prefix)

/** The network of an address that is written with its prefix: `172.26.64.0/20` of `172.26.64.2/20`; IPv4 only. */
export function networkOf(text: string): string | undefined {
  const network = parseNetwork(text)
  return network?.family === 4 ? `${dotted(network.base)}/${network.prefix}` : undefined
}

const dotted = (base: bigint): string => [24n, 16n, 8n, 0n].map((shift) => (base >> shift) & 255n).join('.')

export function contains(network: string | Network, address: string): boolean {
  const net = typeof network === 'string' ? parseNetwork(network) : network
  const one = net?.family === 4 ? parseUnmapped(address) : parseAddress(address)
  return net !== undefined && one !== undefined && holds(net, one)
}

export function overlap(a: string, b: string): boolean {
  const [left, right] = [parseNetwork(a), parseNetwork(b)]
  if (!left || !right) return false
  const [wide, narrow] = left.prefix <= right.prefix ? [left, right] : [right, left]
  return holds(wide, { family: narrow.family, value: narrow.base })
}

export function equal(a: string, b: string): boolean {
  const [left, right] = [parseUnmapped(a), parseUnmapped(b)]
  return left !== undefined && right !== undefined && left.family === right.family && left.value === right.value
}

const inAny = (address: string, ...networks: readonly string[]): boolean =>
  networks.some((network) => contains(network, address))

/** As the kernel treats it: 4 for `::ffff:10.0.0.1`. */
export const familyOf = (address: string): Family | undefined => parseUnmapped(address)?.family
export const isUnspecified = (address: string): boolean => inAny(address, '0.0.0.0/32', '::/128')
export const isLoopback = (address: string): boolean => inAny(address, '127.0.0.0/8', '::1/128')
export const isLinkLocal = (address: string): boolean => inAny(address, '169.254.0.0/16', 'fe80::/10')
export const isMulticast = (address: string): boolean => inAny(address, '224.0.0.0/4', 'ff00::/8')
/** RFC 1918 and unique local addresses (RFC 4193). */
export const isPrivate = (address: string): boolean =>
  inAny(address, '10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16', 'fc00::/7')
