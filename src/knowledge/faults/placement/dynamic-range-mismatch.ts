import { fault } from '../../fault.ts'
import { names, taking } from '../../placement.ts'
import type { NodeOffer } from '../../shapes/runtime.ts'

/** Clients by the range they give dynamic ports from; one range for all is none of our business. */
function ranges(offers: readonly NodeOffer[]) {
  const by = Map.groupBy(taking(offers), ({ dynamicPorts: { min, max } }) => `${min}-${max}`)
  return by.size < 2 ? undefined : [...by].toSorted(([, a], [, b]) => b.length - a.length)
}

const offer = (name: string, min: number, max: number, changed: Partial<NodeOffer> = {}): NodeOffer => ({
  id: name,
  name,
  status: 'ready',
  eligible: true,
  draining: false,
  datacenter: 'dc1',
  nodePool: 'default',
  nodeClass: '',
  os: 'debian',
  modes: ['host', 'bridge'],
  hostNetworks: ['default'],
  dynamicPorts: { min, max },
  reservedPorts: '',
  drivers: { docker: true },
  ...changed,
})

export const dynamicRangeMismatch = fault({
  id: 'dynamic-range-mismatch',
  about: 'cluster',
  title: 'Clients give out dynamic ports from different ranges',
  layer: 'node',
  severity: 'risks',
  // Silent: only a firewall between the clients notices, and it says nothing.
  heard: [],
  needs: ['cluster.offers'],
  holds: ({ 'cluster.offers': offers }) => {
    const found = ranges(offers)
    if (!found) return false
    const told = found.slice(0, 3).map(
      ([range, own]) =>
        `${range} on ${names(
          own.map(({ name }) => name),
          2,
        )}`,
    )
    const says = `Dynamic ports come from ${told.join(', ')}: a firewall that is open for one range blocks some allocations and not others`
    const [most, other] = [found[0]?.[1][0], found.at(-1)?.[1][0]]
    const from = most?.dynamicPorts.min === other?.dynamicPorts.min ? 'max' : 'min'
    return other ? { says, at: [other, `${from}_dynamic_port`] } : says
  },
  intended: 'where nothing between the clients filters ports',
  byHand:
    'nomad node status -json <node>: MinDynamicPort and MaxDynamicPort under NodeResources; compare with what security groups and firewalls between the clients open.',
  explains: [],
  because:
    'min_dynamic_port and max_dynamic_port are settings of each client, 20000 to 32000 unless set. What lies between the clients (security groups, firewalls) is mostly opened for one range. An allocation whose client gives ports from another one is healthy, registered, and reached by nobody elsewhere, so a service works or not by the client it landed on.',
  fix: () => [
    {
      do: 'Set the same min_dynamic_port and max_dynamic_port on all clients, or open every range that is in use between them',
      on: 'client configuration',
      risk: 'The agents restart; ports that are given out stay',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#min_dynamic_port',
    'https://developer.hashicorp.com/nomad/docs/deploy/production/requirements#ports-used',
  ],
  versions: { nomad: '>= 1.2.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'one client has another range',
      given: { 'cluster.offers': [offer('c1', 20000, 32000), offer('c2', 20000, 32000), offer('c3', 40000, 45000)] },
      then: 'present',
    },
    {
      name: 'all have the same',
      given: { 'cluster.offers': [offer('c1', 20000, 32000), offer('c2', 20000, 32000)] },
      then: 'absent',
    },
    {
      name: 'the other one takes no allocations',
      given: { 'cluster.offers': [offer('c1', 20000, 32000), offer('c2', 1, 2, { draining: true })] },
      then: 'absent',
    },
  ],
})
