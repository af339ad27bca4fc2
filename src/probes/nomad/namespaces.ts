import { nomad } from '../../ask/nomad.ts'
import { array, object, text } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const namespaces = probe({
  id: 'namespaces',
  about: 'cluster',
  title: 'Listing the namespaces',
  provides: ['cluster.namespaces'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, nomad.namespaces()),
  parse: (answer) => ({
    'cluster.namespaces': fromJson('namespaces', answer, (json) => {
      const found = array(json).map((one) => text(object(one, 'namespace')['Name'], 'Name'))
      return [found, found.join(', ')]
    }),
  }),
})
