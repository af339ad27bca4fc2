import { consul } from '../../ask/consul.ts'
import { object } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const consulCatalogue = probe({
  id: 'consul-catalogue',
  about: 'cluster',
  title: 'Listing the services in the Consul catalogue',
  provides: ['cluster.consul.services'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, consul.catalogServices()),
  parse: (answer) => ({
    'cluster.consul.services': fromJson('consul-catalogue', answer, (json) => {
      const names = Object.keys(object(json))
      return [names, names.join('\n') || 'no service']
    }),
  }),
})
