import { fault } from '../../fault.ts'
import { record } from '../../samples.ts'
import type { AllocRecord, BindError } from '../../shapes/runtime.ts'

const over = ['complete', 'failed', 'lost']

/** An allocation that is being stopped, and still has the port. */
function holder(error: BindError | null, own: AllocRecord, others: readonly AllocRecord[]) {
  if (error?.kind !== 'in-use') return undefined
  return own.ports
    .filter(({ hostPort }) => error.port === undefined || error.port === hostPort)
    .flatMap((port) =>
      others
        .filter(
          (other) =>
            other.id !== own.id &&
            other.desiredStatus !== 'run' &&
            !over.includes(other.clientStatus) &&
            other.ports.some(({ hostIp, hostPort }) => hostIp === port.hostIp && hostPort === port.hostPort),
        )
        .map((other) => ({ other, port })),
    )
    .at(0)
}

const ports = [{ label: 'http', hostIp: '10.0.0.1', hostPort: 8080, to: 80, hostNetwork: 'default' }]
const error: BindError = {
  kind: 'in-use',
  task: 'server',
  text: 'Bind for 10.0.0.1:8080 failed: port is already allocated',
  address: '10.0.0.1',
  port: 8080,
}
const fresh = record('a1', { clientStatus: 'failed', ports })
const leaving = record('a2', { desiredStatus: 'stop', ports })

export const portStillHeldByStoppingAlloc = fault({
  id: 'port-still-held-by-stopping-alloc',
  about: 'alloc',
  title: 'An allocation that is being stopped still holds the port',
  layer: 'port',
  severity: 'breaks',
  heard: ['Bind for <address>:<port> failed: port is already allocated', 'bind: address already in use'],
  onlyWhen: { 'alloc.start': ['no-bind'] },
  needs: ['alloc.bind-error', 'alloc.record', 'node.allocations'],
  holds: ({ 'alloc.bind-error': error, 'alloc.record': own, 'node.allocations': others }) => {
    const found = holder(error, own, others)
    return found
      ? `Port ${found.port.hostPort} on ${own.nodeName} is still held by allocation ${found.other.id.slice(0, 8)} (${found.other.job}/${found.other.group}), which is being stopped`
      : false
  },
  byHand: 'nomad node status <node>: an allocation with desired status stop that still runs has the same port.',
  explains: [
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    'The scheduler counts the ports of allocations that the same plan stops as free. The new allocation waits for its own predecessor, but not for those of another group, and a long shutdown_delay or kill_timeout keeps them alive. So the new one starts while the port is taken, fails to bind, and is restarted or rescheduled until the old one is gone.',
  fix: ({ 'alloc.bind-error': error, 'alloc.record': own, 'node.allocations': others }) => [
    {
      do: `Wait until allocation ${holder(error, own, others)?.other.id.slice(0, 8) ?? ''} is complete; restart and reschedule then succeed by themselves`,
      on: 'cluster',
      risk: 'none',
    },
    {
      do: 'To prevent it: shorten shutdown_delay and kill_timeout of the old group, move the port between groups in two steps, or let it be dynamic',
      on: 'job file',
      risk: 'Connections may be cut sooner',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/issues/24904',
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the old group is on its way out',
      given: {
        'alloc.start': 'no-bind',
        'alloc.bind-error': error,
        'alloc.record': fresh,
        'node.allocations': [fresh, leaving],
      },
      then: 'present',
    },
    {
      name: 'nobody of Nomad has the port',
      given: {
        'alloc.start': 'no-bind',
        'alloc.bind-error': error,
        'alloc.record': fresh,
        'node.allocations': [fresh],
      },
      then: 'absent',
    },
    {
      name: 'it came up',
      given: {
        'alloc.start': 'up',
        'alloc.bind-error': null,
        'alloc.record': record('a1'),
        'node.allocations': [leaving],
      },
      then: 'absent',
    },
  ],
})
