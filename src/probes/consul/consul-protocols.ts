import { consul } from '../../ask/consul.ts'
import { array, map, object, text, textOr } from '../json.ts'
import { fromJson, look, probe, type Answer } from '../probe.ts'

interface Read {
  readonly services: Answer
  readonly proxies: Answer
}

/** Source: consul agent/structs/config_entry.go: a service without an entry has the protocol of proxy-defaults, else tcp. */
export const consulProtocols = probe({
  id: 'consul-protocols',
  about: 'cluster',
  title: 'Reading the protocols of services in the mesh',
  provides: ['cluster.consul.protocols'],
  given: [],
  cost: 'free',
  read: async (ask): Promise<Read> => {
    const [services, proxies] = await Promise.all([
      look(ask, consul.entries('service-defaults')),
      look(ask, consul.entries('proxy-defaults')),
    ])
    return { services, proxies }
  },
  parse: ({ services, proxies }: Read) => {
    const global = fromJson('consul-protocols', proxies, (json) => {
      const [first] = array(json)
      const config = first === undefined ? {} : map(object(first, 'entry')['Config'], 'Config')
      return [textOr(config['protocol'], '') || 'tcp', '']
    })
    if (!global.known) return { 'cluster.consul.protocols': global }
    return {
      'cluster.consul.protocols': fromJson('consul-protocols', services, (json) => {
        const own = array(json).flatMap((one) => {
          const entry = object(one, 'entry')
          const protocol = textOr(entry['Protocol'], '')
          return protocol === '' ? [] : [[text(entry['Name'], 'Name'), protocol] as const]
        })
        const found: Readonly<Record<string, string>> = { '*': global.value, ...Object.fromEntries(own) }
        return [
          found,
          Object.entries(found)
            .map(([name, protocol]) => `${name}: ${protocol}`)
            .join('\n'),
        ]
      }),
    }
  },
})
