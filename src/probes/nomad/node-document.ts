import { nomad } from '../../ask/nomad.ts'
import { fromJson, look, probe } from '../probe.ts'
import { nodeDocument as read } from './node-record.ts'

export const nodeDocument = probe({
  id: 'node-document',
  about: 'node',
  title: 'Reading what the client told the servers',
  provides: ['node.document'],
  given: [],
  cost: 'free',
  read: (ask, { names }) => look(ask, nomad.node(names.node ?? '')),
  parse: (answer) => ({
    'node.document': fromJson('node-document', answer, (json) => {
      const document = read(json)
      const { name, status, eligible, draining, version } = document
      const may = `${eligible ? 'eligible' : 'ineligible'}${draining ? ', draining' : ''}`
      return [document, `${name}: Status ${status}, ${may}, nomad ${version}`]
    }),
  }),
})
