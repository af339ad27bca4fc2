import { interpolated, short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import type { ServiceSpec } from '../../shapes/job.ts'
import type { AllocRecord, ServiceRow } from '../../shapes/runtime.ts'
import { job, record, row, service } from '../../samples.ts'

/** Running allocations that must have registered: group services before any task starts, task services once theirs runs. */
function unregistered(
  records: readonly AllocRecord[],
  version: number,
  specs: readonly ServiceSpec[],
  rows: readonly ServiceRow[],
): readonly AllocRecord[] {
  const group = specs.some(({ level }) => level === 'group')
  return records.filter(({ id, clientStatus, jobVersion, tasks }) => {
    // An allocation of an older version has the services of that version.
    if (clientStatus !== 'running' || jobVersion !== version || rows.some(({ alloc }) => alloc === id)) return false
    // The client could not work the address out: then nothing was registered, and nothing is missing.
    if (tasks.some(({ events }) => events.some(({ text }) => text.includes('unable to get address for service'))))
      return false
    const owners = specs.map(({ task }) => task)
    return tasks.some(({ name, state }) => state === 'running' && (group || owners.includes(name)))
  })
}

export const nsdRegistrationMissing = fault({
  id: 'nsd-registration-missing',
  about: 'service',
  title: 'A running allocation is not in the native catalogue',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'nomad service info: No service registrations found',
    'service missing from nomad service list',
    'empty nomadService after a client lost its heartbeat',
  ],
  onlyWhen: { 'service.provider': ['nomad'] },
  needs: ['service.rows', 'group.current', 'service.specs', 'job.spec'],
  shows: ['service.rows', 'group.current'],
  holds: ({ 'service.rows': rows, 'group.current': current, 'service.specs': specs, 'job.spec': { version } }) => {
    const [spec] = specs
    // A name with a variable in it is registered under what the client makes of it.
    if (!spec || interpolated(spec.name)) return false
    const missing = unregistered(current, version, specs, rows)
    const [first] = missing
    if (!first) return false
    const left = rows.length
    return {
      says: `Allocation ${short(first.id)} runs on ${first.nodeName}, but the native catalogue has no row of ${spec.name} for it${left > 0 ? ` (${left} other row${left === 1 ? '' : 's'} left)` : ''}`,
      severity: left > 0 ? 'degrades' : 'breaks',
    }
  },
  byHand: 'nomad service info <name> must list every running allocation of the group.',
  explains: ['template-empty-range-starts', 'template-missing-dependency'],
  because:
    'The client registers a group service once, before the tasks start, and a task service once its task runs. A row that goes away afterwards (deleted by hand, or by the servers while the client missed its heartbeats) does not come back by itself: the task runs on, but templates and the API find nobody under the name.',
  fix: ({ 'service.rows': rows, 'group.current': current, 'service.specs': specs, 'job.spec': { version } }) => [
    ...unregistered(current, version, specs, rows).map((one) => ({
      do: `Restart allocation ${short(one.id)}: it registers again`,
      on: 'Nomad',
      run: allocCommand('restart', one),
      risk: 'The allocation is away while it restarts',
    })),
    {
      do: 'Upgrade Nomad to 1.10.4, 1.9.12 or newer, where rows survive missed heartbeats',
      on: 'Nomad',
      risk: 'An upgrade of servers and clients',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/commands/service/info',
    'https://developer.hashicorp.com/nomad/commands/alloc/restart',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the allocation runs and has no row',
      given: {
        'service.provider': 'nomad',
        'service.specs': [service()],
        'service.rows': [],
        'group.current': [record('a1')],
        'job.spec': job(),
      },
      then: 'present',
    },
    {
      name: 'every running allocation has its row',
      given: {
        'service.provider': 'nomad',
        'service.specs': [service()],
        'service.rows': [row('a1')],
        'group.current': [record('a1')],
        'job.spec': job(),
      },
      then: 'absent',
    },
    {
      name: 'the service belongs in Consul',
      given: {
        'service.provider': 'consul',
        'service.specs': [service({ provider: 'consul' })],
        'service.rows': [],
        'group.current': [record('a1')],
        'job.spec': job(),
      },
      then: 'absent',
    },
  ],
})
