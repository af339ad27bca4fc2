import { healthOf, place, spelling } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, instance, task } from '../../samples.ts'
import type { Ask } from '../../shapes/discovery.ts'
import type { ConsulInstance } from '../../shapes/runtime.ts'
import { begun } from '../../words.ts'

type Asked = readonly { readonly ask: Ask; readonly instances: readonly ConsulInstance[] }[]

/** An ask whose every instance (with its tag) is critical. */
function filtered(asked: Asked) {
  for (const { ask, instances } of asked) {
    if (ask.via === 'upstream' || /any|critical/.test(ask.states ?? '')) continue
    const tagged = instances.filter(({ tags }) => ask.tag === undefined || tags.includes(ask.tag))
    const [first] = tagged
    if (first && tagged.every((one) => healthOf(one) === 'critical')) return { ask, tagged, first }
  }
  return undefined
}

export const consulServiceCriticalFiltered = fault({
  id: 'consul-service-critical-filtered',
  aliases: ['consul-dns-critical-excluded'],
  about: 'path',
  title: 'Every instance is critical in Consul, so the source gets an empty list',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'range service is empty although Consul lists the service',
    'HTTP GET http://<address>:<port>/<path>: 404 Not Found',
    'the service is red in the Consul UI',
    'NXDOMAIN for a service that is registered',
    'lookup <name>.service.consul: no such host',
  ],
  needs: ['source.task.spec', 'target.group.spec', 'path.asked.instances'],
  shows: ['path.asked.instances'],
  holds: ({ 'path.asked.instances': asked }) => {
    const found = filtered(asked)
    if (!found) return false
    const check = found.first.checks.find(({ status }) => status === 'critical')
    const [one] = found.tagged.length === 1 ? ['the only instance'] : [`all ${found.tagged.length} instances`]
    return `${begun(found.ask.where)} asks ${spelling(found.ask)}, but ${one} (${place({ address: found.first.address || found.first.nodeAddress, port: found.first.port })}) ${found.tagged.length === 1 ? 'is' : 'are'} critical: ${check?.id === 'serfHealth' ? `Consul agent of ${found.first.node} is gone` : (check?.name ?? 'a check')}`
  },
  byHand:
    'curl http://127.0.0.1:8500/v1/health/service/<name>: there are instances; with ?passing there are none. The output of the check stands in /v1/agent/checks on the client.',
  explains: ['template-empty-range-starts', 'connect-destination-unhealthy'],
  because:
    'The template function service and Consul DNS return passing instances only. An instance counts by the worst of its own checks and those of its node. When no instance passes, the answer is an empty list or NXDOMAIN: the service is registered and may even serve, but nobody who asks by name gets an address.',
  fix: ({ 'path.asked.instances': asked }) => {
    const found = filtered(asked)
    const name = found?.ask.name ?? 'the service'
    return [
      {
        do: `Read why the check of ${name} fails`,
        on: `client ${found?.first.node ?? ''}`.trim(),
        run: ['curl', '-s', 'http://127.0.0.1:8500/v1/agent/checks'],
        risk: 'none',
      },
      {
        do: 'Repair the check (path, port, address_mode) or the application behind it',
        on: 'job file of the target',
        risk: 'The allocations may be replaced',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/check',
    'https://developer.hashicorp.com/consul/api-docs/health',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the only instance is critical',
      given: {
        'source.task.spec': task(),
        'target.group.spec': group(),
        'path.asked.instances': [
          {
            ask: { via: 'consul-template', name: 'orders', where: 'template local/a.env' },
            instances: [
              instance('a1', {
                checks: [{ id: 'c', name: 'orders check', type: 'http', status: 'critical', output: '' }],
              }),
            ],
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'one of two still passes',
      given: {
        'source.task.spec': task(),
        'target.group.spec': group(),
        'path.asked.instances': [
          {
            ask: { via: 'consul-template', name: 'orders', where: 'template local/a.env' },
            instances: [
              instance('a1'),
              instance('a2', {
                checks: [{ id: 'c', name: 'orders check', type: 'http', status: 'critical', output: '' }],
              }),
            ],
          },
        ],
      },
      then: 'absent',
    },
  ],
})
