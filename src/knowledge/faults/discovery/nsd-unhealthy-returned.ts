import { place, short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import type { Member } from '../../facts.ts'
import type { CheckResult, ServiceRow } from '../../shapes/runtime.ts'
import { row } from '../../samples.ts'
import { quoted } from '../../quoted.ts'

type Checks = readonly Member<readonly CheckResult[]>[]

/** Rows by the state of their allocation's checks for this service. */
function split(rows: readonly ServiceRow[], checks: Checks) {
  const of = (one: ServiceRow) =>
    checks.find(({ id }) => id === `alloc:${one.alloc}`)?.value.filter(({ service }) => service === one.name) ?? []
  const failing = rows.flatMap((one) => {
    const check = of(one).find(({ status }) => status === 'failure')
    return check ? [{ row: one, check }] : []
  })
  const passing = rows.filter((one) => of(one).length > 0 && of(one).every(({ status }) => status === 'success'))
  return { failing, passing }
}

export const nsdUnhealthyReturned = fault({
  id: 'nsd-unhealthy-returned',
  about: 'service',
  title: 'The native catalogue hands out an instance whose check fails',
  layer: 'name',
  severity: 'degrades',
  heard: [
    'nomadService returns unhealthy instances',
    'nomad: Get "http://<address>:<port>/": dial tcp <address>:<port>: connect: connection refused',
    'traffic goes to an allocation with a failing check',
  ],
  onlyWhen: { 'service.provider': ['nomad'] },
  needs: ['service.rows', 'every.alloc.checks'],
  shows: ['every.alloc.checks', 'service.rows'],
  holds: ({ 'service.rows': rows, 'every.alloc.checks': checks }) => {
    const { failing, passing } = split(rows, checks)
    const [first] = failing
    // With no passing instance a filter would leave nobody: then the failing check is the matter, not the catalogue.
    if (!first || passing.length === 0) return false
    return `${first.row.name} lists ${place(first.row)} of allocation ${short(first.row.alloc)}, whose check fails (${quoted(first.check.output.split('\n', 1).join(''), 160)}), beside ${passing.length} that pass${passing.length === 1 ? 'es' : ''}`
  },
  byHand: 'nomad service info <name> lists the rows; nomad alloc checks <alloc> shows which of them fail.',
  explains: [],
  because:
    'Native checks are run by the Nomad client and count for deployments and check_restart only. They do not change the catalogue: nomadService, nomad service info and the API return an instance that fails its check like any other, and callers send it its share of the traffic. Consul leaves critical instances out; Nomad does not.',
  fix: ({ 'service.rows': rows, 'every.alloc.checks': checks }) => [
    ...split(rows, checks).failing.map(({ row: { alloc, namespace } }) => ({
      do: `Restart the allocation that fails its check, ${short(alloc)}`,
      on: 'Nomad',
      run: allocCommand('restart', { id: alloc, namespace }),
      risk: 'The allocation is away while it restarts',
    })),
    {
      do: 'Add a check_restart block with limit = 3 and grace = "30s" to the check, so that a failing instance is restarted',
      on: 'job file',
      risk: 'An instance that is only slow to start is restarted too: give it enough grace',
    },
    {
      do: 'Or register the service with provider = "consul", which leaves failing instances out',
      on: 'job file',
      risk: 'Callers must ask Consul (service instead of nomadService)',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/check',
    'https://developer.hashicorp.com/nomad/docs/networking/service-discovery',
  ],
  versions: { nomad: '>= 1.4.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'one of two instances fails its check and is still listed',
      given: {
        'service.provider': 'nomad',
        'service.rows': [row('a1'), row('a2', { address: '10.0.0.2' })],
        'every.alloc.checks': [
          {
            about: 'alloc:a1',
            id: 'alloc:a1',
            value: [{ check: 'c', service: 'orders', status: 'failure', output: 'connection refused' }],
          },
          {
            about: 'alloc:a2',
            id: 'alloc:a2',
            value: [{ check: 'c', service: 'orders', status: 'success', output: 'nomad: http ok' }],
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'the only instance fails: leaving it out would not help the caller',
      given: {
        'service.provider': 'nomad',
        'service.rows': [row('a1')],
        'every.alloc.checks': [
          {
            about: 'alloc:a1',
            id: 'alloc:a1',
            value: [{ check: 'c', service: 'orders', status: 'failure', output: 'connection refused' }],
          },
        ],
      },
      then: 'absent',
    },
    {
      name: 'Consul leaves failing instances out',
      given: { 'service.provider': 'consul', 'service.rows': [], 'every.alloc.checks': [] },
      then: 'absent',
    },
  ],
})
