import { place, serves, short, staleRows } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { within } from '../../nomad-command.ts'
import { job, record, row } from '../../samples.ts'

export const nsdStaleRegistration = fault({
  id: 'nsd-stale-registration',
  about: 'service',
  title: 'The native catalogue lists an allocation that no longer serves',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'old address in nomad service info',
    'nomad service info shows an allocation that is gone',
    'dial tcp <address>:<port>: connect: connection refused',
  ],
  onlyWhen: { 'service.provider': ['nomad'] },
  needs: ['service.rows', 'job.allocations', 'service.specs', 'job.spec'],
  shows: ['service.rows', 'job.allocations'],
  holds: ({ 'service.rows': rows, 'job.allocations': records, 'service.specs': [spec], 'job.spec': { id: job } }) => {
    const stale = staleRows(rows, records, job)
    const [first] = stale
    if (!first) return false
    const gone = records.find(({ id }) => id === first.alloc)
    const live = rows.filter(({ alloc }) => serves(records, alloc) === true)
    const state =
      gone === undefined
        ? 'is no longer known to the servers'
        : gone.clientStatus === 'unknown'
          ? `is on ${gone.nodeName}, which is disconnected`
          : `is ${gone.clientStatus} on ${gone.nodeName}`
    return {
      says: `${spec?.name ?? first.name} still lists ${place(first)}, but allocation ${short(first.alloc)} ${state}${live.length > 0 ? `; ${live.length} other row${live.length === 1 ? ' is' : 's are'} live` : ''}`,
      severity: live.length > 0 ? 'degrades' : 'breaks',
    }
  },
  byHand:
    'nomad service info <name>, then nomad alloc status <alloc> for every allocation it lists: all of them must be running.',
  explains: [],
  because:
    'A row of the native catalogue lives until the client or the servers delete it. A client that vanishes cannot delete its rows: the servers do it only when the client counts as down, and with a disconnect block the row stays as long as the client may come back. Templates and nomad service info return every row, alive or not, so callers keep a share of their calls on an address where nobody answers.',
  fix: ({ 'service.rows': rows, 'job.allocations': records, 'service.specs': [spec], 'job.spec': { id: job } }) => {
    const stale = staleRows(rows, records, job)
    return [
      ...stale.map((row) => ({
        do: `Delete the row of allocation ${short(row.alloc)}`,
        on: 'Nomad',
        run: ['nomad', 'service', 'delete', ...within(row.namespace), spec?.name ?? row.name, row.id],
        risk: 'If the client comes back with the allocation still running, it is not registered again until it restarts',
      })),
      {
        do: 'Bring the lost client back, or shorten disconnect { lost_after } so that its rows go sooner',
        on: 'job file',
        risk: 'A shorter lost_after replaces allocations of clients that are away only briefly',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/commands/service/delete',
    'https://developer.hashicorp.com/nomad/docs/job-specification/disconnect',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the row of an allocation on a disconnected client, beside a live one',
      given: {
        'service.provider': 'nomad',
        'service.specs': [],
        'job.spec': job(),
        'service.rows': [row('a1', { address: '10.0.0.2' }), row('a2', { address: '10.0.0.1' })],
        'job.allocations': [record('a1', { clientStatus: 'unknown' }), record('a2')],
      },
      then: 'present',
    },
    {
      name: 'a row with the address and port of a live one harms nobody',
      given: {
        'service.provider': 'nomad',
        'service.specs': [],
        'job.spec': job(),
        'service.rows': [row('a1'), row('a2')],
        'job.allocations': [record('a1', { clientStatus: 'complete', desiredStatus: 'stop' }), record('a2')],
      },
      then: 'absent',
    },
    {
      name: 'a service of Consul has no native rows',
      given: {
        'service.provider': 'consul',
        'service.specs': [],
        'job.spec': job(),
        'service.rows': [],
        'job.allocations': [],
      },
      then: 'absent',
    },
  ],
})
