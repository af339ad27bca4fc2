import { nomad } from '../../ask/nomad.ts'
import { array } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'
import { allocLine, allocRecord } from './alloc-record.ts'

export const nodeAllocations = probe({
  id: 'node-allocations',
  about: 'node',
  title: 'Listing the allocations of the client',
  provides: ['node.allocations'],
  given: [],
  cost: 'free',
  read: (ask, { names }) => look(ask, nomad.nodeAllocations(names.node ?? '')),
  parse: (answer) => ({
    'node.allocations': fromJson('node-allocations', answer, (json) => {
      const found = array(json).map(allocRecord)
      return [found, found.map(allocLine).join('\n') || 'no allocation']
    }),
  }),
})
