import { edits, reword } from '../../edit.ts'
import { configList, joins } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Namespace } from '../../shapes/port.ts'

const address = /^(?:\d{1,3}(?:\.\d{1,3}){3}|[0-9a-f:]*:[0-9a-f:.]*)$/i

/** What Nomad makes of extra_hosts in the one hosts file of a group. Source: drivers/shared/hostnames/mount.go. */
function broken(spec: GroupSpec, namespaces: Readonly<Record<string, Namespace>>) {
  const inside = spec.tasks.filter((task) => joins(task, namespaces[task.name] ?? 'unsure'))
  const entries = inside.flatMap((task) =>
    configList(task, 'extra_hosts').map((entry) => ({
      task: task.name,
      entry,
      at: [task.config, 'extra_hosts', entry] as const,
    })),
  )
  const invalid = entries.find(({ entry }) => !entry.includes('${') && !address.test(after(entry)))
  if (invalid) return { ...invalid, kind: 'invalid' as const }
  const lost = entries.find(({ entry }) => inside.some((task) => !configList(task, 'extra_hosts').includes(entry)))
  return lost && { ...lost, kind: 'lost' as const }
}

/** Nomad splits at the first colon. */
const after = (entry: string): string => entry.slice(entry.indexOf(':') + 1)

const hosts = (...lists: readonly (readonly string[])[]): GroupSpec =>
  group({
    tasks: lists.map((list, i) => task({ name: `t${i}`, config: list.length > 0 ? { extra_hosts: list } : {} })),
  })

export const extraHostsLostOrInvalid = fault({
  id: 'extra-hosts-lost-or-invalid',
  about: 'group',
  title: 'Entries of extra_hosts are refused or lost, because the group shares one hosts file',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'failed to build mount for /etc/hosts: invalid IP address "<host>:host-gateway"',
    'failed to build mount for /etc/hosts: invalid hosts entry "<entry>"',
    'conflicting options: custom host-to-IP mapping and the network mode',
  ],
  onlyWhen: { 'group.network.mode': ['bridge', 'cni', 'none'] },
  needs: ['group.spec', 'group.task-namespaces'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = broken(spec, namespaces)
    if (!found) return false
    return found.kind === 'invalid'
      ? {
          at: found.at,
          says: `Task ${found.task} has extra_hosts entry "${found.entry}", ${found.entry.includes(':') ? 'whose second part is no address' : 'which is not of the form name:address'}: in group ${spec.name} Nomad writes the hosts file itself and refuses it`,
        }
      : {
          says: `Only some docker tasks of group ${spec.name} have extra_hosts entry "${found.entry}": the first one to start writes the hosts file for all, so it may be missing in task ${found.task}`,
          severity: 'risks',
          at: found.at,
        }
  },
  intended: 'where only the tasks that have the entry look the name up',
  byHand:
    'nomad alloc status <alloc>: event Driver Failure with "failed to build mount for /etc/hosts"; or cat /etc/hosts in the task, which lacks the entry.',
  explains: [],
  because:
    "In a bridge group the hosts file belongs to the allocation: Nomad generates it once, when the first docker task starts, and mounts it into all of them. Entries of tasks that start later (the proxy of a sidecar counts) are not added. The entries are checked as addresses, so docker's keyword host-gateway, which docker itself would replace, makes the task fail.",
  fix: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = broken(spec, namespaces)
    return found?.kind === 'invalid'
      ? [
          {
            do: 'Write an address: "<name>:${attr.unique.network.ip-address}" is the client itself, instead of host-gateway',
            on: 'job file',
            risk: 'The allocation is replaced',
            ...edits(
              found && found.entry.endsWith(':host-gateway')
                ? [reword(found.at[0], 'extra_hosts', 'host-gateway', '${attr.unique.network.ip-address}')]
                : undefined,
              'the job does not say which address is meant',
            ),
          },
        ]
      : [
          {
            do: 'Give every docker task of the group the same extra_hosts, sidecar_task included',
            on: 'job file',
            risk: 'The allocation is replaced',
          },
        ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific',
    'drivers/shared/hostnames/mount.go',
    'https://github.com/hashicorp/nomad/issues/12373',
  ],
  versions: { nomad: '>= 1.1.3', of: 'group.client-versions' },
  since: '0.1.0',
  examples: [
    {
      name: 'host-gateway',
      given: {
        'group.network.mode': 'bridge',
        'group.client-versions': ['2.0.5'],
        'group.spec': hosts(['docker-host:host-gateway']),
        'group.task-namespaces': { t0: 'group' },
      },
      then: 'present',
    },
    {
      name: 'only one of two tasks has the entry',
      given: {
        'group.network.mode': 'bridge',
        'group.client-versions': ['2.0.5'],
        'group.spec': hosts(['db:10.0.0.9'], []),
        'group.task-namespaces': { t0: 'group', t1: 'group' },
      },
      then: 'present',
    },
    {
      name: 'clients that make a file for each task',
      given: {
        'group.network.mode': 'bridge',
        'group.client-versions': ['1.1.2'],
        'group.spec': hosts(['db:10.0.0.9'], []),
        'group.task-namespaces': { t0: 'group', t1: 'group' },
      },
      then: 'absent',
    },
    {
      name: 'both have it',
      given: {
        'group.network.mode': 'bridge',
        'group.client-versions': ['2.0.5'],
        'group.spec': hosts(['db:10.0.0.9'], ['db:10.0.0.9']),
        'group.task-namespaces': { t0: 'group', t1: 'group' },
      },
      then: 'absent',
    },
    {
      name: 'an IPv6 address needs no brackets',
      given: {
        'group.network.mode': 'bridge',
        'group.client-versions': ['2.0.5'],
        'group.spec': hosts(['db:fd00::9']),
        'group.task-namespaces': { t0: 'group' },
      },
      then: 'absent',
    },
    {
      name: 'in host mode docker reads the list itself',
      given: {
        'group.network.mode': 'host',
        'group.client-versions': ['2.0.5'],
        'group.spec': hosts(['docker-host:host-gateway']),
        'group.task-namespaces': { t0: 'container' },
      },
      then: 'absent',
    },
  ],
})
