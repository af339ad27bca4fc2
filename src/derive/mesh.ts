/** What follows for groups, allocations and clients that take part in the service mesh. */
import type { TaskState } from '../knowledge/shapes/runtime.ts'
import { newestWord } from '../knowledge/task-events.ts'
import { meshOf } from '../knowledge/mesh.ts'
import { derivation, made, notKnown, type AnyDerivation } from './derivation.ts'

/** Tasks that Nomad adds for a connect block. Source: nomad/job_endpoint_hook_connect.go. */
const added = /^connect-(proxy|ingress|terminating|mesh)-/

type Fares = 'waiting' | 'no-bootstrap' | 'no-image' | 'out-of-memory' | 'unsteady'

export const meshDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'group.mesh',
    about: 'group',
    from: ['group.spec'],
    make: ({ 'group.spec': group }) => made(meshOf(group), `group ${group.name}: service mesh ${meshOf(group)}`),
  }),
  derivation({
    provides: 'group.envoy-image',
    about: 'group',
    from: ['group.spec'],
    make: ({ 'group.spec': { tasks } }) => {
      const own = tasks.filter(({ name }) => added.test(name))
      const images = own.map(({ config }) => config['image']).filter((image) => typeof image === 'string')
      if (images.length === 0) return made('none', 'no task runs an image of Envoy that the job shows')
      return made(images.some((image) => !image.includes('${')) ? 'pinned' : 'chosen', images.join('\n'))
    },
  }),
  derivation({
    provides: 'alloc.sidecar',
    about: 'alloc',
    from: ['alloc.record'],
    make: ({ 'alloc.record': { tasks } }) => {
      const own = tasks.filter(({ name }) => added.test(name))
      const bad = own.map(fares).find((one) => one !== null)
      return made(
        own.length === 0 ? 'none' : (bad?.how ?? 'up'),
        own.map(({ name, state }) => `${name}: ${state}`).join('\n') || 'no sidecar',
      )
    },
  }),
  derivation({
    provides: 'alloc.sidecar-trouble',
    about: 'alloc',
    from: ['alloc.record'],
    make: ({ 'alloc.record': { tasks } }) => {
      const bad = tasks
        .filter(({ name }) => added.test(name))
        .map(fares)
        .find((one) => one !== null)
      return bad ? made({ task: bad.task, text: bad.text }, `${bad.task}: ${bad.text}`) : made(null, 'no trouble')
    },
  }),
  derivation({
    provides: 'node.consul.grpc',
    about: 'node',
    from: ['node.document'],
    maybe: ['cluster.consul.settings'],
    make: ({ 'node.document': { name, attributes } }, { 'cluster.consul.settings': settings }) => {
      const port = attributes['consul.grpc']
      const said = `${name}: consul.grpc = ${port ?? '(none)'}, consul.version = ${attributes['consul.version'] ?? '(none)'}`
      if (port === undefined) return made('none', said)
      if (Number(port) <= 0) return made('off', said)
      const [major = 0, minor = 0] = (attributes['consul.version'] ?? '').split('.').map(Number)
      if (major < 1 || (major === 1 && minor < 14)) return made('plain', said)
      if (!settings) return notKnown('whether that port wants TLS is not known: Consul was not asked')
      return made(Number(port) === settings.grpcTlsPort ? 'tls' : 'plain', `${said}, grpc_tls ${settings.grpcTlsPort}`)
    },
  }),
]

/** How a task of Envoy fares that does not run as it should; null when it does. */
function fares({
  name,
  state,
  failed,
  restarts,
  events,
}: TaskState): { task: string; how: Fares; text: string } | null {
  const last = (fits: RegExp) => events.findLast(({ text }) => fits.test(text))?.text
  const memory = events.findLast(({ type, text }) => type === 'Terminated' && /OOM killed/i.test(text))?.text
  if (memory !== undefined) return { task: name, how: 'out-of-memory', text: memory }
  if (state === 'running') return null
  const bootstrap = last(/envoy_bootstrap|envoy_version|supported envoy versions|bootstrap configuration for Connect/i)
  if (bootstrap !== undefined) return { task: name, how: 'no-bootstrap', text: bootstrap }
  const image = events.findLast(({ type, text }) => type === 'Driver Failure' && /Failed to pull/i.test(text))?.text
  if (image !== undefined) return { task: name, how: 'no-image', text: image }
  const text = newestWord(events)?.text ?? ''
  return { task: name, how: failed || restarts > 0 ? 'unsteady' : 'waiting', text }
}
