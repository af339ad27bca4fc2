import type { TaskSpec } from '../knowledge/shapes/job.ts'
import { derivation, made, notKnown, type AnyDerivation } from './derivation.ts'

/** What the driver's own configuration says; a task without docker has none. */
function dockerMode({ driver, config }: TaskSpec): 'none-given' | 'host' | 'bridge' | 'none' | 'container' | 'other' {
  const mode = config['network_mode']
  if (driver !== 'docker' || typeof mode !== 'string' || mode === '') return 'none-given'
  if (mode === 'host' || mode === 'bridge' || mode === 'none') return mode
  return mode.startsWith('container:') ? 'container' : 'other'
}

/** What follows for an allocation from its client's state. */
export const workloadDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'task.docker.network-mode',
    about: 'task',
    from: ['task.spec'],
    make: ({ 'task.spec': task }) => {
      const mode = dockerMode(task)
      return made(
        mode,
        `task "${task.name}": driver "${task.driver}", network_mode ${mode === 'none-given' ? 'not given' : JSON.stringify(task.config['network_mode'])}`,
      )
    },
  }),
  derivation({
    provides: 'alloc.namespace-kind',
    about: 'alloc',
    from: ['group.network.mode'],
    // A mode that is no mode is taken for host by the client; only host networking creates no namespace.
    make: ({ 'group.network.mode': mode }) => (mode === 'host' || mode === 'other' ? 'host' : 'own'),
  }),
  derivation({
    provides: 'alloc.containers',
    about: 'alloc',
    from: ['group.spec'],
    maybe: ['node.containers'],
    shows: 'node.containers',
    make: ({ 'group.spec': { tasks } }, { 'node.containers': all }, { names }) => {
      // No driver but docker makes containers here, the pause container included.
      if (!tasks.some(({ driver }) => driver === 'docker')) return made([], 'no task of the group uses docker')
      if (!all) return notKnown('the containers of the client are not known')
      const own = all.filter(({ alloc, name }) => alloc === names.alloc || name === `nomad_init_${names.alloc}`)
      return made(
        own,
        own.map((one) => `${one.name}: ${one.state}, network mode ${one.networkMode}`).join('\n') ||
          'no container of the allocation',
      )
    },
  }),
  derivation({
    provides: 'alloc.docker.networks',
    about: 'alloc',
    from: ['group.spec'],
    maybe: ['node.docker.networks'],
    shows: 'node.docker.networks',
    make: ({ 'group.spec': { tasks } }, { 'node.docker.networks': all }) =>
      tasks.some(({ driver }) => driver === 'docker')
        ? (all ?? notKnown("docker's networks are not known"))
        : made([], 'no task of the group uses docker'),
  }),
  derivation({
    provides: 'alloc.listeners',
    about: 'alloc',
    from: ['alloc.namespace-kind', 'group.spec'],
    maybe: ['alloc.netns.listeners', 'node.listeners'],
    make: (
      { 'alloc.namespace-kind': kind, 'group.spec': { tasks } },
      { 'alloc.netns.listeners': own, 'node.listeners': host },
    ) => {
      if (kind === 'own') return own ?? notKnown('the sockets in its network namespace are not known')
      const apart = tasks.find((task) => task.driver === 'docker' && dockerMode(task) !== 'host')
      if (apart)
        return notKnown(`task ${apart.name} has a network namespace of docker's own, whose sockets were not seen`)
      return host ?? notKnown('the sockets of the client are not known')
    },
  }),
]
