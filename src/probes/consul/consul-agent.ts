import { consul } from '../../ask/consul.ts'
import { object, text } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const consulAgent = probe({
  id: 'consul-agent',
  about: 'cluster',
  title: 'Asking the Consul agent for its version',
  provides: ['cluster.consul.version'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, consul.agent()),
  parse: (answer) => ({
    'cluster.consul.version': fromJson('consul-agent', answer, (json) => {
      const version = text(object(object(json)['Config'], 'Config')['Version'], 'Version')
      return [version, `Version ${version}`]
    }),
  }),
})
