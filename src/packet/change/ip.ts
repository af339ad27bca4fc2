import type { Link, LinkAddress } from '../ip.ts'
import { contains, familyOf, parseAddress } from '../ipaddr.ts'
import { present } from '../parsed.ts'
import type { NamespaceState } from '../walk/types.ts'
import type { Changed } from './index.ts'
import { changeRoute } from './route.ts'
import { portsUp, withAddress, withoutDevice } from './connected.ts'

/** `ip link set`, `ip addr add`, `ip route add|replace|del` */
export function changeIp(state: NamespaceState, args: readonly string[]): Changed {
  const family = args.includes('-6') ? 6 : args.includes('-4') ? 4 : undefined
  const [object = '', verb = '', ...rest] = args.filter((arg) => arg !== '-4' && arg !== '-6')
  if (/^(l|link)$/.test(object) && verb === 'set') return changeLink(state, rest)
  if (/^(a|addr|address)$/.test(object) && verb === 'add') return addAddress(state, rest)
  if (/^(r|ro|route)$/.test(object)) return changeRoute(state, verb, rest, family)
  return { not: `ip ${args.join(' ')} is not modelled` }
}

function changeLink(state: NamespaceState, rest: readonly string[]): Changed {
  const [device = '', ...words] = rest[0] === 'dev' ? rest.slice(1) : rest
  let now: NamespaceState = state
  if (!now.links?.some(({ name }) => name === device)) return { not: `there is no device ${device}` }
  if (words.length === 0) return { not: 'nothing is set' }
  for (let i = 0; i < words.length; i += 1) {
    const word = words[i] ?? ''
    const value = /^(mtu|master)$/.test(word) ? (words[(i += 1)] ?? '') : ''
    const made = setOne(now, device, word, value)
    if ('not' in made) return made
    now = made.state
  }
  return { state: now }
}

const runs = (own: Link): Link => ({
  ...own,
  up: true,
  carrier: true,
  operstate: 'UP',
  flags: [...new Set([...own.flags, 'UP', 'LOWER_UP'])],
})

function setOne(state: NamespaceState, device: string, word: string, value: string): Changed {
  const links = state.links ?? []
  const write = (change: (link: Link) => Link, base = state): Changed => ({
    state: { ...base, links: (base.links ?? []).map((link) => (link.name === device ? change(link) : link)) },
  })
  const link = links.find(({ name }) => name === device)
  if (!link) return { not: `there is no device ${device}` }
  if (word === 'up') {
    const base = link.up ? state : link.addresses.reduce((now, one) => withAddress(now, link, one), state)
    return write(runs, portsUp(base, link))
  }
  if (word === 'down')
    return write(
      (own) => ({
        ...own,
        up: false,
        carrier: false,
        operstate: 'DOWN',
        flags: own.flags.filter((flag) => !flag.endsWith('UP')),
      }),
      withoutDevice(state, device),
    )
  if (word === 'mtu')
    return Number(value) > 0 ? write((own) => ({ ...own, mtu: Number(value) })) : { not: `${value} is no MTU` }
  if (word === 'nomaster') {
    const { bridgePorts } = state
    const base = bridgePorts ? { ...state, bridgePorts: bridgePorts.filter(({ name }) => name !== device) } : state
    return write((own) => present<Link>({ ...own, master: undefined, port: undefined }), base)
  }
  if (word !== 'master') return { not: `ip link set … ${word} is not modelled` }
  if (links.find(({ name }) => name === value)?.kind !== 'bridge') return { not: `there is no bridge ${value}` }
  const port = {
    index: link.index,
    name: device,
    master: value,
    state: 'forwarding',
    hairpin: false,
    isolated: false,
    flags: [],
  }
  const others = state.bridgePorts?.filter(({ name }) => name !== device)
  const base = others ? { ...state, bridgePorts: [...others, port] } : state
  return write(
    (own) => ({ ...own, master: value, port: { state: 'forwarding', hairpin: false, isolated: false } }),
    base,
  )
}

function addAddress(state: NamespaceState, words: readonly string[]): Changed {
  const [network = '', keyword, device = '', ...more] = words
  const [address = '', digits] = network.split('/')
  const family = familyOf(address)
  const link = state.links?.find(({ name }) => name === device)
  if (family === undefined || keyword !== 'dev' || more.length > 0 || !parseAddress(address))
    return { not: `ip addr add ${words.join(' ')} is not modelled` }
  if (!link) return { not: `there is no device ${device}` }
  const prefix = digits === undefined ? (family === 4 ? 32 : 128) : Number(digits)
  const held = link.addresses.some((one) => one.address === address)
  if (held) return { not: `${device} has ${address} already` }
  const second =
    family === 4 && link.addresses.some((one) => one.prefix === prefix && contains(`${one.address}/${prefix}`, address))
  const own: LinkAddress = { family, address, prefix, scope: 'global', flags: second ? ['secondary'] : [] }
  const base = link.up ? withAddress(state, link, own) : state
  const links = base.links?.map((one) => (one.name === device ? { ...one, addresses: [...one.addresses, own] } : one))
  return { state: links ? { ...base, links } : base }
}
