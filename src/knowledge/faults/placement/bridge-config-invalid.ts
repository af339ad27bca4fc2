import type { BridgePlan } from '../../shapes/crossing.ts'
import { clientOf } from '../../clients.ts'
import { each, stepsOf } from '../../each.ts'
import { edits, set } from '../../edit.ts'
import { fault, type Wrong } from '../../fault.ts'
import { record } from '../../samples.ts'
import { setupFailed, setupSays } from '../../setup.ts'
import { quoted } from '../../quoted.ts'
import { placedAnew } from '../../nomad-command.ts'

const told = (failed: string | null): string | undefined => setupSays('bridge-config-invalid', failed)?.[1]

/** What to set instead, by what is wrong. */
function cure(said: string): string {
  const proper = /network address is (\S+)/.exec(said)?.[1]
  if (proper !== undefined) return `Give bridge_network_subnet its network address: ${proper}/<prefix>`
  if (said.includes('too small')) return 'Give bridge_network_subnet a larger network, at least a /29'
  if (said.includes('not a bridge'))
    return 'Give bridge_network_name a name of its own: an interface of that name is there'
  return 'Give bridge_network_name a name of at most 15 characters'
}

const writing: Readonly<Record<string, string>> = {
  bridge_network_name: 'Take a bridge_network_name of at most 15 characters',
  bridge_network_subnet:
    'Write the first address of the network in bridge_network_subnet, with room for allocations: 172.26.64.0/20',
}

const wrongsOf = (wrong: BridgePlan['wrong'], agent: Readonly<Record<string, unknown>>): readonly Wrong[] =>
  wrong.map(({ attribute, why, proper }) => ({
    says: `The bridge cannot be made as ${attribute} asks: ${why}`,
    at: [clientOf(agent), attribute],
    fix: [
      {
        do: writing[attribute] ?? '',
        on: 'client configuration',
        risk: 'The client agent has to be restarted',
        ...edits(
          proper === undefined ? undefined : [set(clientOf(agent), attribute, proper)],
          'the configuration does not say which one is meant',
        ),
      },
    ],
  }))

const plan = (...wrong: BridgePlan['wrong']): BridgePlan => ({
  name: 'nomad',
  subnet: '172.26.64.0/20',
  wrong,
  around: null,
  docker: false,
})

export const bridgeConfigInvalid = fault({
  id: 'bridge-config-invalid',
  about: 'alloc',
  title: "The name or the subnet of the client's bridge cannot be used",
  layer: 'bridge',
  severity: 'breaks',
  heard: [
    'invalid range set 0: Network has host bits set. For a subnet mask of length <n> the network address is <address>',
    'Network <subnet> too small to allocate from',
    'could not add "<bridge>": numerical result out of range',
    '"<interface>" already exists but is not a bridge',
    'invalid bridge_network_subnet: <error>',
    'invalid bridge_network_subnet_ipv6: not an IPv6 address: <subnet>',
  ],
  needs: ['alloc.setup-failure', 'alloc.record'],
  shows: ['alloc.setup-failure'],
  holds: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName } }) => {
    const said = told(failed)
    return said === undefined
      ? false
      : `The bridge of ${nodeName} cannot be made as its client block asks: ${quoted(said, 160)}`
  },
  byHand:
    'In the client block: bridge_network_subnet must be a network address (172.26.64.0/20, not 172.26.64.5/20) of at least /30, bridge_network_name at most 15 characters.',
  explains: [],
  because:
    'The agent checks only that bridge_network_subnet is a network in CIDR notation. The plugins see the rest, when the first allocation starts: host-local wants the network address without host bits and room for a few addresses, and the kernel takes interface names of at most 15 characters and no second interface of one name. So the agent starts and is a place for bridge jobs, and every one of them fails there.',
  fix: ({ 'alloc.setup-failure': failed, 'alloc.record': { nodeName, ...alloc } }) => [
    {
      do: `${cure(told(failed) ?? '')}, and restart the agent`,
      on: `client configuration of ${nodeName}`,
      risk: 'Allocations on the old bridge lose their network when the next one starts: drain the client first',
    },
    placedAnew(alloc),
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_subnet',
    'https://www.cni.dev/plugins/current/ipam/host-local/',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'host bits in the subnet',
      given: {
        'alloc.setup-failure': setupFailed(
          'plugin type="bridge" failed (add): invalid range set 0: Network has host bits set. For a subnet mask of length 20 the network address is 172.26.64.0',
        ),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'a name that is too long',
      given: {
        'alloc.setup-failure': setupFailed(
          'plugin type="bridge" failed (add): failed to create bridge "nomad-bridge-very-long": could not add "nomad-bridge-very-long": numerical result out of range',
        ),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'present',
    },
    {
      name: 'the subnet is full',
      given: {
        'alloc.setup-failure': setupFailed(
          'plugin type="bridge" failed (add): failed to allocate for range 0: no IP addresses available in range set: 10.66.0.1-10.66.0.6',
        ),
        'alloc.record': record('a1', { clientStatus: 'failed' }),
      },
      then: 'absent',
    },
    {
      name: 'set up without trouble',
      given: { 'alloc.setup-failure': null, 'alloc.record': record('a1') },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'node',
    needs: ['node.bridge.plan', 'node.agent'],
    holds: ({ 'node.bridge.plan': { wrong }, 'node.agent': agent }) => each(wrongsOf(wrong, agent)),
    fix: ({ 'node.bridge.plan': { wrong }, 'node.agent': agent }) => stepsOf(wrongsOf(wrong, agent)),
    examples: [
      {
        name: 'host bits',
        given: {
          'node.bridge.plan': plan({ attribute: 'bridge_network_subnet', why: '172.26.64.5/20 has host bits set' }),
          'node.agent': {},
        },
        then: 'present',
      },
      { name: 'a network', given: { 'node.bridge.plan': plan(), 'node.agent': {} }, then: 'absent' },
    ],
  },
})
