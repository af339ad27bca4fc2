import { add, edits, remove, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { applications } from '../../mesh.ts'
import { group, meshed, task, template } from '../../samples.ts'
import type { GroupSpec, TaskSpec } from '../../shapes/job.ts'
import type { Namespace } from '../../shapes/port.ts'
import type { At } from '../../place.ts'
import { goesFirst } from '../../said.ts'
import { placedTexts, serviceCalls } from '../../templates.ts'

/** `tag.name@dc~near|passing` to the name alone. */
const bare = (text: string): string =>
  text
    .replace(/[@~|?].*$/, '')
    .split('.')
    .at(-1) ?? text

const inside = ([block, attribute]: readonly unknown[], text: string): At =>
  [block as object, String(attribute), text] as const

const upstreamed = (task: TaskSpec, destination: string, port: number): boolean =>
  placedTexts(task).some(
    ({ text }) =>
      text.includes(`NOMAD_UPSTREAM_ADDR_${destination.replaceAll('-', '_')}`) ||
      text.includes(`127.0.0.1:${port}`) ||
      text.includes(`localhost:${port}`),
  )

/** Tools that ask for the address of a name and dial nobody. */
const lookup = /(?:^|[\s;&|(`"'/])(?:nslookup|dig|drill|getent|resolvectl|(?:until|while|if)\s+host)\s[^;&|\n]*$/
/** What they answer is kept, for whoever dials then. */
const kept = /\w=["']?(?:\$\(|`)[^)`]*$/

/** The first place where the name is more than asked for. */
const spelling = (host: RegExp, text: string): string | undefined =>
  [...text.matchAll(host)].find(({ index }) => {
    const before = text.slice(0, index)
    return !lookup.test(before) || kept.test(before)
  })?.[0]

/** Tasks that could go by the sidecar: in its namespace, and not gone before anybody can rely on it. */
const besideSidecar = (spec: GroupSpec, namespaces: Readonly<Record<string, Namespace>>): readonly TaskSpec[] =>
  applications(spec).filter(
    (task) => !goesFirst(task) && !['host', 'container', 'elsewhere'].includes(namespaces[task.name] ?? ''),
  )

/** A task that looks up in the catalogue what its own sidecar has an upstream for. */
function bypass(spec: GroupSpec, namespaces: Readonly<Record<string, Namespace>>) {
  const destinations = spec.services.flatMap(({ connect }) => connect?.sidecar?.upstreams ?? [])
  for (const { destination, localBindPort } of destinations) {
    const host = new RegExp(
      `(?<![\\w-])${destination.replace(/[^\w-]/g, '')}\\.service\\.(?:[\\w-]+\\.)?consul\\b`,
      'g',
    )
    for (const one of besideSidecar(spec, namespaces))
      for (const { text, at } of placedTexts(one)) {
        const call = serviceCalls(text).find(({ fn, name }) => fn !== 'connect' && bare(name) === destination)
        // What goes by its upstream too may have the catalogue's address for something else.
        if (upstreamed(one, destination, localBindPort)) continue
        const spelt = call ? `"${call.name}"` : spelling(host, text)
        if (spelt !== undefined)
          return { destination, port: localBindPort, task: one.name, at: Array.isArray(at) ? inside(at, spelt) : at }
      }
  }
  return undefined
}

/** The upstream in the place of what the catalogue says; a template that only sets one variable is a variable. */
function straight({ destination, port, task: name, at }: NonNullable<ReturnType<typeof bypass>>, spec: GroupSpec) {
  const [block] = Array.isArray(at) ? (at as unknown as readonly [object]) : []
  const task = spec.tasks.find((one) => one.name === name)
  const own = task?.templates.find((one) => one === block)
  const line = own && /^\s*\{\{[^\n]*\n\s*([A-Za-z_]\w*)=([^\n]*)\n(?:\s*\{\{-?\s*end\s*-?\}\})+\s*$/.exec(own.data)
  const [, variable = '', value = ''] = line ?? []
  const place = '{{ .Address }}:{{ .Port }}'
  if (!task || !own?.env || !value.includes(place) || task.env[variable] !== undefined) return undefined
  const known = /^[\w-]+$/.test(destination)
  const address = known ? `\${NOMAD_UPSTREAM_ADDR_${destination.replaceAll('-', '_')}}` : `127.0.0.1:${port}`
  const to = value.replace(place, address).trim()
  const told =
    Object.keys(task.env).length > 0 ? set(task.env, variable, to) : add(task, { type: 'env', attrs: [[variable, to]] })
  return [told, remove(own)]
}

const services = [meshed({}, { upstreams: [{ destination: 'vault-kv', localBindPort: 7200 }] })]
const calling = (data: string) => group({ services, tasks: [task({ templates: [template(data)] })] })
const script = (line: string, changed: Partial<TaskSpec> = {}) =>
  group({ services, tasks: [task({ config: { args: ['-c', line] }, ...changed })] })
const there = { 'group.task-namespaces': { server: 'group' } } as const
const waiting = 'until nslookup vault-kv.service.consul 127.0.0.1:8600; do sleep 2; done'

export const connectAppBypassesMesh = fault({
  id: 'connect-app-bypasses-mesh',
  about: 'group',
  title: 'The application looks up the address of a service that its sidecar has an upstream for',
  layer: 'mesh',
  severity: 'degrades',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    'the intention denies it, and the call works all the same',
  ],
  needs: ['group.spec', 'group.task-namespaces'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = bypass(spec, namespaces)
    return found
      ? {
          says: `Task ${found.task} takes the address of ${found.destination} from the catalogue, although its sidecar has an upstream for it on 127.0.0.1:${found.port}: the call goes around the mesh`,
          at: found.at,
        }
      : false
  },
  byHand:
    'Look at what the application dials: for the mesh it is 127.0.0.1:<local_bind_port>, not an address of the catalogue.',
  explains: [],
  because:
    'The mesh carries only what is sent to the local port of an upstream. An address from the catalogue is that of the destination itself: the call goes there without certificate and without intention. If the destination listens on loopback, as it should in the mesh, the call is refused; if it is open on the client, the call works and no rule of the mesh counts.',
  fix: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = bypass(spec, namespaces)
    return [
      {
        do: `Have task ${found?.task ?? ''} dial 127.0.0.1:${found?.port ?? 0} (NOMAD_UPSTREAM_ADDR_${found?.destination.replace(/\W/g, '_') ?? ''}) instead of asking the catalogue for ${found?.destination ?? ''}`,
        on: 'job file',
        risk: 'Intentions count from then on',
        ...edits(found && straight(found, spec), 'the text is no variable that names one address'),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/upstreams',
    'https://developer.hashicorp.com/nomad/docs/networking/consul/service-mesh',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a template over the service of the upstream',
      given: { ...there, 'group.spec': calling('{{ with service "vault-kv" }}KV={{ (index . 0).Address }}{{ end }}') },
      then: 'present',
    },
    {
      name: 'its name in Consul DNS',
      given: { ...there, 'group.spec': calling('KV=http://vault-kv.service.consul:8200') },
      then: 'present',
    },
    {
      name: 'the port of the upstream',
      given: { ...there, 'group.spec': calling('KV=http://127.0.0.1:7200') },
      then: 'absent',
    },
    {
      name: 'another service',
      given: {
        ...there,
        'group.spec': calling('{{ with service "primary.orders-db" }}A={{ (index . 0).Address }}{{ end }}'),
      },
      then: 'absent',
    },
    {
      name: 'it only waits until the name resolves',
      given: { ...there, 'group.spec': script(waiting) },
      then: 'absent',
    },
    {
      name: 'it waits, and then dials the name',
      given: { ...there, 'group.spec': script(`${waiting}; curl http://vault-kv.service.consul:8200`) },
      then: 'present',
    },
    {
      name: 'it keeps the address it is told',
      given: { ...there, 'group.spec': script('ip=$(dig +short vault-kv.service.consul); curl http://$ip:8200') },
      then: 'present',
    },
    {
      name: 'a task that has to end before anybody can rely on the sidecar',
      given: {
        ...there,
        'group.spec': script('migrate http://vault-kv.service.consul:8200', {
          lifecycle: { hook: 'prestart', sidecar: false },
        }),
      },
      then: 'absent',
    },
    {
      name: 'a task on the network of its client, where no upstream listens',
      given: {
        'group.task-namespaces': { server: 'host' },
        'group.spec': script('curl http://vault-kv.service.consul:8200'),
      },
      then: 'absent',
    },
  ],
})
