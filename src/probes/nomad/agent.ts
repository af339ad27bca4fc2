import { nomad } from '../../ask/nomad.ts'
import { map, object, text, textOr } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const agent = probe({
  id: 'agent',
  about: 'cluster',
  title: 'Asking the agent for its version and region',
  provides: ['cluster.version', 'cluster.region'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, nomad.agent()),
  parse: (answer) => ({
    'cluster.version': fromJson('agent', answer, (json) => {
      const tags = map(map(object(json)['member'], 'member')['Tags'], 'Tags')
      const version = text(
        map(map(object(json)['config'], 'config')['Version'], 'Version')['Version'] ?? tags['build'],
        'Version',
      )
      return [version, `Version ${version}`]
    }),
    'cluster.region': fromJson('agent', answer, (json) => {
      const region = text(map(object(json)['config'], 'config')['Region'], 'Region')
      return [textOr(region, ''), `Region ${region}`]
    }),
  }),
})
