import { cniFile } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { CniFile } from '../../shapes/crossing.ts'

/** The first file with a name, and the first later one that has it too. */
function twice(files: readonly CniFile[]) {
  const seen = new Map<string, string>()
  for (const { file, network } of files) {
    if (!network) continue
    const first = seen.get(network.name)
    if (first !== undefined) return { name: network.name, first, ignored: file, network }
    seen.set(network.name, file)
  }
  return undefined
}

export const cniDuplicateName = fault({
  id: 'cni-duplicate-name',
  about: 'node',
  title: 'Two CNI files of the client define the same network, and only the first one counts',
  layer: 'node',
  severity: 'risks',
  heard: ['duplicate CNI config names found, ignoring file'],
  needs: ['node.cni.networks'],
  holds: ({ 'node.cni.networks': files }) => {
    const found = twice(files)
    return found
      ? {
          says: `Network "${found.name}" is defined by ${found.first} and by ${found.ignored}: the second is ignored, whatever is changed in it`,
          at: [found.network, 'name'],
        }
      : false
  },
  intended: 'while the first one is the one that is meant',
  byHand: 'On the client: grep -H \'"name"\' in all files of cni_config_dir (default /opt/cni/config).',
  explains: [],
  because:
    'The agent reads the files of cni_config_dir in the order of their names and keeps the first network of each name; for the others it writes a warning. Somebody who edits the second file, or adds a corrected one with a later name, sees no effect at all.',
  fix: ({ 'node.cni.networks': files }) => [
    {
      do: `Remove one of ${twice(files)?.first ?? ''} and ${twice(files)?.ignored ?? ''}, or give its network another name`,
      on: 'CNI configuration of the client',
      risk: 'Removing the first makes the second take effect for new allocations',
    },
  ],
  references: ['client/fingerprint/cni.go', 'client/allocrunner/networking_cni.go'],
  since: '0.1.0',
  examples: [
    {
      name: 'two files, one name',
      given: {
        'node.cni.networks': [cniFile('10-lan.conflist', { name: 'lan' }), cniFile('20-lan.conflist', { name: 'lan' })],
      },
      then: 'present',
    },
    {
      name: 'two names',
      given: { 'node.cni.networks': [cniFile('lan.conflist'), cniFile('storage.conflist')] },
      then: 'absent',
    },
  ],
})
