/** Small questions about what a job file says, shared by the rules that judge files alone. Pure. */
import { isLoopback, servicesOf } from './discovery.ts'
import { proxyListens } from './mesh.ts'
import type { At } from './place.ts'
import { placedTexts } from './templates.ts'
import type { Namespace } from './shapes/port.ts'
import type { GroupSpec, JobSpec, PortSpec, ServiceSpec, TaskSpec } from './shapes/job.ts'
import type { DeclaredPort, Said } from './shapes/said.ts'
import { bracketed } from './words.ts'

/** All that is written for the program in a task: arguments, environment, templates. */
const written = ({ config, env, templates }: TaskSpec): string =>
  [
    ...['command', 'args', 'entrypoint', 'cmd'].map((key) => JSON.stringify(config[key] ?? '')),
    ...Object.entries(env).map(([name, text]) => `${name}=${text}`),
    ...templates.map(({ data }) => data),
  ].join('\n')

/** The number or the words stand somewhere in it, as a whole. */
export const mentions = (task: TaskSpec, what: number | string): boolean =>
  new RegExp(String.raw`(?<![\w.])${String(what).replace(/[^\w]/g, String.raw`\$&`)}(?![\w]|\.\d)`).test(written(task))
export const mentionsAny = (tasks: readonly TaskSpec[], whats: readonly (number | string)[]): boolean =>
  tasks.some((task) => whats.some((what) => mentions(task, what)))

/** A template or a file from elsewhere may say more than the job file does. */
export const servers = (port: DeclaredPort, group: GroupSpec): readonly TaskSpec[] =>
  group.tasks.filter(({ name }) => port.servers.includes(name))

const named = ({ what }: Said, label: string): boolean =>
  what !== '' &&
  label
    .toLowerCase()
    .split(/[-_]/)
    .some((part) => what.split(' ').includes(part))
const of = (port: DeclaredPort, listens: readonly Said[]): readonly Said[] =>
  listens.filter(
    ({ task, by, udp, port: at }) => port.servers.includes(task) && by === 'text' && !udp && at !== undefined,
  )

/**
 * The places on which the task of a port says it listens instead of where the port leads; none where the port is heard,
 * where it may be a proxy's, or where it cannot be told which place is meant for which port.
 */
export function elsewhere(
  port: DeclaredPort,
  ports: readonly DeclaredPort[],
  listens: readonly Said[],
): readonly Said[] {
  if (port.proxied) return []
  const own = of(port, listens)
  if (own.some((said) => said.port === port.inside)) return []
  const meant = own.filter((said) => named(said, port.label))
  if (meant.length > 0) return meant
  const others = ports.filter((one) => one !== port && one.servers.some((task) => port.servers.includes(task)))
  const settled = (one: DeclaredPort): boolean => own.some((said) => said.port === one.inside || named(said, one.label))
  if (!others.every(settled)) return []
  return own.filter(({ what, port: at }) => what === '' && !others.some(({ inside }) => inside === at))
}

/** A place on which the task of a port says it listens for it, and the text that says the address. */
export interface HeardAt extends Said {
  readonly written: string
}

const variable = (label: string): string => label.replaceAll('-', '_')
const known = ({ inside }: DeclaredPort, { port, label, outside }: Said, own: string): boolean =>
  port === undefined ? label === variable(own) && outside !== true : port === inside

/** Where no address stands with the port, the one that stands alone in the same task: `--bind 127.0.0.1 --port 8080`. */
export function heardAt(port: DeclaredPort, listens: readonly Said[]): readonly HeardAt[] {
  const own = listens.filter(({ task, udp }) => port.servers.includes(task) && !udp)
  return own
    .filter((said) => (said.port ?? said.label) !== undefined && known(port, said, port.label))
    .flatMap((said): readonly HeardAt[] => {
      const number = said.port ?? `\${NOMAD_PORT_${said.label ?? ''}}`
      const alone = own.filter(
        ({ task, port: at, label, what }) =>
          task === said.task && at === undefined && label === undefined && what === '',
      )
      const [bound] = alone
      if (said.host !== '' || !bound)
        return said.by === 'text' ? [{ ...said, written: `${bracketed(said.host)}:${number}` }] : []
      // Several addresses, or a task of which it is not sure that it serves the port.
      if (port.servers.length > 1 || !alone.every(({ host }) => loops(host))) return [{ ...said, written: '' }]
      return [{ ...said, host: bound.host, at: bound.at, from: bound.from, written: bracketed(bound.host) }]
    })
}

/** The place on which the task of a port listens for the port outside, which is not the one inside. */
export const heardOutside = (port: DeclaredPort, listens: readonly Said[]): Said | undefined =>
  listens.find(
    ({ task, udp, by, label, outside }) =>
      port.servers.includes(task) && !udp && by === 'text' && outside === true && label === variable(port.label),
  )

/** Tasks that run beside the main ones, not before or after them. */
export const lasting = ({ lifecycle }: TaskSpec): boolean =>
  lifecycle === undefined || lifecycle.sidecar || lifecycle.hook === 'poststart'
/** A task that has to end before the main tasks start. */
export const goesFirst = ({ lifecycle }: TaskSpec): boolean => lifecycle?.hook === 'prestart' && !lifecycle.sidecar

/** Nothing says so explicitly, but Nomad would keep these two apart or together: pinned to one client by name. */
export function pinned({ constraints }: Pick<GroupSpec, 'constraints'>): string | undefined {
  const unique = /^\$\{(?:attr\.unique\.hostname|node\.unique\.(?:name|id))\}$/
  return constraints.find(({ left, operand }) => unique.test(left) && ['=', '==', 'is', ''].includes(operand))?.right
}

export const loops = (host: string): boolean => isLoopback(host)

export const others = (job: JobSpec, { name }: GroupSpec): readonly GroupSpec[] =>
  job.groups.filter((group) => group.name !== name)

/** The number stands in a port block of the group. */
export const declares = ({ network }: GroupSpec, number: number): PortSpec | undefined =>
  network?.ports.find(({ static: host, to }) => host === number || to === number)

/** Something in the group may answer on this port of its loopback: what it says of its tasks, its mesh, its ports. */
export const answers = (group: GroupSpec, number: number, listens: readonly Said[], caller: string): boolean =>
  declares(group, number) !== undefined ||
  listens.some(({ port }) => port === number) ||
  group.services.some(
    ({ port, connect }) =>
      port === String(number) ||
      connect?.sidecar?.upstreams.some((one) => one.localBindPort === number) === true ||
      connect?.sidecar?.localServicePort === number ||
      connect?.listeners?.some((one) => one.port === number) === true ||
      connect?.sidecar?.expose?.some((one) => one.localPort === number) === true,
  ) ||
  proxyListens(group, number) ||
  group.tasks.some((task) => task.name !== caller && mentions(task, number))

/** Docker leads a host port to a container of its own; the label of it. */
export const published = ({ network, tasks }: GroupSpec, number: number): string | undefined => {
  const host = network === undefined || network.mode === '' || network.mode === 'host'
  const found = host ? network?.ports.find((port) => port.static === number) : undefined
  const label = found?.label
  const container = tasks.some(
    ({ driver, config }) =>
      driver === 'docker' &&
      (config['network_mode'] ?? 'bridge') === 'bridge' &&
      Array.isArray(config['ports']) &&
      config['ports'].includes(label),
  )
  return container ? label : undefined
}

export const servicesWith = (group: GroupSpec, provider: 'nomad' | 'consul'): readonly ServiceSpec[] =>
  servicesOf(group).filter((service) => service.provider === provider)

/** The number may be open on the client itself: a static port, or a task in the client's own namespace. */
export function onHost(
  group: GroupSpec,
  service: ServiceSpec,
  number: number,
  namespaces: Readonly<Record<string, Namespace>>,
): boolean {
  if (group.network?.ports.some(({ static: host }) => host === number) === true) return true
  const tasks = service.task === undefined ? group.tasks.map(({ name }) => name) : [service.task]
  return tasks.some((name) => !['group', 'container'].includes(namespaces[name] ?? ''))
}

/** Where a piece of text stands in a task. */
export function whereIn(task: TaskSpec, piece: string): At | undefined {
  const found = placedTexts(task).find(({ text }) => text.includes(piece))?.at
  return Array.isArray(found) ? [found[0] as object, found[1] as string, piece] : found
}

/** A group in host mode has no namespace of its own: a container on docker's bridge has, and another task has the client's. */
export const apartFrom = ({ network }: GroupSpec): string =>
  ['', 'host'].includes(network?.mode ?? '')
    ? 'and localhost of the caller is neither the client nor a container of that group'
    : 'with a network namespace of its own'
