import { onNode } from '../command.ts'
import { map, object, text } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const dockerVersion = probe({
  id: 'docker-version',
  about: 'node',
  title: 'Docker engine of the client',
  provides: ['node.docker.version'],
  given: [],
  cost: 'free',
  read: (ask, thing) => look(ask, onNode(thing, 'docker', 'version', '--format', '{{json .}}')),
  parse: (answer) => ({
    'node.docker.version': fromJson('docker-version', answer, (json) => {
      const version = text(map(object(json)['Server'])['Version'], 'Server.Version')
      return [version, `Server.Version ${version}`]
    }),
  }),
})
