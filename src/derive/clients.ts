import { placeOf } from '../knowledge/place.ts'
import type { GroupSpec } from '../knowledge/shapes/job.ts'
import { derivation, made, notKnown, type AnyDerivation } from './derivation.ts'
import { usualDynamic } from '../knowledge/port-ranges.ts'

/** Nomad's own default. Source: nomad/structs/network.go, `DefaultMinDynamicPort`. */
const usual = { ...usualDynamic, clients: [] }

/** No clients, where the group stands in a file. */
const alone = (group: GroupSpec): readonly never[] | undefined => (placeOf(group) ? [] : undefined)

/**
 * What a group meets on the clients it may use. A job file alone names no client: then the defaults count. The clients
 * of a cluster that are not known yet are no reason to take the defaults.
 */
export const clientDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'group.dynamic-ranges',
    about: 'group',
    from: ['group.spec'],
    maybe: ['group.candidates'],
    shows: ['group.candidates', 'group.spec'],
    make: ({ 'group.spec': group }, { 'group.candidates': nodes = alone(group) }) => {
      if (!nodes) return notKnown('the clients of the group are not known')
      const found = [...Map.groupBy(nodes, ({ dynamicPorts: { min, max } }) => `${min}-${max}`).values()]
      const ranges = found.flatMap((same) =>
        same.slice(0, 1).map(({ dynamicPorts }) => ({ ...dynamicPorts, clients: same.map(({ name }) => name) })),
      )
      const all = ranges.length > 0 ? ranges : [usual]
      return made(
        all,
        all
          .map(({ min, max, clients }) => `${clients.join(', ') || 'default'}: dynamic ports ${min}-${max}`)
          .join('\n'),
      )
    },
  }),
  derivation({
    provides: 'group.client-versions',
    about: 'group',
    from: ['group.spec'],
    maybe: ['group.candidates', 'cluster.nodes'],
    shows: ['cluster.nodes', 'group.spec'],
    make: (
      { 'group.spec': group },
      { 'group.candidates': candidates = alone(group), 'cluster.nodes': nodes = alone(group) },
    ) => {
      if (!candidates || !nodes) return notKnown('the clients of the group are not known')
      const ids = new Set(candidates.map(({ id }) => id))
      const own = nodes.filter(({ id, version }) => ids.has(id) && version !== '')
      return made(
        [...new Set(own.map(({ version }) => version))],
        own.map(({ name, version }) => `${name}: Nomad ${version}`).join('\n') || 'no client is known',
      )
    },
  }),
]
