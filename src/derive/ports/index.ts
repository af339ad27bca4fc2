/** Facts about ports: who maps them, where the process must listen, and whether it does. */
import { namedElsewhere } from '../../knowledge/listens-elsewhere.ts'
import type { ListeningPort } from '../../knowledge/shapes/port.ts'
import { networkVariable } from '../path/ways.ts'
import { textsOf } from '../path/texts.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { listeningPort, lookedAt } from './listening.ts'
import { shownByUdp } from './shown.ts'
import { namespaceOf } from './namespace.ts'
import { wayOf } from './ways.ts'

export const portsDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'task.namespace',
    about: 'task',
    from: ['task.spec', 'group.spec'],
    make: ({ 'task.spec': task, 'group.spec': group }) => namespaceOf(task, group),
  }),
  derivation({
    provides: 'group.task-namespaces',
    about: 'group',
    from: ['group.spec'],
    make: ({ 'group.spec': group }) =>
      Object.fromEntries(group.tasks.map((task) => [task.name, namespaceOf(task, group)])),
  }),
  derivation({
    provides: 'alloc.status',
    about: 'alloc',
    from: ['alloc.record'],
    make: ({ 'alloc.record': { clientStatus, desiredStatus } }) =>
      // Its network goes while it still counts as running.
      clientStatus === 'running' && (desiredStatus === 'stop' || desiredStatus === 'evict')
        ? made('stopping', `${clientStatus}, wanted: ${desiredStatus}`)
        : clientStatus,
  }),
  derivation({
    provides: 'task.variables',
    about: 'task',
    from: ['task.spec'],
    make: ({ 'task.spec': task }) => {
      const found = textsOf(task).flatMap(({ text, from }) =>
        [...text.matchAll(networkVariable)].map(([name, label = '']) => ({ name, label, from })),
      )
      const unset = found.filter(({ name }) => !Object.hasOwn(task.env, name))
      return made(
        unset,
        unset.map(({ name, from }) => `${from}: ${name}`).join('\n') ||
          `task ${task.name} refers to no network variable`,
      )
    },
  }),
  derivation({
    provides: 'alloc.port-ways',
    about: 'alloc',
    from: ['alloc.record', 'group.spec'],
    make: ({ 'alloc.record': { ports }, 'group.spec': group }, _, { names }) => {
      const declared = new Set((group.network?.ports ?? []).map(({ label }) => label))
      const ways = ports.filter(({ label }) => declared.has(label)).map((port) => wayOf(port, group, names.port))
      return made(
        ways,
        ways
          .map(
            (way) =>
              `port ${way.label}: ${way.hostIp}:${way.hostPort} -> ${way.inside} (${way.mapper} maps it, ${way.namespace} namespace)`,
          )
          .join('\n') || 'no port',
      )
    },
  }),
  derivation({
    provides: 'alloc.listening',
    about: 'alloc',
    from: ['alloc.port-ways', 'alloc.record', 'group.spec'],
    maybe: ['alloc.netns.listeners', 'node.listeners', 'alloc.checks'],
    shows: ['alloc.netns.listeners', 'node.listeners'],
    make: (
      { 'alloc.port-ways': ways, 'alloc.record': { address }, 'group.spec': group },
      { 'alloc.netns.listeners': own, 'node.listeners': host, 'alloc.checks': checks },
    ) => {
      const seen = { ways, group, address, own, host, checks }
      const wanted = ways.filter((way) => way.wanted)
      const found = wanted.map((way) => listeningPort(way, seen))
      const why = found.find((one) => typeof one === 'string')
      if (why !== undefined) return notKnown(why)
      const ports = found.filter((one) => typeof one !== 'string')
      const looked = new Set(wanted.flatMap((way) => lookedAt(way, seen)))
      const rests = (['alloc.netns.listeners', 'node.listeners', 'alloc.checks'] as const).filter((one) =>
        looked.has(one),
      )
      const [shown] = rests
      const value = made(ports, ports.map(lineOf).join('\n') || 'nobody relies on a port', shown, [...always, ...rests])
      const decide = [...(own ?? []), ...(host ?? [])].filter(({ port }) =>
        ports.some(({ inside, others }) => port === inside || others.includes(port)),
      )
      return decide.length > 0 && decide.every(({ proto }) => proto === 'udp') ? shownByUdp(value) : value
    },
  }),
]

const always = ['alloc.port-ways', 'alloc.record', 'group.spec'] as const

const lineOf = ({ label, inside, state, ...rest }: ListeningPort): string => {
  const named = namedElsewhere(rest)
  return `port ${label}: ${inside} is ${state}${named === '' ? '' : `; other ports: ${named}`}`
}
