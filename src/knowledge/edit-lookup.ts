/** Edits that have a task look a service up where a text of it names an address. */
import { uncommented } from '../embedded-text.ts'
import { add, remove, reword, unset, type Edit } from './edit.ts'
import type { At } from './place.ts'
import type { GroupSpec, ServiceSpec, TaskSpec, TaskText } from './shapes/job.ts'
import type { Called } from './shapes/said.ts'

/** The service of a group on a port block with this number, or its only one. */
export function serviceOf({ network, services, tasks }: GroupSpec, port?: number): ServiceSpec | undefined {
  const all = [...services, ...tasks.flatMap((task) => task.services)].filter(
    ({ connect, provider, name }) => !connect && ['nomad', 'consul'].includes(provider) && !name.includes('${'),
  )
  const labels = (network?.ports ?? []).filter(({ to, static: host }) => to === port || host === port)
  const on = all.filter((one) => labels.some(({ label }) => label === one.port) || one.port === String(port))
  const [only, ...more] = on.length > 0 ? on : all
  return more.length === 0 ? only : undefined
}

const around = ({ name, provider }: ServiceSpec): readonly [string, string] =>
  provider === 'consul'
    ? [`{{- with service "${name}" }}{{ with index . 0 }}`, '{{- end }}{{ end }}']
    : [`{{- range nomadService 1 (env "NOMAD_ALLOC_ID") "${name}" }}`, '{{- end }}']
const place = '{{ .Address }}:{{ .Port }}'

/** In one line; where nobody is registered a place at which nobody listens, so that the text stays valid. */
const inLine = (service: ServiceSpec): string => {
  const [open, close] = around(service).map((one) => one.replace('{{-', '{{'))
  const otherwise = '{{ else }}127.0.0.1:65535'
  return service.provider === 'consul'
    ? `${open}${place}{{ end }}${otherwise}{{ end }}`
    : `${open}${place}${otherwise}${close}`
}

/** `dialled` as it is written; undefined where it stands in arguments, which no template can fill. */
export function lookedUp(
  at: At,
  dialled: string,
  task: TaskSpec,
  service: ServiceSpec | undefined,
): readonly Edit[] | undefined {
  const [block, name] = Array.isArray(at) ? (at as unknown as readonly [object, string]) : []
  if (block === undefined || !service) return undefined
  const { kind, from, variable } = block as Partial<TaskText>
  const template = task.templates.find(
    (one) => one === block || (kind === 'template' && from === `template ${one.destination} of task ${task.name}`),
  )
  if (template) return [reword(template, 'data', dialled, inLine(service))]
  const key = block === task.env ? name : kind === 'env' ? variable : undefined
  const value = key === undefined ? undefined : task.env[key]
  if (key === undefined || value === undefined || !value.includes(dialled)) return undefined
  if (/[\n$]|\{\{/.test(value.replace(dialled, ''))) return undefined
  return asTemplate(task, { [key]: value.replace(dialled, place) }, around(service))
}

/** The same for a call, whose port may stand in a variable of its own. */
export function lookedUpCall(
  { host, port, apart, at }: Called,
  task: TaskSpec,
  service: ServiceSpec | undefined,
): readonly Edit[] | undefined {
  if (!apart) return lookedUp(at, `${host}:${port}`, task, service)
  const [name, number] = [at, apart.at].map((one) => variableOf(one, task))
  if (!service || name === undefined || number === undefined) return undefined
  const values = { [name]: '{{ .Address }}', [number]: '{{ .Port }}' }
  return asTemplate(task, values, around(service))
}

/** The variable of the env block that a text is the value of. */
function variableOf(at: At, { env }: TaskSpec): string | undefined {
  const [block] = Array.isArray(at) ? (at as unknown as readonly [Partial<TaskText>]) : []
  return block?.kind === 'env' && block.variable !== undefined && block.variable in env ? block.variable : undefined
}

/** Variables that a template sets instead of the env block. */
function asTemplate(
  task: TaskSpec,
  values: Readonly<Record<string, string>>,
  [open, close]: readonly [string, string],
): readonly Edit[] {
  const names = Object.keys(values)
  const [first = ''] = names
  const heredoc = ['data', [open, ...names.map((name) => `${name}=${values[name] ?? ''}`), close]] as const
  const attrs = [
    ['destination', `local/${first.toLowerCase()}.env`],
    ['env', true],
  ] as const
  const all = Object.keys(task.env).every((name) => names.includes(name))
  const gone = all ? [remove(task.env)] : names.map((name) => unset(task.env, name))
  return [...gone, add(task, { type: 'template', attrs, heredoc })]
}

/** The client's own address as a text says it: templates have it by another spelling. */
export const clientAddress = ({ kind }: Pick<TaskText, 'kind'>): string =>
  kind === 'template' ? '{{ env "attr.unique.network.ip-address" }}' : '${attr.unique.network.ip-address}'

const call =
  /(?<![\w."$])(nomadService|service)\s+(\d+\s+(?:\([^)]*\)|"[^"]*"|\S+)\s+)?"((?:[\w.-]+\.)?)([\w-]+)([@|~?][^"]*)?"/g
export interface Asking {
  readonly fn: string
  /** `1 (env "NOMAD_ALLOC_ID") `; '' when it asks for all. */
  readonly choice: string
  /** With its dot; '' when there is none. */
  readonly tag: string
  readonly name: string
  /** Datacenter, filter or region, with their signs. */
  readonly rest: string
}

/** Each once: a text is exchanged wherever it stands. */
const callsIn = (data: string): readonly RegExpExecArray[] =>
  [...uncommented(data).matchAll(call)].filter(([text], i, all) => all.findIndex(([one]) => one === text) === i)

/** Where a template of a task asks a catalogue for a service. */
export function askedAt({ templates }: TaskSpec, service: string, fn: string): At | undefined {
  for (const template of templates) {
    const found = callsIn(template.data).find(([, own, , , name]) => own === fn && name === service)
    if (found) return [template, 'data', found[0]]
  }
  return undefined
}

/** The calls for a service in the templates of a task, each exchanged for what `change` makes of it. */
export const asked = (
  { templates }: TaskSpec,
  service: string,
  change: (call: Asking) => string | undefined,
): readonly Edit[] =>
  templates.flatMap((template) =>
    callsIn(template.data).flatMap(([text, fn = '', choice = '', tag = '', name = '', rest = '']) => {
      const to = name === service ? change({ fn, choice, tag, name, rest }) : undefined
      return to === undefined || to === text ? [] : [reword(template, 'data', text, to)]
    }),
  )

/** The same call of the other catalogue; filters have no counterpart there. */
export const inCatalogue =
  (lives: 'nomad' | 'consul') =>
  ({ fn, tag, name, rest }: Asking): string | undefined => {
    const to = lives === 'nomad' ? 'nomadService' : 'service'
    return fn === to || rest !== '' ? undefined : `${to} "${tag}${name}"`
  }
