import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { overlap } from '../../packet/ipaddr.ts'
import { placeOf, setPlace } from '../../knowledge/place.ts'
import type { CniFile, CniNetwork } from '../../knowledge/shapes/crossing.ts'
import { isCniFile, readCniFile } from './cni-file.ts'

export const cniNetworks: AnyDerivation = derivation({
  provides: 'node.cni.networks',
  about: 'node',
  from: ['node.cni.configs'],
  make: ({ 'node.cni.configs': files }) => {
    const read = files.filter(({ name }) => isCniFile(name)).toSorted((a, b) => (a.name < b.name ? -1 : 1))
    const dark = read.find(({ text }) => text === undefined)
    if (dark) return notKnown(`${dark.name} could not be read`)
    return made(
      read.map(inPlace),
      read.map(({ name, text = '' }) => `${name}:\n${text}`).join('\n') || 'no CNI network of the operator',
    )
  },
})

/** Of a file that lint was given, what is read points to the file. */
function inPlace(config: { readonly name: string; readonly text?: string }): CniFile {
  const found = readCniFile(config.name, config.text ?? '')
  const place = placeOf(config)
  if (place) for (const one of [found, found.network]) if (one) setPlace(one, place)
  return found
}

/** Two networks that give out the same addresses, each from a book of its own. */
export const cniOverlap: AnyDerivation = derivation({
  provides: 'node.cni.overlap',
  about: 'node',
  from: ['node.cni.networks'],
  make: ({ 'node.cni.networks': files }) => {
    const networks = files.flatMap(({ network }) => network ?? [])
    for (const [at, first] of networks.entries())
      for (const second of networks.slice(at + 1)) {
        const both = first.name === second.name ? undefined : shared(first, second)
        if (both) return { first, second, subnet: both[0], other: both[1] }
      }
    return null
  },
})

const shared = (first: CniNetwork, second: CniNetwork) =>
  first.subnets
    .flatMap((one) => second.subnets.map((other) => [one, other] as const))
    .find(([one, other]) => overlap(one, other))

export const cniNetwork: AnyDerivation = derivation({
  provides: 'alloc.cni.network',
  about: 'alloc',
  from: ['group.network.mode', 'group.network.mode-text'],
  maybe: ['node.cni.configs'],
  shows: 'node.cni.configs',
  make: ({ 'group.network.mode': mode, 'group.network.mode-text': text }, { 'node.cni.configs': files }) => {
    if (mode !== 'cni') return made(null, `network mode ${text}`)
    if (!files) return notKnown("the client's CNI networks are not known")
    // The client looks the name up in lower case; the first file in the order of names wins.
    const wanted = text.slice('cni/'.length).toLowerCase()
    for (const { name: file, text: body } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!isCniFile(file)) continue
      const { network = null } = body === undefined ? {} : readCniFile(file, body)
      if (!network) return notKnown(`${file} cannot be read`)
      if (network.name === wanted) return made(network, `${file}:\n${body}`)
    }
    return notKnown(`no file of the client defines the network ${wanted}`, 'not-found')
  },
})
