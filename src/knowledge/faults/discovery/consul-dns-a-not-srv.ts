import { capital, place, spelling } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, instance, task } from '../../samples.ts'
import type { Ask } from '../../shapes/discovery.ts'
import type { ConsulInstance } from '../../shapes/runtime.ts'

/** A DNS name that is dialled on a port which no instance has. */
function portless(asked: readonly { readonly ask: Ask; readonly instances: readonly ConsulInstance[] }[]) {
  const dns = asked.filter(
    ({ ask, instances }) => ask.via === 'consul-dns' && ask.port !== undefined && instances.length > 0,
  )
  const fits = ({ ask, instances }: (typeof dns)[number]) => instances.some(({ port }) => port === ask.port)
  return dns.find((one) => !fits(one) && !dns.some((other) => other.ask.name === one.ask.name && fits(other)))
}

export const consulDnsANotSrv = fault({
  id: 'consul-dns-a-not-srv',
  about: 'path',
  title: 'The source takes the address from DNS and guesses the port',
  layer: 'name',
  severity: 'breaks',
  heard: ['the name resolves, the connection is refused', 'dial tcp <address>:<port>: connect: connection refused'],
  needs: ['source.task.spec', 'path.asks', 'target.group.spec', 'path.asked.instances'],
  shows: ['path.asks', 'path.asked.instances'],
  holds: ({ 'path.asked.instances': asked }) => {
    const found = portless(asked)
    return found === undefined
      ? false
      : `${capital(found.ask.where)} dials ${spelling(found.ask)} on port ${found.ask.port}, but ${found.ask.name} is registered on ${found.instances.map((one) => place({ address: one.address || one.nodeAddress, port: one.port })).join(', ')}`
  },
  byHand:
    'dig @127.0.0.1 -p 8600 <name>.service.consul SRV shows the port; compare it with the port the application dials.',
  explains: [],
  because:
    'An A record holds an address and no port. The host port of a service is dynamic unless it is static in the network block, and it stands only in the SRV record. An application that resolves the name and then dials the container port reaches the right client, on a port where nobody listens.',
  fix: ({ 'path.asked.instances': asked }) => {
    const found = portless(asked)
    return [
      {
        do: `Take address and port from a template: {{ range service "${found?.ask.name ?? 'name'}" }}{{ .Address }}:{{ .Port }}{{ end }}, or resolve the SRV record`,
        on: 'job file of the source',
        risk: 'The task restarts when the instances change',
      },
      {
        do: `Or give the port a fixed host port: static = ${found?.ask.port ?? 0}`,
        on: 'job file of the target',
        risk: 'Only one allocation per client can have the port',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/consul/docs/discover/service/static',
    'https://developer.hashicorp.com/nomad/docs/networking',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the container port is dialled',
      given: {
        'source.task.spec': task(),
        'path.asks': [],
        'target.group.spec': group(),
        'path.asked.instances': [
          {
            ask: { via: 'consul-dns', name: 'orders', port: 8080, where: 'template local/loop.sh' },
            instances: [instance('a1')],
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'a static port is the registered one',
      given: {
        'source.task.spec': task(),
        'path.asks': [],
        'target.group.spec': group(),
        'path.asked.instances': [
          {
            ask: { via: 'consul-dns', name: 'orders', port: 8080, where: 'template local/loop.sh' },
            instances: [instance('a1', { port: 8080 })],
          },
        ],
      },
      then: 'absent',
    },
  ],
})
