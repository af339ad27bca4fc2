import { nomad } from '../../ask/nomad.ts'
import { array } from '../json.ts'
import { fromJson, held, look, probe, type Answer } from '../probe.ts'
import { listedServices } from './services.ts'
import { rowLine, serviceRow } from './service-row.ts'

/** The rows, and the list of all names where the rows were not found: a name that is in no list has no row. */
interface Read {
  readonly rows: Answer
  readonly list: Answer | null
}

export const serviceRows = probe({
  id: 'service-rows',
  about: 'service',
  title: 'Reading the rows of the service in the native catalogue',
  provides: ['service.rows'],
  given: [],
  cost: 'free',
  read: async (ask, { names }): Promise<Read> => {
    const rows = await look(ask, nomad.service(names.service ?? '', names.namespace))
    const absent = rows.refusal?.why === 'not-found' || rows.refusal?.why === 'not-recorded'
    return { rows, list: absent ? await look(ask, nomad.services()) : null }
  },
  parse: ({ rows, list }: Read, { names }) => ({
    'service.rows':
      unlisted(list, names) ??
      fromJson('service-rows', rows, (json) => {
        const found = array(json).map(serviceRow)
        return [found, found.map(rowLine).join('\n') || `no row of service ${names.service ?? ''}`]
      }),
  }),
})

function unlisted(
  list: Answer | null,
  { service, namespace = 'default' }: { readonly service?: string; readonly namespace?: string },
) {
  if (!list || list.refusal) return null
  const found = fromJson('service-rows', list, (json) => [listedServices(json), ''])
  if (!found.known || found.value.some((one) => one.name === service && one.namespace === namespace)) return null
  return held('service-rows', list, [], `no service ${service ?? ''} in namespace ${namespace}`)
}
