import { nomad } from '../../ask/nomad.ts'
import { array, object, text, texts } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const services = probe({
  id: 'services',
  about: 'cluster',
  title: 'Listing the native services of all namespaces',
  provides: ['cluster.services'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, nomad.services()),
  parse: (answer) => ({
    'cluster.services': fromJson('services', answer, (json) => {
      const found = listedServices(json)
      return [found, found.map(({ name, namespace }) => `${namespace}: ${name}`).join('\n') || 'no native service']
    }),
  }),
})

export const listedServices = (
  json: unknown,
): readonly { name: string; namespace: string; tags: readonly string[] }[] =>
  array(json).flatMap((one) => {
    const space = object(one, 'namespace')
    const namespace = text(space['Namespace'], 'Namespace')
    return array(space['Services'], 'Services').map((entry) => {
      const service = object(entry, 'service')
      return { name: text(service['ServiceName'], 'ServiceName'), namespace, tags: texts(service['Tags'], 'Tags') }
    })
  })
