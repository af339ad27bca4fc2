import { contains, familyOf, overlap, parseNetwork } from '../ipaddr.ts'
import { unsure } from './answer.ts'
import type { Unsure } from './answer.ts'
import type { Sight, Space } from './world.ts'

/** An address that stands for whoever calls from beyond. */
export interface Anyone {
  readonly address: string
  /** Networks nobody comes from by that device: those of bridges of the namespace, and its own addresses. */
  readonly never: readonly string[]
}

/** `device`: the one callers come in by. */
export function anyoneFrom({ index }: Space, device: string, address: string): Anyone {
  const links = [...index.links.values()]
  const networks = (name: string): readonly string[] =>
    index.links.get(name)?.addresses.map((one) => `${one.address}/${one.prefix}`) ?? []
  const bridged = links
    .filter(({ kind, name }) => kind === 'bridge' && name !== device)
    .flatMap(({ name }) => networks(name))
    .filter((one) => !networks(device).some((near) => overlap(one, near)))
  const own = links.flatMap(({ addresses }) =>
    addresses.map((one) => `${one.address}/${familyOf(one.address) === 6 ? 128 : 32}`),
  )
  return { address, never: ['127.0.0.0/8', '::1/128', ...bridged, ...own] }
}

/** Where an address of the packet stands for anybody, and only some are in `text`: a network, or `FROM-TO`. */
export function dependsOnCaller({ world: { anyone } }: Sight, address: string, text: string): Unsure | undefined {
  if (anyone?.address !== address) return undefined
  const [from = '', to = from] = text.split('-')
  const [first, last] = [parseNetwork(from), parseNetwork(to)]
  if (!first || !last || first.family !== familyOf(address) || first.prefix === 0) return undefined
  const nobody = anyone.never.some((one) => {
    const prefix = parseNetwork(one)?.prefix ?? 0
    return [from, to].every((end) => contains(one, end.split('/')[0] ?? '')) && prefix <= first.prefix
  })
  return nobody ? undefined : unsure(`it depends on who calls: outside:ADDRESS says whether ${text} is meant`)
}
