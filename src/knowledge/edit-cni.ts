/** Edits of a CNI file: its plug-ins by their types. */
import { networksOf } from './clients.ts'
import { inner } from './edit.ts'
import type { Member } from './facts.ts'
import { placeOf } from './place.ts'
import type { CniFile, CniNetwork } from './shapes/crossing.ts'

/** The first plug-in of a type; a file that is no list is its only one. */
export function pluginIn(network: CniNetwork, type: string): object | undefined {
  const at = network.plugins.indexOf(type)
  if (at < 0) return undefined
  return isList(network) ? inner(network, 'plugins', at) : network
}
export const isList = ({ file }: CniNetwork): boolean => file.endsWith('.conflist')

/** The network of a mode where all clients have it from one file: what is edited there counts on all of them. */
export function inOneFile(mode: string, files: readonly Member<readonly CniFile[]>[]): CniNetwork | undefined {
  const found = networksOf(mode, files)
  return new Set(found.map((one) => placeOf(one)?.block.file)).size === 1 ? found[0] : undefined
}

export const severalFiles = 'the clients have the network from different files'
