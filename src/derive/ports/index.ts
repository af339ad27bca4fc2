/** Facts about ports: who maps them, where the process must listen, and whether it does. */
import { networkVariable } from '../path/ways.ts'
import { textsOf } from '../path/texts.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'
import { listeningPort } from './listening.ts'
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
    make: ({ 'alloc.record': record }) => record.clientStatus,
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
    make: (
      { 'alloc.port-ways': ways, 'alloc.record': { address }, 'group.spec': group },
      { 'alloc.netns.listeners': own, 'node.listeners': host, 'alloc.checks': checks },
    ) => {
      const found = []
      for (const way of ways.filter(({ wanted }) => wanted)) {
        const { namespace, mapper, service } = way
        if (namespace === 'container' && mapper === 'nobody')
          found.push({ ...way, state: 'apart' as const, others: [], atTo: false })
        else if (namespace === 'group' || namespace === 'host') {
          const sockets = namespace === 'group' ? own : host
          if (!sockets)
            return notKnown(
              namespace === 'group'
                ? "the sockets in the allocation's namespace are not known"
                : 'the sockets of the client are not known',
            )
          found.push(listeningPort(way, ways, sockets, group, address))
        } else {
          // The container's sockets cannot be seen; a check that passes comes through the same port.
          if (!checks?.some((check) => check.service === service && check.status === 'success'))
            return notKnown(`the sockets behind port ${way.label} cannot be seen, and no check of it passes`)
          found.push({ ...way, state: 'open' as const, others: [], atTo: false })
        }
      }
      return made(
        found,
        found
          .map(
            ({ label, inside, state, others }) =>
              `port ${label}: ${inside} is ${state}${others.length > 0 ? `; other ports: ${others.join(', ')}` : ''}`,
          )
          .join('\n') || 'nobody relies on a port',
      )
    },
  }),
]
