import type { GroupSpec } from '../knowledge/shapes/job.ts'
import type { NetworkMode } from '../knowledge/facts/group.ts'
import { readable } from '../knowledge/hole.ts'
import { current } from './current.ts'
import { derivation, made, notKnown, type AnyDerivation } from './derivation.ts'
import { textsOf } from './path/texts.ts'
import { quoted } from '../knowledge/quoted.ts'

/** Modes as the scheduler reads them, case included. Source: nomad/structs/network.go, `NetworkResource.Mode`. */
export function modeOf(group: GroupSpec): NetworkMode {
  const mode = group.network?.mode ?? ''
  if (mode === '' || mode === 'host') return 'host'
  if (mode === 'bridge' || mode === 'none') return mode
  return mode.startsWith('cni/') ? 'cni' : 'other'
}

export const groupDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'group.spec',
    about: 'group',
    from: ['job.spec'],
    make: ({ 'job.spec': job }, _, { names }) => {
      const group = job.groups.find(({ name }) => name === names.group)
      return group
        ? made(
            group,
            readable(() => excerptOf(group), group.name),
          )
        : notKnown(`job ${job.id} has no group ${names.group ?? ''}`, 'not-found')
    },
  }),
  derivation({
    provides: 'group.network.mode',
    about: 'group',
    from: ['group.spec'],
    make: ({ 'group.spec': group }) =>
      made(modeOf(group), `group ${group.name}: network mode = "${group.network?.mode ?? ''}"`),
  }),
  derivation({
    provides: 'group.network.mode-text',
    about: 'group',
    from: ['group.spec'],
    make: ({ 'group.spec': group }) => group.network?.mode || 'host',
  }),
  derivation({
    provides: 'group.current',
    about: 'group',
    from: ['job.allocations'],
    make: ({ 'job.allocations': records }, _, { names }) => {
      const own = current(records, names.group)
      return made(
        own,
        own.map(({ id, clientStatus, nodeName }) => `${id.slice(0, 8)} ${clientStatus} on ${nodeName}`).join('\n') ||
          'no allocation',
      )
    },
  }),
  derivation({
    provides: 'task.spec',
    about: 'task',
    from: ['group.spec'],
    make: ({ 'group.spec': group }, _, { names }) => {
      const task = group.tasks.find(({ name }) => name === names.task)
      return task
        ? made(
            task,
            readable(() => `task ${task.name}: driver = "${task.driver}"\n${JSON.stringify(task.config)}`, task.name),
          )
        : notKnown(`group ${group.name} has no task ${names.task ?? ''}`, 'not-found')
    },
  }),
  derivation({
    provides: 'task.texts',
    about: 'task',
    from: ['task.spec'],
    make: ({ 'task.spec': task }) => {
      const texts = textsOf(task)
      return made(
        texts,
        texts.map(({ from, text }) => `${from}: ${quoted(text, 200)}`).join('\n') ||
          `task ${task.name}: no environment, no arguments, no templates`,
      )
    },
  }),
  derivation({
    provides: 'task.started',
    about: 'task',
    from: ['job.spec', 'task.spec'],
    maybe: ['group.current'],
    shows: 'group.current',
    make: ({ 'job.spec': { version }, 'task.spec': task }, { 'group.current': records }, { draft }) => {
      if (draft) return made('no', 'the job exists only as a file')
      if (!records) return notKnown('the allocations of the job are not known')
      const own = records.find(
        ({ jobVersion, tasks }) =>
          jobVersion === version &&
          tasks.some(
            // Nomad keeps the ten newest events of a task alone: one that runs has started, whatever is left of them.
            ({ name, state, events }) =>
              name === task.name && (state === 'running' || events.some(({ type }) => type === 'Started')),
          ),
      )
      return own
        ? made('yes', `allocation ${own.id.slice(0, 8)}: task ${task.name} has started`)
        : made('no', `no allocation of version ${version} has started task ${task.name}`)
    },
  }),
  derivation({
    provides: 'task.driver',
    about: 'task',
    from: ['task.spec'],
    make: ({ 'task.spec': task }) => task.driver,
  }),
]

/** The network and service lines of a group, as evidence. */
function excerptOf({ name, network, services }: GroupSpec): string {
  const ports = (network?.ports ?? []).map(
    ({ label, static: host, to }) =>
      `port "${label}" {${host === undefined ? '' : ` static = ${host}`}${to === undefined ? '' : ` to = ${to}`} }`,
  )
  const named = services.map(
    (service) => `service "${service.name}" port = "${service.port}" provider = "${service.provider}"`,
  )
  const dns = network?.dns ? [`dns servers = [${network.dns.servers.join(', ')}]`] : []
  return [`group "${name}" network mode = "${network?.mode ?? ''}"`, ...dns, ...ports, ...named].join('\n')
}
