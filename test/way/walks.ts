import { outcomeOf, walk, type Start, type Topology } from '../../src/packet/walk/index.ts'
import type { PathWalk } from '../../src/way/walked.ts'

export const places: PathWalk['places'] = {
  web: { kind: 'alloc', label: 'allocation web on c1', node: 'c1-node-id', alloc: 'web-alloc-id' },
  api: { kind: 'alloc', label: 'allocation api on c2', node: 'c2-node-id', alloc: 'api-alloc-id' },
  c1: { kind: 'client', label: 'client c1', node: 'c1-node-id' },
  c2: { kind: 'client', label: 'client c2', node: 'c2-node-id' },
}

/** web calls api at its host port. */
export function called(
  topology: Topology,
  start: Partial<Start> = {},
  target = { host: '10.0.0.2', port: 25000 },
): PathWalk {
  const from: Start = { namespace: 'web', ...start }
  const wanted = { proto: 'tcp', dst: target.host, dport: target.port } as const
  const traces = walk(topology, from, wanted)
  const outcomes = [...new Set(traces.map(outcomeOf))]
  const [first = 'unknown', ...more] = outcomes
  return {
    dial: { ...target, from: 'env API of task web' },
    begins: 'source',
    start: from,
    wanted,
    places,
    traces,
    outcome: more.length === 0 ? first : 'unknown',
    unread: [],
  }
}
