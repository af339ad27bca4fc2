import type { LinkAddress } from '../ip.ts'
import { contains, familyOf, parseAddress } from '../ipaddr.ts'
import type { NamespaceState } from '../walk/types.ts'
import { withAddress, withoutAddress } from './connected.ts'
import type { Changed } from './index.ts'

/** `ip addr add|del ADDRESS/PREFIX dev DEVICE [nodad] [brd +]` */
export function changeAddress(state: NamespaceState, verb: string, words: readonly string[]): Changed {
  const plain = words.filter(
    (word, i) => word !== 'nodad' && word !== 'brd' && !(word === '+' && words[i - 1] === 'brd'),
  )
  const [network = '', keyword, device = '', ...more] = plain
  const [address = '', digits] = network.split('/')
  const family = familyOf(address)
  const link = state.links?.find(({ name }) => name === device)
  if (family === undefined || keyword !== 'dev' || more.length > 0 || !parseAddress(address))
    return { not: `ip addr ${verb} ${words.join(' ')} is not modelled` }
  if (!link) return { not: `there is no device ${device}` }
  const whole = family === 4 ? 32 : 128
  const prefix = digits === undefined ? whole : Number(digits)
  if (!Number.isInteger(prefix) || prefix < 0 || prefix > whole)
    return { not: `${network} is no address with a prefix` }
  const within = (one: LinkAddress): boolean =>
    one.family === 4 && one.prefix === prefix && contains(`${one.address}/${prefix}`, address)
  const held = link.addresses.find((one) => one.address === address)
  if (verb === 'del' || verb === 'delete') {
    if (!held || (digits !== undefined && held.prefix !== prefix)) return { not: `${device} has no ${network}` }
    const own = link.addresses.filter((one) => one !== held)
    if (family === 4 && !held.flags.includes('secondary') && own.some(within))
      return { not: `what becomes of the other addresses of ${device} in that network is not modelled` }
    return write(withoutAddress(state, link, held), device, own)
  }
  if (held) return { not: `${device} has ${address} already` }
  const second = family === 4 && link.addresses.some(within)
  const scope = family === 6 && contains('fe80::/10', address) ? 'link' : 'global'
  const own: LinkAddress = { family, address, prefix, scope, flags: second ? ['secondary'] : [] }
  return write(link.up ? withAddress(state, link, own) : state, device, [...link.addresses, own])
}

function write(state: NamespaceState, device: string, addresses: readonly LinkAddress[]): Changed {
  const links = state.links?.map((one) => (one.name === device ? { ...one, addresses } : one))
  return { state: links ? { ...state, links } : state }
}
