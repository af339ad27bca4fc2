import { nomad } from '../../ask/nomad.ts'
import { text } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const leader = probe({
  id: 'leader',
  about: 'cluster',
  title: 'Asking who leads the cluster',
  provides: ['cluster.leader'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, nomad.leader()),
  parse: (answer) => ({
    'cluster.leader': fromJson('leader', answer, (json) => [text(json, 'leader'), answer.reply.body.trim()]),
  }),
})
