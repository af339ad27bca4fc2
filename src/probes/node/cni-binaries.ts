import { fromText, probe } from '../probe.ts'
import { list, readListing } from './cni-folders.ts'

/** Files in the folder where this client looks for CNI plug-ins (`cni_path`). */
export const cniBinaries = probe({
  id: 'cni-binaries',
  about: 'node',
  title: 'CNI plug-ins on the client',
  provides: ['node.cni.binaries'],
  given: [],
  cost: 'free',
  read: (ask, thing) => list(ask, thing, 'CNIPath', '/opt/cni/bin'),
  parse: (found) => ({
    'node.cni.binaries':
      'none' in found
        ? found.none
        : fromText('cni-binaries', found.listing, (text) => [readListing(text), `${found.folder}:\n${text}`]),
  }),
})
