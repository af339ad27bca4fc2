import { consul } from '../../ask/consul.ts'
import { map, object, textOr } from '../json.ts'
import { fromJson, look, probe, unknown, type Answer } from '../probe.ts'
import { bare, check, instance, instanceLine } from './instance.ts'

interface Read {
  readonly services: Answer
  readonly checks: Answer
}

/** The agent itself has the output of its checks; the catalogue may have an empty one. */
export const nodeConsulServices = probe({
  id: 'node-consul-services',
  about: 'node',
  title: "Reading services and checks of the client's Consul agent",
  provides: ['node.consul.services'],
  given: [],
  cost: 'free',
  read: async (ask, { names }): Promise<Read> => {
    const node = names.node ?? ''
    const [services, checks] = await Promise.all([
      look(ask, consul.nodeServices(node)),
      look(ask, consul.nodeChecks(node)),
    ])
    return { services, checks }
  },
  parse: ({ services, checks }: Read, { names }) => {
    const list = fromJson('node-consul-services', checks, (json) => [Object.values(object(json)).map(check), ''])
    if (!list.known) return { 'node.consul.services': services.refusal ? unknown(services) : list }
    const found = fromJson('node-consul-services', services, (json) => {
      const name = list.value.find(({ node }) => node !== '')?.node ?? names.nodeName ?? ''
      const joined = Object.entries(map(json)).map(([id, one]) => {
        const service = object(one, 'service')
        const own = list.value.filter(({ serviceId }) => serviceId === textOr(service['ID'], id)).map(bare)
        return instance(service, { name, address: names.address ?? '' }, own)
      })
      return [joined, joined.map(instanceLine).join('\n') || 'no service']
    })
    return { 'node.consul.services': found }
  },
})
