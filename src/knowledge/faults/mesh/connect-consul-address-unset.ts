import { short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { sidecarFailed } from '../../samples.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

const words = /consul address for cluster "[^"]*" must be set on nomad client/
const told = ({ tasks, clientDescription }: AllocRecord): string | undefined =>
  [
    ...tasks.filter(({ state }) => state !== 'running').flatMap(({ events }) => events.map(({ text }) => text)),
    clientDescription,
  ].findLast((text) => words.test(text))

export const connectConsulAddressUnset = fault({
  id: 'connect-consul-address-unset',
  about: 'alloc',
  title: 'The client does not know the address of its Consul agent, which a sidecar needs',
  layer: 'mesh',
  severity: 'breaks',
  heard: ['consul address for cluster "default" must be set on nomad client'],
  needs: ['alloc.record'],
  holds: ({ 'alloc.record': alloc }) =>
    told(alloc) === undefined
      ? false
      : `Allocation ${short(alloc.id)} of ${alloc.job}/${alloc.group} does not start: the consul block of client ${alloc.nodeName} has no address`,
  byHand: 'nomad alloc status <alloc> says "consul address for cluster ... must be set on nomad client".',
  explains: ['connect-destination-unhealthy'],
  because:
    'A sidecar speaks with Consul over a socket in its allocation, which the client leads on to the Consul agent. For that it must have an address of that agent in its configuration. The usual address is filled in by itself; it is missing where a consul block, for another cluster or from a template, sets it to nothing.',
  fix: ({ 'alloc.record': { nodeName } }) => [
    {
      do: 'Set address = "127.0.0.1:8500" in the consul block and restart the agent',
      on: `client ${nodeName}`,
      risk: 'Running allocations go on',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/consul#address',
    'client/allocrunner/consul_grpc_sock_hook.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'no address',
      given: { 'alloc.record': sidecarFailed('consul address for cluster "default" must be set on nomad client') },
      then: 'present',
    },
    {
      name: 'another failure',
      given: { 'alloc.record': sidecarFailed('failed to setup alloc: pre-run hook "network" failed') },
      then: 'absent',
    },
  ],
})
