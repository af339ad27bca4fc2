import type { TaskSpec, TaskText } from '../../knowledge/shapes/job.ts'

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
export function textsOf(task: TaskSpec): readonly TaskText[] {
  const of = (what: string): string => `${what} of task ${task.name}`
  return [
    ...Object.entries(task.env).map(([variable, text]): TaskText => ({
      text,
      from: of(`env ${variable}`),
      kind: 'env',
      variable,
    })),
    ...Object.entries(task.config)
      .filter(([key]) => !silent.has(key))
      .map(([key, value]): TaskText => ({ text: strings(value).join(' '), from: of(`config ${key}`), kind: 'config' }))
      .filter(({ text }) => text !== ''),
    ...task.templates.map(({ data, destination }): TaskText => ({
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
