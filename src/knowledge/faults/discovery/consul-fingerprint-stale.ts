import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, record, service } from '../../samples.ts'

export const consulFingerprintStale = fault({
  id: 'consul-fingerprint-stale',
  about: 'path',
  title: "The target's client still advertises Consul, but no Consul agent answers on it",
  layer: 'node',
  severity: 'breaks',
  heard: [
    'failed to update services in Consul',
    'still unable to update services in Consul',
    'Get "http://127.0.0.1:8500/v1/agent/services": dial tcp 127.0.0.1:8500: connect: connection refused',
    'dial tcp 127.0.0.1:8500: connect: connection refused',
  ],
  onlyWhen: { 'target.node.consul.fingerprinted': [true] },
  needs: ['target.alloc.record', 'target.group.spec', 'target.node.consul.answers'],
  shows: ['target.node.consul.answers', 'target.group.spec'],
  holds: ({
    'target.alloc.record': { nodeName },
    'target.group.spec': target,
    'target.node.consul.answers': answers,
  }) => {
    const own = servicesOf(target).find(({ provider }) => provider === 'consul')
    return own && !answers
      ? `Client ${nodeName} has consul.* attributes, but nobody answers on 127.0.0.1:8500 there: ${own.name} cannot be registered`
      : false
  },
  byHand:
    'On the client: curl http://127.0.0.1:8500/v1/agent/self is refused, while nomad node status -verbose <node> shows consul.version.',
  explains: ['template-empty-range-starts', 'consul-registration-denied'],
  because:
    'A client looks for Consul when it starts and keeps the consul.* attributes when Consul goes away. The scheduler therefore still places jobs with Consul services there. Registration happens in the background: the job is accepted, the task runs, and only the client log says that Consul cannot be reached. Nobody finds the service.',
  fix: ({ 'target.alloc.record': { nodeName: name } }) => [
    {
      do: 'Start the Consul agent: Nomad registers the services by itself within a minute',
      on: `client ${name}`,
      run: ['systemctl', 'start', 'consul'],
      risk: 'none',
    },
    {
      do: 'Restart the Nomad client if Consul is gone for good, so that the attributes go too',
      on: `client ${name}`,
      run: ['systemctl', 'restart', 'nomad'],
      risk: 'Running allocations stay; new ones wait until the client is back',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/consul',
    'https://developer.hashicorp.com/nomad/docs/configuration/consul',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the agent is stopped, a service of Consul runs there',
      given: {
        'target.node.consul.fingerprinted': true,
        'target.node.consul.answers': false,
        'target.alloc.record': record('a1'),
        'target.group.spec': group({ services: [service({ provider: 'consul' })] }),
      },
      then: 'present',
    },
    {
      name: 'the agent answers',
      given: {
        'target.node.consul.fingerprinted': true,
        'target.node.consul.answers': true,
        'target.alloc.record': record('a1'),
        'target.group.spec': group({ services: [service({ provider: 'consul' })] }),
      },
      then: 'absent',
    },
    {
      name: 'the client has no Consul and says so',
      given: {
        'target.node.consul.fingerprinted': false,
        'target.node.consul.answers': false,
        'target.alloc.record': record('a1'),
        'target.group.spec': group({ services: [service({ provider: 'consul' })] }),
      },
      then: 'absent',
    },
  ],
})
