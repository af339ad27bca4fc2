import { derivation, made, type AnyDerivation } from './derivation.ts'

/** Nomad's own default. Source: nomad/structs/network.go, `DefaultMinDynamicPort`. */
const usual = { min: 20000, max: 32000, clients: [] }

/** What a group meets on the clients it may use. A job file alone names no client: then only defaults are known. */
export const clientDerivations: readonly AnyDerivation[] = [
  derivation({
    provides: 'group.dynamic-ranges',
    about: 'group',
    from: ['group.spec'],
    maybe: ['group.candidates'],
    shows: ['group.candidates', 'group.spec'],
    make: (_, { 'group.candidates': nodes = [] }) => {
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
    make: (_, { 'group.candidates': candidates = [], 'cluster.nodes': nodes = [] }) => {
      const ids = new Set(candidates.map(({ id }) => id))
      const own = nodes.filter(({ id, version }) => ids.has(id) && version !== '')
      return made(
        [...new Set(own.map(({ version }) => version))],
        own.map(({ name, version }) => `${name}: Nomad ${version}`).join('\n') || 'no client is known',
      )
    },
  }),
]
