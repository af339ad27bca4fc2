/** Ways and rules for the examples of faults. */
import { group } from './samples.ts'
import type { Route } from './shapes/packet.ts'
import type { Diverted } from './shapes/diverted.ts'
import type { CniFile, CniNetwork, CniRules, Stop, Stopped, Untranslated, Uplink, Way } from './shapes/crossing.ts'

/** From another client to a host port of an allocation on client c1. */
export const inbound = (but: Partial<Way> = {}): Way => ({
  side: 'target',
  node: 'c1',
  nodeId: '0f2f0a7c-8111-4bbe-520b-d639b1d2a94e',
  alloc: { id: '52734dba-8cc0-b171-18c3-720000000000', namespace: 'default' },
  mode: 'bridge',
  in: 'eth0',
  out: 'nomad',
  sources: ['10.0.0.12'],
  address: '10.0.0.11',
  port: 25001,
  inside: { address: '172.26.64.2', port: 8080 },
  network: '172.26.64.0/20',
  ...but,
})

/** From an allocation on client c2 out of that client. */
export const outbound = (but: Partial<Way> = {}): Way => ({
  side: 'source',
  node: 'c2',
  nodeId: '9c1d77aa-8111-4bbe-520b-d639b1d2a94e',
  alloc: { id: '6b235529-8111-4bbe-520b-d639b1d2a94e', namespace: 'default' },
  mode: 'bridge',
  in: 'nomad',
  out: 'eth0',
  sources: ['172.26.64.3'],
  address: '10.0.0.11',
  port: 25001,
  inside: null,
  network: '172.26.64.0/20',
  ...but,
})

/** What stands on a healthy client with one allocation. */
export const cni = (but: Partial<CniRules> = {}): CniRules => ({
  forwardJump: 1,
  preroutingJump: true,
  outputJump: true,
  masqueradeJump: true,
  entries: 2,
  leads: true,
  nat: 5,
  filter: 2,
  admin: ['-A NOMAD-ADMIN -d 172.26.64.0/20 -o nomad -j ACCEPT'],
  adminJump: true,
  dockerUser: true,
  adminAccepts: false,
  ...but,
})

/** Nothing of CNI is left. */
export const noCni: CniRules = cni({
  forwardJump: null,
  preroutingJump: false,
  outputJump: false,
  masqueradeJump: false,
  entries: 0,
  leads: false,
  nat: 0,
  filter: 0,
  admin: [],
  adminJump: false,
})

/** The policy of FORWARD drops. */
export const stop = (but: Partial<Stop> = {}): Stop => ({
  by: 'iptables',
  table: 'filter',
  chain: 'FORWARD',
  rule: null,
  verdict: 'drop',
  via: ['FORWARD'],
  at: null,
  ...but,
})

export const stopped = (but: Partial<Stop> = {}, rules: Partial<CniRules> = {}, way: Way = inbound()): Stopped => ({
  way,
  stop: stop(but),
  cni: cni(rules),
})

export const untranslated = (but: Partial<Untranslated> = {}): Untranslated => ({
  way: inbound(),
  what: 'destination',
  untracked: null,
  cni: cni(),
  ...but,
})

/** A rule of the caller's client redirects the call to the client itself. */
export const diverted = (but: Partial<Diverted> = {}): Diverted => ({
  place: 'client c2',
  host: '10.0.0.11',
  port: 25001,
  from: 'env SERVER of task web',
  hook: 'prerouting',
  family: 4,
  by: 'iptables',
  table: 'nat',
  chain: 'PREROUTING',
  rule: 1,
  text: '-A PREROUTING -i nomad -p tcp -m tcp --dport 25001 -j REDIRECT --to-ports 9999',
  handle: null,
  to: { address: '172.26.64.1', port: 9999 },
  answered: false,
  ...but,
})

export const uplink = (but: Partial<Uplink> = {}): Uplink => ({
  node: 'c1',
  veth: 'veth1a2b3c4d',
  up: true,
  hairpin: false,
  network: '172.26.64.0/20',
  bridge: { name: 'nomad', up: true, addresses: ['172.26.64.1/20'], callsIptables: false },
  ...but,
})

/** A running allocation with a namespace of its own. */
export const networked = (but: Partial<Uplink> = {}) =>
  ({ 'alloc.namespace-kind': 'own', 'alloc.status': 'running', 'alloc.uplink': uplink(but) }) as const

/** A default route by the bridge, and the network of the bridge, as an allocation has them. */
export const routes: readonly Route[] = [
  {
    family: 4,
    dst: 'default',
    prefix: 0,
    gateway: '172.26.64.1',
    dev: 'eth0',
    table: 'main',
    type: 'unicast',
    metric: 0,
    hops: [],
    flags: [],
  },
  {
    family: 4,
    dst: '172.26.64.0/20',
    prefix: 20,
    dev: 'eth0',
    table: 'main',
    type: 'unicast',
    metric: 0,
    hops: [],
    flags: [],
  },
]

/** The same of an allocation in a CNI network of the operator. */
export const cniNetwork = (but: Partial<CniNetwork> = {}): CniNetwork => ({
  name: 'lan',
  file: 'lan.conflist',
  plugins: ['loopback', 'bridge', 'firewall', 'portmap'],
  bridge: 'lan0',
  mapsPorts: true,
  defaultRoute: true,
  adminChain: 'NOMAD-ADMIN',
  subnets: ['10.22.0.0/24'],
  gateway: true,
  masquerade: true,
  snat: true,
  ...but,
})

/** A file with such a network, as the agent reads it. */
export const cniFile = (file: string, but: Partial<CniNetwork> = {}): CniFile => ({
  file,
  error: null,
  network: cniNetwork({ file, name: file.split('.')[0] ?? file, ...but }),
})

/** A group on such a network, as the files of one client tell of it. */
export const onCniNetwork = (but: Partial<CniNetwork>) =>
  ({
    'group.network.mode': 'cni',
    'group.spec': group(),
    'group.network.mode-text': 'cni/lan',
    'every.node.cni.networks': [{ about: 'node:c1', id: 'node:1', value: [cniFile('lan.conflist', but)] }],
  }) as const
/** The same on Nomad's own bridge. */
export const onNomadsBridge = {
  'group.network.mode': 'bridge',
  'group.spec': group(),
  'group.network.mode-text': 'bridge',
  'every.node.cni.networks': [],
} as const
