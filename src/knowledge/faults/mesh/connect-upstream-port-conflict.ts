import { edits, set } from '../../edit.ts'
import { clean } from '../../container.ts'
import { fault } from '../../fault.ts'
import { readable } from '../../hole.ts'
import { insidePort, numeric } from '../../mesh.ts'
import { group, meshed } from '../../samples.ts'
import type { GroupSpec, TaskSpec, UpstreamSpec } from '../../shapes/job.ts'
import { placedTexts, textsOf } from '../../templates.ts'

interface Bind {
  readonly destination: string
  readonly address: string
  readonly port: number
  readonly upstream: UpstreamSpec
}
interface Clash {
  readonly says: string
  /** Nothing but the number of a service says that anybody listens there. */
  readonly announced?: true
  readonly upstream: UpstreamSpec
}

const binds = ({ services }: GroupSpec): readonly Bind[] =>
  services.flatMap(({ connect }) =>
    (connect?.sidecar?.upstreams ?? []).map((upstream) => ({
      destination: upstream.destination,
      address: upstream.localBindAddress ?? '127.0.0.1',
      port: upstream.localBindPort,
      upstream,
    })),
  )

/** Numbers the applications of the group listen on, as the job has them. */
const taken = (spec: GroupSpec): readonly (number | undefined)[] => [
  ...(spec.network?.ports ?? []).map(({ label }) => insidePort(spec, label)),
  ...spec.services.map(({ connect }) => connect?.sidecar?.localServicePort),
]
const lines = (task: TaskSpec): readonly string[] => [
  ...Object.entries(task.env).map(([name, value]) => `${name}=${value}`),
  placedTexts({ ...task, env: {}, templates: [] })
    .map(({ text }) => text)
    .join(' '),
]
/** A task is told to listen on it: `--listen :8080`, `PORT=8080`; `DB_PORT` is somebody else's. */
function heard({ tasks }: GroupSpec, port: number): boolean {
  const told = new RegExp(
    String.raw`(?:listen|bind)[^\n]{0,40}(?<![\d.])${port}(?!\d)|(?:^|\s)-*port[ =]${port}(?!\d)`,
    'im',
  )
  return tasks.some((task) => readable(() => lines(task), []).some((line) => told.test(line)))
}
/** A service may be there for the upstreams of its sidecar alone, under any number. */
const announced = ({ services }: GroupSpec): readonly number[] =>
  services.flatMap(({ port }) => (numeric(port) ? [Number(port)] : []))

function clash(spec: GroupSpec): Clash | undefined {
  const all = binds(spec)
  for (const [index, { destination, address, port, upstream }] of all.entries()) {
    const other = all.slice(0, index).find((one) => one.address === address && one.port === port)
    if (other)
      return {
        says: `Upstreams ${other.destination} and ${destination} of group ${spec.name} both bind ${address}:${port}`,
        upstream,
      }
    const known = taken(spec).includes(port) || (announced(spec).includes(port) && heard(spec, port))
    if (['127.0.0.1', '0.0.0.0'].includes(address) && known)
      return {
        says: `Upstream ${destination} of group ${spec.name} binds ${address}:${port}, and the application itself listens on port ${port} in the same namespace`,
        upstream,
      }
  }
  const doubtful = all.find(
    ({ address, port }) => ['127.0.0.1', '0.0.0.0'].includes(address) && announced(spec).includes(port),
  )
  return doubtful
    ? {
        says: `Upstream ${doubtful.destination} of group ${spec.name} binds ${doubtful.address}:${doubtful.port}, and a service of the group says that the application listens on this port`,
        upstream: doubtful.upstream,
        announced: true,
      }
    : undefined
}

/** The next number that nothing of the group binds. */
function free(spec: GroupSpec, from: number): number {
  const used = new Set([...binds(spec).map(({ port }) => port), ...taken(spec), ...announced(spec)])
  let port = from + 1
  while (used.has(port)) port++
  return port
}

/** A text calls the port by its number: it would still call the other listener. */
function dialled({ tasks }: GroupSpec, { localBindPort, destination }: UpstreamSpec): boolean {
  const address = new RegExp(String.raw`(?:\/\/|@|\()(?:127(?:\.\d+){3}|localhost|\[::1\]):${localBindPort}(?!\d)`)
  const variable = new RegExp(String.raw`NOMAD_UPSTREAM_(?:ADDR|PORT)_${clean(destination)}(?!\w)`)
  const texts = tasks.flatMap(textsOf)
  return texts.some((text) => address.test(text)) && !texts.some((text) => variable.test(text))
}

const calling = (...upstreams: readonly (readonly [string, number, string?])[]) =>
  group({
    network: { mode: 'bridge', ports: [] },
    services: [
      meshed(
        {},
        {
          upstreams: upstreams.map(([destination, localBindPort, address]) => ({
            destination,
            localBindPort,
            ...(address === undefined ? {} : { localBindAddress: address }),
          })),
        },
      ),
    ],
  })

export const connectUpstreamPortConflict = fault({
  id: 'connect-upstream-port-conflict',
  about: 'group',
  title: 'Two listeners of one namespace want the local port of an upstream',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'Consul Connect services "<service>" and "<service>" in group "<group>" using same address for upstreams (<address>:<port>)',
    'listen tcp 0.0.0.0:<port>: bind: address already in use',
    "cannot bind '127.0.0.1:<port>': Address already in use",
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = clash(spec)
    if (!found) return false
    return {
      says: found.says,
      at: [found.upstream, 'local_bind_port'],
      ...(found.announced ? { severity: 'risks' } : {}),
    }
  },
  intended: 'where nothing listens there, and the service exists for its upstreams alone',
  byHand: 'In the namespace of the allocation: ss -lntp shows who has the local_bind_port.',
  explains: ['same-group-port-clash'],
  because:
    'For every upstream the sidecar opens a port on loopback of the group, and all tasks and all sidecars of a group share that loopback. A port can be opened once: who comes second fails. The servers compare the addresses of the upstreams as text, so 127.0.0.1 written out and left out pass as different; ports of the applications they do not compare at all.',
  fix: ({ 'group.spec': spec }) => {
    const found = clash(spec)
    return [
      {
        do: `Give one of them another local_bind_port: ${found?.says ?? ''}`,
        on: 'job file',
        risk: 'The application must dial the new port; NOMAD_UPSTREAM_ADDR_<destination> follows by itself',
        ...edits(
          found && !dialled(spec, found.upstream)
            ? [set(found.upstream, 'local_bind_port', free(spec, found.upstream.localBindPort))]
            : undefined,
          'a task dials the port by its number, and has to be changed with it',
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/upstreams',
    'https://github.com/hashicorp/nomad/issues/7833',
  ],
  since: '0.1.0',
  examples: [
    { name: 'two upstreams', given: { 'group.spec': calling(['a', 9001], ['b', 9001]) }, then: 'present' },
    {
      name: 'one of them writes the address out',
      given: { 'group.spec': calling(['a', 9001], ['b', 9001, '127.0.0.1']) },
      then: 'present',
    },
    {
      name: 'the number of a service that may be there for its upstream alone',
      given: {
        'group.spec': group({
          network: { mode: 'bridge', ports: [] },
          services: [meshed({ port: '3306' }, { upstreams: [{ destination: 'mariadb', localBindPort: 3306 }] })],
        }),
      },
      then: 'present',
    },
    { name: 'the port of the application', given: { 'group.spec': calling(['a', 8080]) }, then: 'present' },
    {
      name: 'the same port on another loopback address',
      given: { 'group.spec': calling(['a', 9001], ['b', 9001, '127.0.0.3']) },
      then: 'absent',
    },
  ],
})
