import { parseAddress, parseNetwork } from '../ipaddr.ts'

/** Addresses and networks made ready for many comparisons: IPv4 as numbers, IPv6 as bigints. */
export type Ready = { readonly family: 4; readonly value: number } | { readonly family: 6; readonly value: bigint }

export type Net =
  | { readonly family: 4; readonly base: number; readonly mask: number; readonly prefix: number }
  | { readonly family: 6; readonly base: bigint; readonly shift: bigint; readonly prefix: number }

const cache = new Map<string, Ready | undefined>()

export function ready(text: string): Ready | undefined {
  const known = cache.get(text)
  if (known !== undefined || cache.has(text)) return known
  if (cache.size > 5000) cache.clear()
  const address = parseAddress(text)
  const made: Ready | undefined =
    address &&
    (address.family === 4 ? { family: 4, value: Number(address.value) } : { family: 6, value: address.value })
  cache.set(text, made)
  return made
}

const plain4 = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})\.(\d{1,3})(?:\/(\d{1,2}))?$/

export function net(text: string): Net | undefined {
  const match = plain4.exec(text)
  if (match) {
    const parts = [Number(match[1]), Number(match[2]), Number(match[3]), Number(match[4])]
    const prefix = match[5] === undefined ? 32 : Number(match[5])
    if (prefix > 32 || parts.some((part) => part > 255)) return undefined
    const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
    const value = parts.reduce((sum, part) => sum * 256 + part, 0)
    return { family: 4, base: (value & mask) >>> 0, mask, prefix }
  }
  const network = parseNetwork(text)
  if (!network) return undefined
  const { prefix } = network
  if (network.family === 6) {
    const shift = BigInt(128 - prefix)
    return { family: 6, base: network.base >> shift, shift, prefix }
  }
  const mask = prefix === 0 ? 0 : (0xffffffff << (32 - prefix)) >>> 0
  return { family: 4, base: (Number(network.base) & mask) >>> 0, mask, prefix }
}

/** The host part of the address in another network, as NETMAP writes it; undefined: not IPv4. */
export function moved(address: string, network: string): string | undefined {
  const [one, wide] = [ready(address), net(network)]
  if (one?.family !== 4 || wide?.family !== 4) return undefined
  return dotted(((one.value & ~wide.mask) | wide.base) >>> 0)
}

export const dotted = (value: number): string => [24, 16, 8, 0].map((shift) => (value >>> shift) & 255).join('.')

export function within(network: Net, address: Ready): boolean {
  if (network.family === 4) return address.family === 4 && (address.value & network.mask) >>> 0 === network.base
  return address.family === 6 && address.value >> network.shift === network.base
}

export const inside = (network: string, address: string): boolean => {
  const [wide, one] = [net(network), ready(address)]
  return wide !== undefined && one !== undefined && within(wide, one)
}

/** -1, 0, 1; undefined for addresses of different families. */
export function compare(a: Ready, b: Ready): -1 | 0 | 1 | undefined {
  if (a.family !== b.family) return undefined
  return a.value < b.value ? -1 : a.value > b.value ? 1 : 0
}
