import { lookedUp, serviceOf } from '../../edit-lookup.ts'
import { edits } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, job } from '../../samples.ts'
import type { GroupSpec, JobSpec, TaskText } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

/** How proxies write a backend on loopback: nginx, haproxy, Caddy, Traefik, Envoy's address blocks left aside. */
const backend =
  /(?:proxy_pass\s+https?:\/\/|server\s+(?:\S+\s+)?|reverse_proxy\s+(?:https?:\/\/)?|url\s*[:=]\s*"?https?:\/\/)(?:127\.0\.0\.1|localhost):(\d{2,5})/g

const insides = ({ network }: GroupSpec): readonly number[] =>
  (network?.ports ?? []).flatMap(({ to, static: host }) => [to, host].filter((one) => one !== undefined))

/** A backend on the proxy's own loopback whose port belongs to another group of the job, and to none here. */
function lost(texts: readonly TaskText[], own: GroupSpec, { groups }: JobSpec) {
  return texts
    .flatMap((at) => [...at.text.matchAll(backend)].map(([, port]) => ({ at, port: Number(port) })))
    .filter(({ port }) => !insides(own).includes(port))
    .flatMap((found) =>
      groups
        .filter((other) => other.name !== own.name && insides(other).includes(found.port))
        .map(({ name }) => ({ ...found, group: name })),
    )
    .at(0)
}

const app = group({
  name: 'app',
  network: { mode: 'bridge', ports: [{ label: 'http', to: 3000, hostNetwork: 'default' }] },
})
const edge = group({
  name: 'ingress',
  network: { mode: 'bridge', ports: [{ label: 'http', static: 80, hostNetwork: 'default' }] },
})
const config = (text: string): readonly TaskText[] => [
  { kind: 'template', from: 'template local/site.conf of task nginx', text },
]

export const ingressBackendUnreachable = fault({
  id: 'ingress-backend-unreachable',
  about: 'task',
  title: 'The proxy looks for its backend on its own loopback, and the backend is in another group',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'connect() failed (111: Connection refused) while connecting to upstream',
    '502 Bad Gateway',
    '503 Service Unavailable',
    'no live upstreams while connecting to upstream',
  ],
  onlyWhen: { 'task.namespace': ['group', 'container'] },
  needs: ['task.texts', 'group.spec', 'job.spec'],
  shows: ['task.texts', 'job.spec'],
  holds: ({ 'task.texts': texts, 'group.spec': own, 'job.spec': job }) => {
    const found = lost(texts, own, job)
    return found
      ? {
          says: `${begun(found.at.from)} sends requests to port ${found.port} of 127.0.0.1, the loopback of group ${own.name}; what listens there is in group ${found.group}`,
          at: [found.at, 'text', `:${found.port}`],
        }
      : false
  },
  byHand:
    'In the ingress task: a connection to the backend address is refused; the log of the proxy says so for every request.',
  explains: ['cross-group-localhost'],
  because:
    'A proxy answers 502 or 503 when it cannot connect to its backend. Each group of a job has network namespaces of its own, and often another client: 127.0.0.1 in the configuration of the proxy is the proxy itself. The backend is found by its service, which gives the address of its client and the mapped port.',
  fix: ({ 'task.texts': texts, 'group.spec': own, 'job.spec': job }) => {
    const found = lost(texts, own, job)
    const there = job.groups.find(({ name }) => name === found?.group)
    const caller = own.tasks.find(({ name }) => found?.at.from.endsWith(`of task ${name}`))
    const written = caller?.templates.find(({ data }) => data === found?.at.text)
    return [
      {
        do: `Give group ${lost(texts, own, job)?.group ?? ''} a service and write the backends with a nomadService or service template: range over it, server {{ .Address }}:{{ .Port }};`,
        on: 'job file',
        risk: 'The allocation of the proxy is replaced',
        ...edits(
          found && there && caller && written
            ? lookedUp([written, 'data'], `127.0.0.1:${found.port}`, caller, serviceOf(there, found.port))
            : undefined,
          'the address stands outside a template, or the other group has no service of its own to be looked up',
        ),
      },
      {
        do: 'Or put the backend into the group of the proxy, in bridge mode',
        on: 'job file',
        risk: 'They scale together from then on',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking',
    'https://developer.hashicorp.com/nomad/docs/job-specification/template',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'nginx and an application in two groups',
      given: {
        'task.namespace': 'group',
        'task.texts': config('upstream app { server 127.0.0.1:3000; }'),
        'group.spec': edge,
        'job.spec': job({ groups: [edge, app] }),
      },
      then: 'present',
    },
    {
      name: 'the backend is in the group of the proxy',
      given: {
        'task.namespace': 'group',
        'task.texts': config('upstream app { server 127.0.0.1:3000; }'),
        'group.spec': app,
        'job.spec': job({ groups: [app] }),
      },
      then: 'absent',
    },
    {
      name: 'the backend comes from the catalogue',
      given: {
        'task.namespace': 'group',
        'task.texts': config(
          'upstream app { {{ range nomadService "app" }}server {{ .Address }}:{{ .Port }};{{ end }} }',
        ),
        'group.spec': edge,
        'job.spec': job({ groups: [edge, app] }),
      },
      then: 'absent',
    },
    {
      name: 'a proxy in the namespace of the host may reach what is on the host',
      given: {
        'task.namespace': 'host',
        'task.texts': config('upstream app { server 127.0.0.1:3000; }'),
        'group.spec': edge,
        'job.spec': job({ groups: [edge, app] }),
      },
      then: 'absent',
    },
  ],
})
