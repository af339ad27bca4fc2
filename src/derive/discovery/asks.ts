/** What a task asks for, read off its own text: templates, environment, arguments. Pure. */
import { uncommented } from '../../embedded-text.ts'
import type { Ask } from '../../knowledge/shapes/discovery.ts'
import { purposeOf } from '../../knowledge/variable-names.ts'
import type { GroupSpec, TaskSpec } from '../../knowledge/shapes/job.ts'

interface Text {
  readonly where: string
  readonly text: string
  /** It is not sure that the task dials what stands there: a name of its own, or one that a browser uses. */
  readonly told?: true
}

/** The texts of a task that name other services: no image names, no paths. */
export function textsOf({ templates, env, config }: TaskSpec): readonly Text[] {
  const words = ['command', 'args', 'entrypoint'].flatMap((key) => {
    const value = config[key]
    return Array.isArray(value) ? value.map(String) : typeof value === 'string' ? [value] : []
  })
  return [
    ...templates.map(({ destination, data }) => ({ where: `template ${destination}`, text: uncommented(data) })),
    ...Object.entries(env).map(([name, text]) => ({
      where: `environment variable ${name}`,
      text: uncommented(text),
      ...(purposeOf(name) === 'dialled' ? {} : { told: true as const }),
    })),
    ...(words.length > 0 ? [{ where: 'arguments', text: words.map(uncommented).join(' ') }] : []),
  ]
}

/** `tag.name@dc~near` and `tag.name@region`, as consul-template reads them. */
function serviceName(text: string): { name: string; tag?: string; datacenter?: string } | null {
  const parts = /^(?:([\w.-]+)\.)?([\w-]+)(?:@([\w.-]+))?(?:~[\w.-]+)?(?:\|[\w,]+)?$/.exec(text)
  if (!parts) return null
  const [, tag, name = '', datacenter] = parts
  return { name, ...(tag === undefined ? {} : { tag }), ...(datacenter === undefined ? {} : { datacenter }) }
}

const call =
  /(?<![\w."$])(nomadService|service|connect)\s+(?:\d+\s+(?:\([^)]*\)|"[^"]*"|\S+)\s+)?["`]([^"`]+)["`](?:\s+"([^"]*)")?/g

/** Calls of `nomadService`, `service` and `connect` with a name written out. */
export function templateAsks({ where, text }: Text): readonly Ask[] {
  const actions = [...text.matchAll(/\{\{-?\s*(?!\/\*)([\s\S]{0,4000}?)\}\}/g)].map(([, action = '']) => action)
  return actions.flatMap((action) =>
    [...action.matchAll(call)].flatMap(([, fn = '', spelt = '', states]): readonly Ask[] => {
      const named = serviceName(spelt)
      if (!named) return []
      const inName = /\|([\w,]+)$/.exec(spelt)?.[1]
      const wanted = states ?? inName
      const via = fn === 'nomadService' ? 'nomad-template' : 'consul-template'
      return [{ via, ...named, where, ...(wanted === undefined || fn === 'nomadService' ? {} : { states: wanted }) }]
    }),
  )
}

const consulName =
  /(?<![\w.-])(?:_([\w-]+)\._([\w-]+)|(?:([\w-]{1,63}(?:\.[\w-]{1,63}){0,8}?)\.)?([\w-]{1,63}))\.service(?:\.([\w-]+))?\.consul\b\.?(?::(\d{2,5}))?/gi
/** A port written beside a variable: the script resolved the name first (`nc -w 3 $ip 8080`). */
const besideVariable =
  /\b(?:nc|ncat|netcat|telnet|curl|wget|psql|mysql|redis-cli)\b[^\n|;&]{0,200}?\$\{?\w+\}?["']?[ :](\d{2,5})\b/

const host = '((?:[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?\\.)+[a-z]{2,63})\\.?'
const dialled = new RegExp(
  `(?:(?<![a-z0-9+])[a-z][a-z0-9+]{0,20}://(?:[^\\s/@]{0,200}@)?${host}(?::(\\d{2,5}))?)|(?:(?<![\\w./@-])${host}:(\\d{2,5})\\b)|(?:\\b(?:nslookup|dig|getent hosts|ping)\\s+(?:-\\S+\\s+|@\\S+\\s+|\\+\\S+\\s+)*${host})`,
  'gi',
)

const port = (digits: string | undefined) => (digits === undefined ? {} : { port: Number(digits) })

/** The host of a URL, of a pair with a port, or one that is looked up. */
const hostIn = ([url, , pair, , looked]: readonly (string | undefined)[]): string =>
  (url ?? pair ?? looked ?? '').toLowerCase()

/** Names of Consul DNS, and other host names that stand where a host is dialled or looked up. */
export function dnsAsks({ where, text: written }: Text): readonly Ask[] {
  // What a template looks up in a catalogue no resolver is asked for.
  const text = written.includes('{{') ? written.replace(call, ' ') : written
  // Most texts name nobody, and the expressions below are large.
  if (!text.includes('.')) return []
  // Of several names nobody can tell which one the variable holds.
  const looked = new Set([
    ...[...text.matchAll(consulName)].map(([, strict, , , name]) => strict ?? name),
    ...[...text.matchAll(dialled)].map(([, ...names]) => hostIn(names)).filter((name) => !name.endsWith('.consul')),
  ])
  const beside = looked.size > 1 ? undefined : besideVariable.exec(text)?.[1]
  const consul = [...text.matchAll(consulName)].map(([, strict, proto, tag, name, datacenter, digits]): Ask => {
    const wanted = proto !== undefined && proto !== 'tcp' && proto !== 'udp' ? proto : tag
    return {
      via: 'consul-dns',
      name: strict ?? name ?? '',
      ...(wanted === undefined ? {} : { tag: wanted }),
      ...(datacenter === undefined ? {} : { datacenter }),
      ...port(digits ?? beside),
      where,
    }
  })
  const others = [...text.matchAll(dialled)].flatMap(([, ...names]): readonly Ask[] => {
    const [, urlPort, , pairPort, looked] = names
    const name = hostIn(names)
    return name === '' || name.endsWith('.consul')
      ? []
      : [{ via: 'dns', name, ...port(urlPort ?? pairPort ?? (looked === undefined ? undefined : beside)), where }]
  })
  return [...consul, ...others]
}

/** Ports dialled on loopback, and the variables Nomad sets for upstreams. */
export function sidecarAsks({ where, text }: Text): readonly Ask[] {
  const local = [...text.matchAll(/(?<![\d.\w-])(127\.0\.0\.1|localhost|\[::1\])["']?[ :](\d{2,5})\b/g)]
  const variables = [...text.matchAll(/\bNOMAD_UPSTREAM_(?:ADDR|IP|PORT)_(\w+)/g)]
  return [
    ...local.map(([, name = '', digits]): Ask => ({ via: 'sidecar', name, port: Number(digits), where })),
    ...variables.map(([, name = '']): Ask => ({ via: 'sidecar', name, where })),
  ]
}

/** Upstreams of the group's sidecars. */
const upstreamAsks = (group: GroupSpec): readonly Ask[] =>
  group.services.flatMap((service) =>
    (service.connect?.sidecar?.upstreams ?? []).map(({ destination, localBindPort, datacenter }): Ask => ({
      via: 'upstream',
      name: destination,
      port: localBindPort,
      ...(datacenter === undefined ? {} : { datacenter }),
      where: `service ${service.name}`,
    })),
  )

/** Everything a task asks for, each once per place. */
export function asksOf(task: TaskSpec, group: GroupSpec): readonly Ask[] {
  const found = textsOf(task).flatMap((text) =>
    text.told ? [] : [...templateAsks(text), ...dnsAsks(text), ...sidecarAsks(text)],
  )
  const keys = new Set<string>()
  return [...found, ...upstreamAsks(group)].filter((ask) => {
    const key = JSON.stringify(ask)
    return keys.has(key) ? false : (keys.add(key), true)
  })
}

/** Whether an address or a variable of Nomad stands in its texts: then it needs no name. */
export const namesAddress = (task: TaskSpec): boolean =>
  textsOf(task).some(({ text }) =>
    /(?<![\d.])(?:\d{1,3}\.){3}\d{1,3}(?![\d.])|\bNOMAD_(?:ADDR|IP|PORT|HOST)_/.test(text),
  )
