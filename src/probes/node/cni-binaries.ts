import type { Held } from '../../knowledge/fact.ts'
import { fromText, probe } from '../probe.ts'
import { folderOf, listing, readListing, type Listed } from './cni-folders.ts'

type Binaries = readonly { name: string; mode: string; size: number }[]

/** Files in the folders where this client looks for CNI plug-ins (`cni_path`); of two with one name, the one it runs. */
export const cniBinaries = probe({
  id: 'cni-binaries',
  about: 'node',
  title: 'CNI plug-ins on the client',
  provides: ['node.cni.binaries'],
  given: [],
  cost: 'free',
  read: async (ask, thing): Promise<readonly Listed[]> => {
    const path = await folderOf(ask, thing, 'CNIPath', '/opt/cni/bin')
    if (typeof path !== 'string') return [path]
    const folders = path.split(':').filter((folder) => folder !== '')
    return Promise.all([...new Set(folders)].map((folder) => listing(ask, thing, folder)))
  },
  parse: (found) => ({ 'node.cni.binaries': together(found.map(binaries)) }),
})

const binaries = (found: Listed): Held<Binaries> =>
  'none' in found
    ? found.none
    : fromText('cni-binaries', found.listing, (text) => [readListing(text), `${found.folder}:\n${text}`])

/** The client passes over a folder that is not there, as long as there is another one. Any other gap leaves all unknown. */
function together(all: readonly Held<Binaries>[]): Held<Binaries> {
  const read = all.filter((one) => one.known)
  const gap = all.find((one) => !one.known && (one.why !== 'not-found' || read.length === 0))
  const [first] = read
  if (gap || !first) return gap ?? { known: false, why: 'failed', detail: 'cni_path names no folder' }
  const byName = new Map(read.flatMap(({ value }) => value.map((file) => [file.name, file] as const)).toReversed())
  const excerpt = read.map(({ seen }) => seen.excerpt).join('\n')
  return {
    known: true,
    value: read.length === 1 ? first.value : [...byName.values()].toReversed(),
    seen: { ...first.seen, excerpt },
  }
}
