import type { Family } from '../ipaddr.ts'
import { isMulticast } from '../ipaddr.ts'
import type { Link, LinkAddress } from '../ip.ts'
import type { Route } from '../ip-route.ts'
import { compare, inside, ready, within } from './address.ts'
import { memo } from './indexed.ts'
import type { Space } from './world.ts'

/** What the table `local` says of an address: local, broadcast, anycast, multicast; unicast when it says nothing. */
export function addressType({ index }: Space, family: Family, address: string, device?: string): string | undefined {
  return memo(index, `type ${family} ${address} ${device ?? ''}`, () => {
    if (isMulticast(address)) return 'multicast'
    if (family === 4 && (inside('0.0.0.0/8', address) || address === '255.255.255.255')) return 'broadcast'
    const tables = index.tables[family]
    const one = ready(address)
    if (!tables || !one) return undefined
    const found = tables.get('local')?.find((ranked) => within(ranked.net, one))?.route
    if (!found || (device !== undefined && found.dev !== device)) return 'unicast'
    return found.type
  })
}

export const isLocal = (space: Space, family: Family, address: string): boolean | undefined => {
  const type = addressType(space, family, address)
  return type === undefined ? undefined : type === 'local'
}

const addressesOf = (link: Link | undefined, family: Family): readonly LinkAddress[] =>
  link?.addresses.filter((one) => one.family === family) ?? []

/** The address a device is known by towards `dst` (net/ipv4/devinet.c, inet_select_addr); undefined: it has none. */
export function addressOf(space: Space, family: Family, device: string, dst: string, link = false): string | undefined {
  return family === 4 ? address4(space, device, dst, link) : address6(space, device, dst)
}

function address4({ index }: Space, device: string, dst: string, link: boolean): string | undefined {
  const usable = (one: LinkAddress): boolean =>
    !one.flags.includes('secondary') &&
    (one.scope === 'global' || one.scope === 'site' || (link && one.scope === 'link'))
  const own = addressesOf(index.links.get(device), 4).filter(usable)
  const near = own.find((one) => inside(`${one.peer ?? one.address}/${one.prefix}`, dst))
  if (near ?? own[0]) return (near ?? own[0])?.address
  for (const other of index.links.values()) {
    const found = addressesOf(other, 4).find((one) => usable(one) && one.scope !== 'link')
    if (found) return found.address
  }
  return undefined
}

/** The order of `ip addr` is the kernel's: the first of equals wins. RFC 6724 as far as it decides here: scope, not deprecated, the device it leaves by, the longest common prefix. */
function address6({ index }: Space, device: string, dst: string): string | undefined {
  const near = inside('fe80::/10', dst)
  const candidates = [...index.links.values()].flatMap((link) =>
    addressesOf(link, 6)
      .filter((one) => !['tentative', 'dadfailed'].some((flag) => one.flags.includes(flag)))
      .filter((one) => one.scope !== 'host' || one.address === dst)
      .map((one) => ({ ...one, device: link.name })),
  )
  const rank = (one: (typeof candidates)[number]): readonly number[] => [
    one.address === dst ? 0 : 1,
    (one.scope === 'link') === near ? 0 : near ? 1 : 2,
    one.flags.includes('deprecated') ? 1 : 0,
    one.device === device ? 0 : 1,
    -Math.min(common(one.address, dst), one.prefix),
  ]
  const [best] = candidates
    .filter((one) => one.scope !== 'link' || one.device === device)
    .toSorted((a, b) => {
      const [left, right] = [rank(a), rank(b)]
      const at = left.findIndex((value, i) => value !== right[i])
      return at === -1 ? 0 : (left[at] ?? 0) - (right[at] ?? 0)
    })
  return best?.address
}

function common(a: string, b: string): number {
  const [left, right] = [ready(a), ready(b)]
  if (left?.family !== 6 || right?.family !== 6) return 0
  const differing = (left.value ^ right.value).toString(2)
  return left.value === right.value ? 128 : 128 - differing.length
}

/** The source of a packet that has none yet: the route's, or the one of the device it leaves by. */
export function sourceFor(
  space: Space,
  family: Family,
  route: Route,
  hop: { readonly dev: string | undefined; readonly gateway: string | undefined },
  dst: string,
): string | undefined {
  if (route.prefsrc !== undefined) return route.prefsrc
  if (route.type === 'local') return dst
  if (hop.dev === undefined) return undefined
  return addressOf(space, family, hop.dev, family === 4 ? (hop.gateway ?? dst) : dst, route.scope === 'link')
}

/** The first address of a device, of the scope of `dst`: where REDIRECT sends packets that came in by it. */
export function firstAddress({ index }: Space, device: string, dst: string): string | undefined {
  const six = dst.includes(':')
  const near = six && inside('fe80::/10', dst)
  return addressesOf(index.links.get(device), six ? 6 : 4).find((one) => !six || (one.scope === 'link') === near)
    ?.address
}

export const hasAddress = ({ index }: Space, family: Family, device: string, address: string): boolean =>
  addressesOf(index.links.get(device), family).some((one) => {
    const [left, right] = [ready(one.address), ready(address)]
    return left !== undefined && right !== undefined && compare(left, right) === 0
  })

/** Any device's own address (not merely a local route). */
export const isOwn = (space: Space, family: Family, address: string): boolean =>
  [...space.index.links.keys()].some((device) => hasAddress(space, family, device, address))

export const anyAddress = ({ index }: Space, family: Family, device: string): boolean =>
  addressesOf(index.links.get(device), family).length > 0
