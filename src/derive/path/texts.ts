import type { TaskSpec } from '../../knowledge/shapes/job.ts'

/** A text of a task in which an address, a name or a variable may stand. */
export interface Text {
  readonly text: string
  /** `env ORDERS of task loop`, `template local/upstreams.env of task loop`, ... */
  readonly from: string
  readonly kind: 'env' | 'template' | 'config'
  /** The environment variable it is the value of. */
  readonly variable?: string
}

/** Keys of a driver's config in which no peer's address stands. */
const silent = new Set([
  'image',
  'ports',
  'volumes',
  'mounts',
  'mount',
  'labels',
  'logging',
  'auth',
  'network_mode',
  'dns_servers',
])

/** Every text of a task: environment, driver arguments, templates. */
export function textsOf(task: TaskSpec): readonly Text[] {
  const of = (what: string): string => `${what} of task ${task.name}`
  return [
    ...Object.entries(task.env).map(([variable, text]): Text => ({
      text,
      from: of(`env ${variable}`),
      kind: 'env',
      variable,
    })),
    ...Object.entries(task.config)
      .filter(([key]) => !silent.has(key))
      .map(([key, value]): Text => ({ text: strings(value).join(' '), from: of(`config ${key}`), kind: 'config' }))
      .filter(({ text }) => text !== ''),
    ...task.templates.map(({ data, destination }): Text => ({
      text: data,
      from: of(`template ${destination}`),
      kind: 'template',
    })),
  ]
}

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(strings)
}

/** Environment variables that templates write, by the name before the equals sign. */
export const templateVariables = (task: TaskSpec): readonly { variable: string; destination: string }[] =>
  task.templates
    .filter(({ env }) => env)
    .flatMap(({ data, destination }) =>
      [...data.matchAll(/(?:^|[\n}])[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=/g)].map(
        ([, variable = '']) => ({ variable, destination }),
      ),
    )
