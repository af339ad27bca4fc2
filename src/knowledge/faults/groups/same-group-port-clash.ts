import { fault } from '../../fault.ts'
import type { Facts } from '../../facts.ts'
import type { AllocRecord, TaskState } from '../../shapes/runtime.ts'
import { record, way } from '../../samples.ts'

const inUse = /(?:(?::|\bport )(\d{2,5})\b[^\n]*)?address (?:is )?already in use|EADDRINUSE/i

/** A task that keeps ending because a port is taken, while others of its allocation run. */
function clashing(
  alloc: AllocRecord,
  logs: Facts['alloc.logs'],
  ways: Facts['alloc.port-ways'],
): { task: TaskState; port: number | undefined } | undefined {
  for (const task of alloc.tasks) {
    const ends = task.state !== 'running' && task.events.some(({ type }) => type === 'Terminated')
    const output = `${logs[task.name]?.stdout ?? ''}\n${logs[task.name]?.stderr ?? ''}`
    const said = ends ? inUse.exec(output) : null
    if (!said) continue
    const twice = ways.find(({ inside }, i) => ways.findIndex((other) => other.inside === inside) !== i)?.inside
    return {
      task,
      port: said[1] === undefined ? (ways.find((way) => way.task === task.name)?.inside ?? twice) : Number(said[1]),
    }
  }
  return undefined
}

export const sameGroupPortClash = fault({
  id: 'same-group-port-clash',
  about: 'alloc',
  title: 'Two tasks of the group listen on the same port in their shared network namespace',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'bind: address already in use',
    'listen tcp :<port>: bind: address already in use',
    'Error: listen EADDRINUSE: address already in use :::<port>',
  ],
  onlyWhen: { 'group.network.mode': ['bridge', 'cni'] },
  needs: ['alloc.record', 'alloc.logs', 'alloc.netns.listeners', 'alloc.port-ways'],
  shows: ['alloc.logs', 'alloc.netns.listeners'],
  holds: ({ 'alloc.record': alloc, 'alloc.logs': logs, 'alloc.netns.listeners': sockets, 'alloc.port-ways': ways }) => {
    const found = clashing(alloc, logs, ways)
    if (!found || sockets.length === 0) return false
    const { task, port } = found
    const holder = sockets.find((one) => port === undefined || one.port === port)
    if (!holder) return false
    const [process] = holder.processes
    return `Task ${task.name} ends with "address already in use": ${port === undefined ? 'its port' : `port ${port}`} in the network namespace of the group is held by ${process ? `${process.name} (pid ${process.pid})` : 'another task'}`
  },
  byHand:
    'nomad alloc logs <alloc> <task> shows "address already in use"; in the namespace of the allocation ss -ltnp shows another process on that port.',
  explains: [],
  because:
    'In bridge mode the tasks of a group share one network namespace, so they share one set of ports, as processes of one machine do. Two containers that each have "their own" 8080 do not exist here: the first one gets it, the second one ends with an error and is restarted for ever. Different port labels do not help: they only decide what is forwarded.',
  fix: ({ 'alloc.record': alloc, 'alloc.logs': logs, 'alloc.port-ways': ways }) => {
    const found = clashing(alloc, logs, ways)
    return [
      {
        do: `Let task ${found?.task.name ?? ''} listen on another port than ${found?.port ?? 'its sibling'}, and set to of its port block to that number`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/networking#bridge-networking'],
  since: '0.1.0',
  examples: [
    {
      name: 'the second web server ends',
      given: {
        'group.network.mode': 'bridge',
        'alloc.record': record('a1', {
          tasks: [
            {
              name: 'admin',
              state: 'pending',
              failed: false,
              restarts: 3,
              events: [{ type: 'Terminated', text: 'Exit Code: 1', time: 1 }],
            },
          ],
        }),
        'alloc.logs': { admin: { stdout: '', stderr: 'httpd: bind: Address already in use' } },
        'alloc.netns.listeners': [{ proto: 'tcp', address: '*', port: 8080, processes: [{ name: 'httpd', pid: 7 }] }],
        'alloc.port-ways': [way(), way({ label: 'admin', task: 'admin' })],
      },
      then: 'present',
    },
    {
      name: 'it happened once, and the task runs now',
      given: {
        'group.network.mode': 'bridge',
        'alloc.record': record('a1', {
          tasks: [
            {
              name: 'admin',
              state: 'running',
              failed: false,
              restarts: 1,
              events: [{ type: 'Terminated', text: 'Exit Code: 1', time: 1 }],
            },
          ],
        }),
        'alloc.logs': { admin: { stdout: '', stderr: 'httpd: bind: Address already in use' } },
        'alloc.netns.listeners': [{ proto: 'tcp', address: '*', port: 8080, processes: [] }],
        'alloc.port-ways': [way()],
      },
      then: 'absent',
    },
    {
      name: 'in host mode any process of the client may hold the port',
      given: {
        'group.network.mode': 'host',
        'alloc.record': record('a1'),
        'alloc.logs': {},
        'alloc.netns.listeners': [],
        'alloc.port-ways': [],
      },
      then: 'absent',
    },
  ],
})
