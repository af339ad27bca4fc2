import { uncommented } from '../../embedded-text.ts'
import { placeOf, setPlace } from '../../knowledge/place.ts'
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

/** Every text of a task: environment, driver arguments, templates; without what is a comment there. */
export function textsOf(task: TaskSpec): readonly TaskText[] {
  const of = (what: string): string => `${what} of task ${task.name}`
  return [
    ...Object.entries(task.env).map(([variable, text]) =>
      placed({ text: uncommented(text), from: of(`env ${variable}`), kind: 'env', variable }, task.env, variable),
    ),
    ...Object.entries(task.config)
      .filter(([key]) => !silent.has(key))
      .map(([key, value]) =>
        placed(
          { text: strings(value).map(uncommented).join(' '), from: of(`config ${key}`), kind: 'config' },
          task.config,
          key,
        ),
      )
      .filter(({ text }) => text !== ''),
    ...task.templates.map((template) =>
      placed(
        {
          text: uncommented(template.data),
          from: of(`template ${template.destination}`),
          kind: 'template',
          ...(template.delimiters ? { delimiters: template.delimiters } : {}),
        },
        template,
        'data',
      ),
    ),
  ]
}

/** A text knows where it stands in the job file, so that a fault can point into it: `[text, 'text', part]`. */
function placed(text: TaskText, block: object, attribute: string): TaskText {
  const attr = placeOf(block)?.attrs[attribute]
  if (attr) setPlace(text, { block: attr, title: '', attrs: { text: attr } })
  return text
}

function strings(value: unknown): readonly string[] {
  if (typeof value === 'string') return [value]
  if (typeof value !== 'object' || value === null) return []
  return Object.values(value).flatMap(strings)
}

export interface TemplateVariable {
  readonly variable: string
  readonly destination: string
  /** The service whose instances stand before it in the template; missing where none does. */
  readonly service?: string
}

/** Environment variables that templates write, by the name before the equals sign. */
export const templateVariables = (task: TaskSpec): readonly TemplateVariable[] =>
  task.templates
    .filter(({ env }) => env)
    .flatMap(({ data, destination }) =>
      [...data.matchAll(/(?:^|[\n}])[ \t]*(?:export[ \t]+)?([A-Za-z_][A-Za-z0-9_.-]*)[ \t]*=/g)].map(
        ({ 1: variable = '', index }) => {
          const service = [...data.slice(0, index + 1).matchAll(asked)].at(-1)?.[1]
          return { variable, destination, ...(service === undefined ? {} : { service }) }
        },
      ),
    )

/** `nomadService "api"`, `service "tag.api@dc1|passing"`. */
const asked = /\b(?:nomadService|service)\s+"(?:[^"]*\.)?([\w-]+)(?:[@|][^"]*)?"/g
