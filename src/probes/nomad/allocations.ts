import { nomad } from '../../ask/nomad.ts'
import { array } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'
import { allocRecord } from './alloc-record.ts'

/** The list a prefix of an allocation id is looked up in; read only when a name may be one. */
export const allocations = probe({
  id: 'allocations',
  about: 'cluster',
  title: 'Listing the allocations',
  provides: ['cluster.allocations'],
  given: [],
  cost: 'slow',
  read: async (ask) => {
    const all = await look(ask, nomad.allAllocations())
    return all.refusal ? look(ask, nomad.allocations()) : all
  },
  parse: (answer) => ({
    'cluster.allocations': fromJson('allocations', answer, (json) => {
      const found = array(json).map((one) => {
        const { id, job, group, namespace, node } = allocRecord(one)
        return { id, job, group, namespace, node }
      })
      return [found, `${found.length} allocations`]
    }),
  }),
})
