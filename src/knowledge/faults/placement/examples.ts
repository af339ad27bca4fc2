/** Small things for the examples of this folder. */
import type { NodeOffer, PlacementFailure } from '../../shapes/runtime.ts'

export const failure = (changed: Partial<PlacementFailure> = {}): PlacementFailure => ({
  nodesEvaluated: 2,
  nodesFiltered: 2,
  nodesExhausted: 0,
  nodesInPool: 2,
  constraintFiltered: {},
  classFiltered: {},
  dimensionExhausted: {},
  ...changed,
})

/** A healthy client with docker and bridge networking. */
export const offer = (name: string, changed: Partial<NodeOffer> = {}): NodeOffer => ({
  id: `id-of-${name}`,
  name,
  status: 'ready',
  eligible: true,
  draining: false,
  datacenter: 'dc1',
  nodePool: 'default',
  nodeClass: '',
  os: 'ubuntu',
  modes: ['bridge', 'host'],
  hostNetworks: ['default'],
  dynamicPorts: { min: 20000, max: 32000 },
  reservedPorts: '',
  drivers: { docker: true, exec: true },
  ...changed,
})
