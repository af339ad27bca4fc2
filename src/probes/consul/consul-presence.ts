import { consul } from '../../ask/consul.ts'
import { held, look, probe, unknown, type Answer } from '../probe.ts'

/** Nobody there, or nobody asked because nobody is there: that is how a cluster without Consul looks. */
const away = ['offline', 'not-recorded', 'not-asked']

/**
 * Consul counts as present when its API answers (a refused token is an answer too) or when a client has fingerprinted
 * it. Two requests, because one that is lost must not make it look absent.
 */
export const consulPresence = probe({
  id: 'consul-presence',
  about: 'cluster',
  title: 'Looking whether the cluster has Consul',
  provides: ['cluster.consul.present'],
  given: ['every.node.consul.fingerprinted'],
  cost: 'free',
  read: async (ask): Promise<readonly [Answer, Answer]> =>
    Promise.all([look(ask, consul.agent()), look(ask, consul.catalogServices())]),
  parse: (answers, _, { 'every.node.consul.fingerprinted': nodes }) => {
    const found = nodes.filter(({ value }) => value).map(({ about }) => about)
    const answer = answers.find(({ reply }) => reply.status > 0) ?? answers[0]
    const answered = answer.reply.status > 0
    const unclear = answers.find(({ refusal }) => refusal !== null && !away.includes(refusal.why))
    if (!answered && found.length === 0 && unclear) return { 'cluster.consul.present': unknown(unclear) }
    const said = answered ? `HTTP ${answer.reply.status}` : (answer.refusal?.detail ?? '')
    return {
      'cluster.consul.present': held(
        'consul-presence',
        answer,
        answered || found.length > 0,
        `Consul API: ${said}\nclients with consul.* attributes: ${found.join(', ') || 'none'}`,
      ),
    }
  },
})
