import type { Link } from '../ip.ts'
import { present } from '../parsed.ts'
import type { NamespaceState } from '../walk/types.ts'
import { born6, withAddress, withoutDevice } from './connected.ts'
import type { Changed } from './index.ts'
import { portsAnew } from './ports.ts'
import { strange } from './refused.ts'

/** `ip link set DEVICE up|down|mtu N|master BRIDGE|nomaster` */
export function changeLink(state: NamespaceState, rest: readonly string[]): Changed {
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
  return { state: portsAnew(now) }
}

const goes = (own: Link): Link => ({
  ...own,
  up: false,
  carrier: false,
  operstate: 'DOWN',
  flags: own.flags.filter((flag) => !flag.endsWith('UP')),
})

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
    if (link.up) return { state }
    const addresses = [...link.addresses, ...born6(state, link)]
    return write(
      (own) => runs({ ...own, addresses }),
      addresses.reduce((now, one) => withAddress(now, link, one), state),
    )
  }
  if (word === 'down') return link.up ? write(goes, withoutDevice(state, device)) : { state }
  if (word === 'mtu') return setMtu(state, link, Number(value), write)
  if (word === 'nomaster') {
    const { bridgePorts } = state
    const base = bridgePorts ? { ...state, bridgePorts: bridgePorts.filter(({ name }) => name !== device) } : state
    return write((own) => present<Link>({ ...own, master: undefined, port: undefined }), base)
  }
  if (word !== 'master') return strange(word, `ip link set … ${word} is not modelled`)
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

/** Below 1280 bytes IPv6 ends on a device; a bridge follows its ports unless somebody set its MTU, which no reply tells. */
function setMtu(
  state: NamespaceState,
  { master, kind }: Link,
  mtu: number,
  write: (change: (link: Link) => Link) => Changed,
): Changed {
  if (!Number.isInteger(mtu) || mtu < 68 || mtu > 65_535) return { not: `${mtu} is no MTU a device takes` }
  if (mtu < 1280) return { not: `an MTU of ${mtu}, below what IPv6 needs, is not modelled` }
  const links = state.links ?? []
  const bridge = links.find(({ name }) => name === master)
  const ports = links.filter((one) => one.master === master && master !== undefined)
  const least = Math.min(...ports.map((one) => one.mtu))
  if (kind !== 'bridge' && bridge?.kind === 'bridge' && bridge.mtu === least)
    return { not: `whether ${bridge.name} takes over the MTU of its port is not modelled` }
  return write((own) => ({ ...own, mtu }))
}
