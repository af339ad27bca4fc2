/** Facts that follow from the texts of a job alone: what it says before anything runs. */
import { meshOf } from '../../knowledge/mesh.ts'
import { slipped } from '../../knowledge/slipped.ts'
import type { GroupSpec } from '../../knowledge/shapes/job.ts'
import type { DeclaredPort } from '../../knowledge/shapes/said.ts'
import { derivation, made, type AnyDerivation } from '../derivation.ts'
import { asksOf } from '../discovery/asks.ts'
import { publishes, serversOf } from '../ports/namespace.ts'
import { wayOf } from '../ports/ways.ts'
import { callsOf, listeningOf } from './places.ts'

const shown = (places: readonly { task: string; host: string; port?: number; label?: string }[], none: string) =>
  places.map(({ task, host, port, label }) => `${task}: ${host}:${port ?? label ?? ''}`).join('\n') || none

export const saidDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'group.listens',
    about: 'group',
    from: ['group.spec'],
    make: ({ 'group.spec': group }) => {
      const found = group.tasks.flatMap(listeningOf)
      return made(found, shown(found, `group ${group.name}: no task says where it listens`))
    },
  }),
  derivation({
    provides: 'group.calls',
    about: 'group',
    from: ['group.spec'],
    make: ({ 'group.spec': group }) => {
      const found = group.tasks.flatMap(callsOf)
      return made(found, shown(found, `group ${group.name}: no task names an address`))
    },
  }),
  derivation({
    provides: 'task.asks',
    about: 'task',
    from: ['task.spec', 'group.spec'],
    make: ({ 'task.spec': task, 'group.spec': group }) => {
      const asks = asksOf(task, group)
      const lines = asks.map(({ via, name, where }) => `${where}: ${name} (${via})`)
      return made(asks, lines.join('\n') || `task ${task.name} asks for no name`)
    },
  }),
  derivation({
    provides: 'cluster.service-names',
    about: 'cluster',
    from: ['cluster.services'],
    make: ({ 'cluster.services': native }) => {
      const names = [...new Set(native.map(({ name }) => name))]
      return made(names, names.join('\n') || 'no service')
    },
  }),
  derivation({
    provides: 'task.slip',
    about: 'task',
    from: ['task.asks', 'group.spec', 'job.spec', 'cluster.service-names'],
    make: ({ 'task.asks': asks, 'group.spec': group, 'job.spec': job, 'cluster.service-names': elsewhere }) => {
      const found = slipped(asks, group, job, elsewhere)
      return made(found, found ? `${found.ask.where}: ${found.ask.name}; this job registers ${found.meant}` : 'none')
    },
  }),
  derivation({
    provides: 'group.ports',
    about: 'group',
    from: ['group.spec'],
    make: ({ 'group.spec': group }) => {
      const ports = declared(group)
      return made(
        ports,
        ports.map(({ label, inside }) => `port ${label}: ${inside ?? 'as the scheduler chooses'}`).join('\n') ||
          'no port',
      )
    },
  }),
]

function declared(group: GroupSpec): readonly DeclaredPort[] {
  return (group.network?.ports ?? []).map((port): DeclaredPort => {
    const { label, static: host = 0, to = 0, hostNetwork } = port
    const way = wayOf({ label, hostIp: '', hostPort: host, to, hostNetwork }, group, undefined)
    const { mapper, namespace, inside, service } = way
    const servers = serversOf(group, label).map(({ name }) => name)
    return {
      label,
      port,
      mapper,
      namespace,
      servers,
      ...(mayBeProxied(group, label) ? { proxied: true } : {}),
      ...(inside > 0 ? { inside } : {}),
      ...(service === undefined ? {} : { service }),
    }
  })
}

/** Proxies listen for metrics and the like where the defaults of Consul say so, which no job file shows. */
function mayBeProxied(group: GroupSpec, label: string): boolean {
  if (['none', 'native'].includes(meshOf(group))) return false
  const services = [...group.services, ...group.tasks.flatMap((task) => task.services)]
  const given = services.some(
    ({ port, task, connect }) => port === label && (task !== undefined || connect?.sidecar !== undefined),
  )
  return !given && !group.tasks.some((task) => publishes(task, label))
}
