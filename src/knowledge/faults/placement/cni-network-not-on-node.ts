import { readsNetworks } from '../../cni-words.ts'
import { group } from '../../samples.ts'
import { fault } from '../../fault.ts'
import { grave, names, taking } from '../../placement.ts'
import type { NodeOffer } from '../../shapes/runtime.ts'
import { offer } from './examples.ts'

const without = (offers: readonly NodeOffer[], mode: string) =>
  taking(offers).filter(({ modes }) => !modes.includes(mode))
const called = (offers: readonly NodeOffer[]) => names(offers.map(({ name }) => name))

export const cniNetworkNotOnNode = fault({
  id: 'cni-network-not-on-node',
  about: 'group',
  title: 'The CNI network is on some clients, and missing on one that should run the group',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Constraint "missing network": <n> nodes excluded by filter',
    'Constraint "computed class ineligible": <n> nodes excluded by filter',
  ],
  onlyWhen: {
    'group.placement': ['not-placed', 'partly'],
    'group.network.mode': ['cni'],
    'group.missing.mode': [true],
  },
  needs: ['group.candidates', 'cluster.offers', 'group.network.mode-text', 'group.placement'],
  shows: ['group.candidates'],
  holds: ({
    'group.candidates': meant,
    'cluster.offers': all,
    'group.network.mode-text': mode,
    'group.placement': placement,
  }) => {
    const lacking = without(meant, mode)
    const having = all.filter(({ modes }) => modes.includes(mode))
    if (lacking.length === 0 || having.length === 0) return false
    return {
      says: `Network ${mode} is on ${called(having)}, but not on ${called(lacking)}, which the job may use too`,
      severity: grave(placement),
    }
  },
  byHand:
    'nomad node status -verbose <node> on each client: the network modes are under Host Networks; on the client, ls /opt/cni/config.',
  explains: ['missing-network', 'computed-class-ineligible', 'ingress-absent-on-node'],
  because:
    'A client offers cni/<name> only if its own cni_config_dir holds a CNI file whose name field is that name; the folder is read when the agent starts and, since 1.4.2, when it is reloaded. Files that were copied to a part of the fleet, or after the agent looked, leave clients on which the group cannot be placed. As networks are not part of the node class, the scheduler may then report "computed class ineligible" instead of "missing network".',
  fix: ({ 'group.candidates': meant, 'group.network.mode-text': mode }) => [
    {
      do: `Copy the CNI configuration named "${mode.slice(4)}" into cni_config_dir (default /opt/cni/config)`,
      on: `client ${called(without(meant, mode))}`,
      risk: 'A malformed file there keeps the agent from starting',
    },
    {
      do: readsNetworks,
      on: `client ${called(without(meant, mode))}`,
      run: ['systemctl', 'restart', 'nomad'],
      risk: 'Running allocations go on',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/networking/cni', 'client/fingerprint/cni.go'],
  since: '0.1.0',
  examples: [
    {
      name: 'on one of two clients',
      given: {
        'group.placement': 'partly',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/lan',
        'group.missing.mode': true,
        'group.candidates': [offer('c1'), offer('c2', { modes: ['host', 'cni/lan'] })],
        'cluster.offers': [offer('c1'), offer('c2', { modes: ['host', 'cni/lan'] })],
      },
      then: 'present',
    },
    {
      name: 'on no client at all',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/lan',
        'group.missing.mode': true,
        'group.candidates': [offer('c1'), offer('c2')],
        'cluster.offers': [offer('c1'), offer('c2')],
      },
      then: 'absent',
    },
    {
      name: 'missing on a client that the job does not use',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/lan',
        'group.missing.mode': false,
        'group.candidates': [offer('c2', { modes: ['host', 'cni/lan'] })],
        'cluster.offers': [offer('c1'), offer('c2', { modes: ['host', 'cni/lan'] })],
      },
      then: 'absent',
    },
    {
      name: 'all placed',
      given: {
        'group.placement': 'placed',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/lan',
        'group.missing.mode': false,
        'group.candidates': [offer('c1')],
        'cluster.offers': [offer('c1')],
      },
      then: 'absent',
    },
    {
      name: 'mode bridge has no file',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'bridge',
        'group.network.mode-text': 'bridge',
        'group.missing.mode': true,
        'group.candidates': [offer('c1', { modes: ['host'] })],
        'cluster.offers': [offer('c1', { modes: ['host'] }), offer('c2')],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['cni'] },
    needs: ['group.spec', 'group.network.mode-text', 'group.candidates'],
    shows: ['group.candidates'],
    holds: ({ 'group.spec': spec, 'group.network.mode-text': mode, 'group.candidates': clients }) =>
      clients.length > 0 && clients.every(({ modes }) => !modes.includes(mode))
        ? {
            says: `Group ${spec.name} asks for ${mode}, and none of its clients has that network: they offer ${names([...new Set(clients.flatMap(({ modes }) => modes.filter((one) => one.startsWith('cni/'))))]) || 'none'}`,
            severity: 'breaks',
            ...(spec.network ? { at: [spec.network, 'mode'] as const } : {}),
          }
        : false,
    fix: ({ 'group.spec': { name } }) => [
      {
        do: `Spell the network of group ${name} as its conflist does, or bring that file to the clients`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      {
        name: 'spelt otherwise',
        given: {
          'group.network.mode': 'cni',
          'group.spec': group(),
          'group.network.mode-text': 'cni/lan_bridge',
          'group.candidates': [offer('c1', { modes: ['host', 'bridge', 'cni/lan-bridge'] })],
        },
        then: 'present',
      },
      {
        name: 'it is there',
        given: {
          'group.network.mode': 'cni',
          'group.spec': group(),
          'group.network.mode-text': 'cni/lan',
          'group.candidates': [offer('c1', { modes: ['host', 'cni/lan'] })],
        },
        then: 'absent',
      },
      {
        name: 'the bridge of Nomad',
        given: {
          'group.network.mode': 'bridge',
          'group.spec': group(),
          'group.network.mode-text': 'bridge',
          'group.candidates': [],
        },
        then: 'absent',
      },
    ],
  },
})
