import { nomad } from '../../ask/nomad.ts'
import { array, map, object, text } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const namespaces = probe({
  id: 'namespaces',
  about: 'cluster',
  title: 'Listing the namespaces',
  provides: ['cluster.namespaces', 'cluster.namespace-rules'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, nomad.namespaces()),
  parse: (answer) => ({
    'cluster.namespaces': fromJson('namespaces', answer, (json) => {
      const found = array(json).map((one) => text(object(one, 'namespace')['Name'], 'Name'))
      return [found, found.join(', ')]
    }),
    'cluster.namespace-rules': fromJson('namespaces', answer, (json) => {
      const found = array(json).map((one) => {
        const namespace = object(one, 'namespace')
        const may = map(namespace['Capabilities'], 'Capabilities')
        const modes = (key: string) => array(may[key], key).map((mode) => text(mode, key))
        return {
          name: text(namespace['Name'], 'Name'),
          enabled: modes('EnabledNetworkModes'),
          disabled: modes('DisabledNetworkModes'),
        }
      })
      const said = found.filter(({ enabled, disabled }) => enabled.length + disabled.length > 0)
      const lines = said.map(
        ({ name, enabled, disabled }) =>
          `${name}: enabled network modes ${enabled.join(', ') || 'all'}, disabled ${disabled.join(', ') || 'none'}`,
      )
      return [found, lines.join('\n') || 'no namespace says anything of network modes']
    }),
  }),
})
