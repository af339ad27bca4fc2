import { consul } from '../../ask/consul.ts'
import { held, look, probe } from '../probe.ts'

/** Consul counts as present when its API answers (a refused token is an answer too) or when a client has fingerprinted it. */
export const consulPresence = probe({
  id: 'consul-presence',
  about: 'cluster',
  title: 'Looking whether the cluster has Consul',
  provides: ['cluster.consul.present'],
  given: ['every.node.consul.fingerprinted'],
  cost: 'free',
  read: (ask) => look(ask, consul.agent()),
  parse: (answer, _, { 'every.node.consul.fingerprinted': nodes }) => {
    const { refusal, reply } = answer
    const found = nodes.filter(({ value }) => value).map(({ about }) => about)
    const answers = refusal === null || refusal.why === 'denied'
    const said = answers ? `HTTP ${reply.status}` : (refusal?.detail ?? '')
    return {
      'cluster.consul.present': held(
        'consul-presence',
        answer,
        answers || found.length > 0,
        `Consul API: ${said}\nclients with consul.* attributes: ${found.join(', ') || 'none'}`,
      ),
    }
  },
})
