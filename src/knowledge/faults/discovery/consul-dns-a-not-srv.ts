import { edits } from '../../edit.ts'
import type { JobSpec } from '../../shapes/job.ts'
import { consulNames } from '../../consul-host.ts'
import { whereIn } from '../../said.ts'
import { place, spelling } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, instance, job, service, task } from '../../samples.ts'
import type { Ask } from '../../shapes/discovery.ts'
import type { ConsulInstance } from '../../shapes/runtime.ts'
import { begun } from '../../words.ts'
import { noStaticNumber, staticAsInside, staticPort } from '../../port-ranges.ts'

/** A DNS name that is dialled on a port which no instance has. */
function portless(asked: readonly { readonly ask: Ask; readonly instances: readonly ConsulInstance[] }[]) {
  const dns = asked.filter(
    ({ ask, instances }) => ask.via === 'consul-dns' && ask.port !== undefined && instances.length > 0,
  )
  const fits = ({ ask, instances }: (typeof dns)[number]) => instances.some(({ port }) => port === ask.port)
  return dns.find((one) => !fits(one) && !dns.some((other) => other.ask.name === one.ask.name && fits(other)))
}

/** A name of this job's, dialled with a number that its dynamic port has inside only. */
function guessed(asks: readonly Ask[], { groups }: JobSpec) {
  for (const ask of asks) {
    if (ask.via !== 'consul-dns' || ask.port === undefined) continue
    const own = groups.flatMap((spec) =>
      spec.services
        .filter(({ name, provider }) => name === ask.name && provider === 'consul')
        .map((one) => ({ spec, one })),
    )
    const [only, ...more] = own
    if (!only || more.length > 0 || only.one.connect || !['', 'auto', 'host'].includes(only.one.addressMode)) continue
    const port = only.spec.network?.ports.find(({ label }) => label === only.one.port)
    if (port && port.static === undefined && port.to === ask.port) return { ask, port }
  }
  return undefined
}
const registered = job({ groups: [group({ services: [service({ name: 'carts', provider: 'consul' })] })] })

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
      : `${begun(found.ask.where)} dials ${spelling(found.ask)} on port ${found.ask.port}, but ${found.ask.name} is registered on ${found.instances.map((one) => place({ address: one.address || one.nodeAddress, port: one.port })).join(', ')}`
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
        do: `Or give it a fixed host port: ${staticPort(found?.ask.port, 'its port block')}`,
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
  foretold: {
    about: 'task',
    needs: ['task.asks', 'task.spec', 'job.spec'],
    shows: ['task.spec'],
    holds: ({ 'task.asks': asks, 'task.spec': task, 'job.spec': job }) => {
      const found = guessed(asks, job)
      return found
        ? {
            says: `${begun(found.ask.where)} of task ${task.name} dials ${spelling(found.ask)}:${found.ask.port}, but ${found.ask.port} is the number inside: the port on the client is dynamic, and the address in DNS does not tell it`,
            at:
              consulNames(task, found.ask.name, found.ask.port)[0]?.at ??
              whereIn(task, `${found.ask.name}.service`) ??
              task,
          }
        : false
    },
    fix: ({ 'task.asks': asks, 'job.spec': job }) => {
      const found = guessed(asks, job)
      return [
        {
          do: `Take address and port from a template with service "${guessed(asks, job)?.ask.name ?? ''}", or give the port a static number`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(staticAsInside(found?.port), noStaticNumber),
        },
      ]
    },
    examples: [
      {
        name: 'the number inside of a dynamic port',
        given: {
          'task.asks': [{ via: 'consul-dns', name: 'carts', port: 8080, where: 'environment variable CARTS' }],
          'task.spec': task({ env: { CARTS: 'carts.service.consul:8080' } }),
          'job.spec': registered,
        },
        then: 'present',
      },
      {
        name: 'a service of somebody else',
        given: {
          'task.asks': [{ via: 'consul-dns', name: 'warehouse', port: 5439, where: 'environment variable DB' }],
          'task.spec': task(),
          'job.spec': registered,
        },
        then: 'absent',
      },
    ],
  },
})
