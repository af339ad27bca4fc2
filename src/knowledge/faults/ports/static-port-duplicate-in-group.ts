import { edits, set, unset } from '../../edit.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import type { At } from '../../place.ts'
import { group, task } from '../../samples.ts'
import type { GroupSpec, PortSpec } from '../../shapes/job.ts'

/** What the server refuses about the ports of a group. Source: nomad/structs/structs.go, `validateNetworks`. */
function refused({ network, moreNetworks = [], tasks }: GroupSpec):
  | {
      readonly says: string
      readonly cure: string
      readonly at: At
      readonly why: string
      readonly again?: PortSpec
    }
  | undefined {
  const ports = [...(network?.ports ?? []), ...moreNetworks.flatMap((more) => more.ports)]
  const ofTasks = tasks.flatMap((task) => task.networks.flatMap((own) => own.ports))
  const all = [...ports, ...ofTasks]
  // A label of a task is the task's own: it may not be one of the group's, and another task may have it, too.
  const label = all.find((port, i) => ports.slice(0, i).some((other) => other.label === port.label))
  if (label)
    return {
      says: `two ports have the label ${label.label}`,
      cure: `Rename one of the ports ${label.label}`,
      at: label,
      why: 'the job does not say which other label is meant',
    }
  const again = all.find((port, i) => all.slice(0, i).some((other) => same(port, other, ofTasks.includes(port))))
  const first = again && all.find((other) => same(again, other, true))
  if (first && again)
    return {
      says: `ports ${first.label} and ${again.label} both ask for static port ${again.static} of host network ${again.hostNetwork}`,
      cure: `Give port ${again.label} another static number or another host_network, or let it be dynamic`,
      at: [again, 'static'],
      why: 'the job does not say which other number is meant',
      again,
    }
  const wide = all.find(
    (port) => (port.static ?? 0) > 65_535 || (ports.includes(port) && ((port.to ?? 0) > 65_535 || (port.to ?? 0) < -1)),
  )
  if (!wide) return undefined
  const name = wide.static !== undefined && wide.static > 65_535 ? 'static' : 'to'
  return {
    says: `port ${wide.label} has ${name} = ${wide[name]}, and ports end at 65535`,
    cure: `Give port ${wide.label} a ${name} from 1 to 65535${name === 'to' ? ', or -1 for the number it has outside' : ''}`,
    at: [wide, name],
    why: 'the job does not say which port is meant',
  }
}

/** A number of the scheduler's, where something maps it to the one inside. */
function freed(port: PortSpec, { network }: GroupSpec): readonly Edit[] | undefined {
  if (network?.mode !== 'bridge' && !network?.mode.startsWith('cni/')) return undefined
  const inside = (port.to ?? 0) > 0 || port.static === undefined ? [] : [set(port, 'to', port.static)]
  return [...inside, unset(port, 'static')]
}

/** A port of a task may ignore no collision. */
const same = (one: PortSpec, other: PortSpec, ofTask: boolean): boolean =>
  one.static !== undefined &&
  one.static > 0 &&
  one.static === other.static &&
  one.hostNetwork === other.hostNetwork &&
  (ofTask || !one.ignoreCollision)

export const staticPortDuplicateInGroup = fault({
  id: 'static-port-duplicate-in-group',
  about: 'group',
  title: 'Ports of the group clash, or one of them has a number that is no port',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'Static port <port> already reserved by taskgroup network:<label>',
    'Port label <label> already in use by <task>:<label>',
    'Port <label> (<port>) cannot be greater than 65535',
    'Port "<label>" cannot be mapped to a port (<port>) greater than 65535',
    'Port "<label>" cannot be mapped to negative value <port>',
    'Static port <port> already reserved by <task>:<label>',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = refused(spec)
    return found ? { says: `In group ${spec.name} ${found.says}: the server refuses the job`, at: found.at } : false
  },
  byHand: 'nomad job validate <file> names the port and the label that has it already.',
  explains: [],
  because:
    'A label is the name by which services, tasks and variables find a port, so a group can give it once, and none of its tasks can have it for a network of its own. A static number can be given once per address of the client; two labels with one number on the same host network would both want it in every allocation, so the server refuses the job. On two host networks the same number is two different ports. A port is a number up to 65535, outside as inside.',
  fix: ({ 'group.spec': spec }) => {
    const found = refused(spec)
    return [
      {
        do: found?.cure ?? 'Give every port its own label and number',
        on: 'job file',
        risk: 'none',
        ...edits(found?.again && freed(found.again, spec), found?.why ?? 'the job does not say what is meant'),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#port-parameters',
    'nomad/structs/structs.go, validateNetworks',
    'https://github.com/hashicorp/nomad/issues/9477',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'one number, two labels',
      given: { 'group.spec': ported([port('http', 8080), port('admin', 8080)]) },
      then: 'present',
    },
    {
      name: 'one label twice',
      given: { 'group.spec': ported([port('http', 8080), port('http', 9090)]) },
      then: 'present',
    },
    {
      name: 'a number beyond 65535',
      given: { 'group.spec': ported([{ label: 'http', to: 80_800, hostNetwork: 'default' }]) },
      then: 'present',
    },
    {
      name: 'on two host networks',
      given: { 'group.spec': ported([port('http', 8080), port('admin', 8080, 'private')]) },
      then: 'absent',
    },
    {
      name: 'each of two tasks has a label of its own network',
      given: {
        'group.spec': group({
          network: { mode: '', ports: [] },
          tasks: [inTask('a', [port('http', 8080)]), inTask('b', [{ label: 'http', hostNetwork: 'default' }])],
        }),
      },
      then: 'absent',
    },
    {
      name: 'a task has a label of the group',
      given: {
        'group.spec': group({
          network: { mode: '', ports: [port('http', 8080)] },
          tasks: [inTask('a', [port('http', 9090)])],
        }),
      },
      then: 'present',
    },
    {
      name: 'two tasks want one number',
      given: {
        'group.spec': group({
          network: { mode: '', ports: [] },
          tasks: [inTask('a', [port('a', 8080)]), inTask('b', [port('b', 8080)])],
        }),
      },
      then: 'present',
    },
    {
      name: 'a second network block of the group',
      given: {
        'group.spec': group({
          network: { mode: '', ports: [port('http', 8080)] },
          moreNetworks: [{ mode: '', ports: [port('admin', 8080)] }],
        }),
      },
      then: 'present',
    },
    { name: 'two numbers', given: { 'group.spec': ported([port('http', 8080), port('admin', 9090)]) }, then: 'absent' },
  ],
})

function port(label: string, host: number, hostNetwork = 'default'): PortSpec {
  return { label, static: host, hostNetwork }
}
function inTask(name: string, ports: readonly PortSpec[]) {
  return task({ name, networks: [{ mode: '', ports }] })
}
function ported(ports: readonly PortSpec[]): GroupSpec {
  return group({ network: { mode: '', ports } })
}
