/** Variables that Nomad sets for ports and upstreams, as the texts of a task refer to them. Pure. */
import { clean, labelsOf } from './container.ts'
import type { GroupSpec, TaskSpec, TaskText } from './shapes/job.ts'

/** One reference. `of`: the port label or the upstream in its name. */
export interface Reference {
  readonly name: string
  readonly prefix: string
  readonly of: string
  readonly upstream: boolean
  readonly at: TaskText
}

const variable = String.raw`(NOMAD_(?:UPSTREAM_|HOST_)?(?:ADDR|IP|PORT)_)([\w.-]+)`
const filledIn = new RegExp(String.raw`\$\{${variable}\}`, 'g')
/** As a shell reads it: no default and no condition fits on a name without braces. */
const bare = /(?<![\w$\\])\$(NOMAD_(?:UPSTREAM_|HOST_)?(?:ADDR|IP|PORT)_)(\w+)/g
const asked = (text: string, name: string): boolean =>
  new RegExp(String.raw`(?:-[nz]|-v)\s+["']?\$?\{?${name}(?!\w)`).test(text)
const looked = new RegExp(String.raw`\{\{-?\s*env\s+"${variable}"\s*-?\}\}`, 'g')

/** References that need a value: what a default or a condition stands around may be missing on purpose. */
export const references = (texts: readonly TaskText[]): readonly Reference[] =>
  texts.flatMap((at) =>
    [filledIn, bare, ...(at.kind === 'template' ? [looked] : [])].flatMap((pattern) =>
      [...at.text.matchAll(pattern)]
        .map(([, prefix = '', of = '']) => ({
          name: `${prefix}${of}`,
          prefix,
          of,
          upstream: prefix.startsWith('NOMAD_UPSTREAM_'),
          at,
        }))
        .filter(({ name }) => !asked(at.text, name)),
    ),
  )

const spellings = (name: string): readonly string[] => [name, clean(name)]
const byTask = ({ name }: TaskSpec, labels: readonly string[]) =>
  labels.flatMap((label) => [`${name}_${label}`, clean(`${name}_${label}`)])
const ownPorts = ({ networks }: TaskSpec) => networks.flatMap(({ ports }) => ports.map(({ label }) => label))

/** What may follow NOMAD_ADDR_ in a group: its labels, and labels of tasks, alone or behind the task's name. */
export const portNames = (group: GroupSpec): ReadonlySet<string> =>
  new Set([
    ...labelsOf(group).flatMap(spellings),
    // The servers add a port of this label for the sidecar.
    ...group.services.flatMap(({ connect }) => spellings(connect?.sidecar?.port ?? '')),
    ...group.tasks.flatMap((task) => [...ownPorts(task).flatMap(spellings), ...byTask(task, ownPorts(task))]),
    ...group.tasks.flatMap((task) => byTask(task, labelsOf(group))),
  ])

export const upstreamNames = ({ services }: GroupSpec): readonly string[] =>
  services.flatMap(({ connect }) => (connect?.sidecar?.upstreams ?? []).map(({ destination }) => destination))

/** Ports that Nomad adds to a group itself, for sidecars, gateways and exposed checks. */
export const addedByNomad = (label: string): boolean => /^(?:connect[-_]|svc_)/.test(label)

/** How Nomad writes a label behind a prefix: https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings */
export const spelt = (prefix: string, label: string): string =>
  `${prefix}${/^NOMAD_HOST_(?:ADDR|IP)_$/.test(prefix) ? label : clean(label)}`
