/** Small things for the examples of this folder. */
import type { JobSpec } from '../../shapes/job.ts'
import type { NodeDocument, NodeOffer, PlacementFailure } from '../../shapes/runtime.ts'

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

/** The same client as its own document describes it. */
export const document = (name: string, changed: Partial<NodeDocument> = {}): NodeDocument => ({
  id: `id-of-${name}`,
  name,
  status: 'ready',
  eligible: true,
  draining: false,
  datacenter: 'dc1',
  nodePool: 'default',
  nodeClass: '',
  httpAddress: '10.0.0.1:4646',
  version: '2.0.5',
  attributes: { 'nomad.version': '2.0.5' },
  meta: {},
  drivers: { docker: true, exec: true },
  modes: ['bridge', 'host'],
  networks: [{ mode: 'host', device: 'eth0', addresses: [{ alias: 'default', address: '10.0.0.1', family: 'ipv4' }] }],
  hostNetworks: [],
  dynamicPorts: { min: 20000, max: 32000 },
  reservedPorts: '',
  ...changed,
})

export const job = (changed: Partial<JobSpec> = {}): JobSpec => ({
  id: 'gateway',
  namespace: 'default',
  type: 'service',
  status: 'running',
  stopped: false,
  spawns: false,
  version: 0,
  datacenters: ['*'],
  nodePool: 'default',
  constraints: [],
  groups: [],
  ...changed,
})
