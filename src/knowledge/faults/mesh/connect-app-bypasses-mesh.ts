import { add, edits, remove, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { applications } from '../../mesh.ts'
import { group, meshed, task, template } from '../../samples.ts'
import type { GroupSpec, TaskSpec } from '../../shapes/job.ts'
import type { At } from '../../place.ts'
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

/** A task that looks up in the catalogue what its own sidecar has an upstream for. */
function bypass(spec: GroupSpec) {
  const destinations = spec.services.flatMap(({ connect }) => connect?.sidecar?.upstreams ?? [])
  for (const { destination, localBindPort } of destinations) {
    const host = new RegExp(`(?<![\\w-])${destination.replace(/[^\w-]/g, '')}\\.service\\.(?:[\\w-]+\\.)?consul\\b`)
    for (const one of applications(spec))
      for (const { text, at } of placedTexts(one)) {
        const call = serviceCalls(text).find(({ fn, name }) => fn !== 'connect' && bare(name) === destination)
        // What goes by its upstream too may have the catalogue's address for something else.
        if (upstreamed(one, destination, localBindPort)) continue
        const spelt = call ? `"${call.name}"` : host.exec(text)?.[0]
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

const calling = (data: string) =>
  group({
    services: [meshed({}, { upstreams: [{ destination: 'vault-kv', localBindPort: 7200 }] })],
    tasks: [task({ templates: [template(data)] })],
  })

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
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = bypass(spec)
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
  fix: ({ 'group.spec': spec }) => {
    const found = bypass(spec)
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
      given: { 'group.spec': calling('{{ with service "vault-kv" }}KV={{ (index . 0).Address }}{{ end }}') },
      then: 'present',
    },
    {
      name: 'its name in Consul DNS',
      given: { 'group.spec': calling('KV=http://vault-kv.service.consul:8200') },
      then: 'present',
    },
    {
      name: 'the port of the upstream',
      given: { 'group.spec': calling('KV=http://127.0.0.1:7200') },
      then: 'absent',
    },
    {
      name: 'another service',
      given: { 'group.spec': calling('{{ with service "primary.orders-db" }}A={{ (index . 0).Address }}{{ end }}') },
      then: 'absent',
    },
  ],
})
