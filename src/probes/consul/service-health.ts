import { consul } from '../../ask/consul.ts'
import { array, object, text, textOr } from '../json.ts'
import { fromJson, held, look, probe, type Answer } from '../probe.ts'
import { bare, check, instance, instanceLine } from './instance.ts'

/** The instances, and the catalogue where they were not recorded: a name that is not in it has no instance. */
interface Read {
  readonly health: Answer
  readonly catalogue: Answer | null
}

export const serviceHealth = probe({
  id: 'service-health',
  about: 'service',
  title: 'Asking Consul for the instances of the service',
  provides: ['service.consul'],
  given: [],
  cost: 'free',
  read: async (ask, { names }): Promise<Read> => {
    const health = await look(ask, consul.health(names.service ?? ''))
    return {
      health,
      catalogue: health.refusal?.why === 'not-recorded' ? await look(ask, consul.catalogServices()) : null,
    }
  },
  parse: ({ health, catalogue }: Read, { names }) => ({
    'service.consul':
      unlisted(catalogue, names.service ?? '') ??
      fromJson('service-health', health, (json) => {
        const found = array(json).map((one) => {
          const entry = object(one, 'entry')
          const node = object(entry['Node'], 'Node')
          const checks = array(entry['Checks'], 'Checks').map(check).map(bare)
          return instance(
            object(entry['Service'], 'Service'),
            { name: text(node['Node'], 'Node'), address: textOr(node['Address'], '') },
            checks,
          )
        })
        return [found, found.map(instanceLine).join('\n') || `no instance of ${names.service ?? ''}`]
      }),
  }),
})

function unlisted(catalogue: Answer | null, service: string) {
  if (!catalogue || catalogue.refusal) return null
  const names = fromJson('service-health', catalogue, (json) => [Object.keys(object(json)), ''])
  return names.known && !names.value.includes(service)
    ? held('service-health', catalogue, [], `no service ${service} in the catalogue`)
    : null
}
