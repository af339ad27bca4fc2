import { edits, unset } from '../../edit.ts'
import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, service } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

const wrong = (spec: GroupSpec) =>
  servicesOf(spec).find(({ address }) => ['0.0.0.0', '::', '[::]'].includes(address.trim()))

export const serviceAddressNoneReachable = fault({
  id: 'service-address-none-reachable',
  about: 'group',
  title: 'A service announces 0.0.0.0, which is an address to listen on, not one to call',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'failed to setup alloc: pre-run hook "group_services" failed: rpc error: 1 error occurred: * invalid service registration address',
    'invalid service registration address',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    if (!found) return false
    const then =
      found.provider === 'nomad'
        ? 'Nomad refuses the registration and the allocation fails'
        : 'whoever looks it up is sent to itself'
    return {
      says: `Service ${found.name} of group ${spec.name} has address = "${found.address}": ${then}`,
      at: [found, 'address'],
    }
  },
  byHand: 'nomad job inspect <job>: Address of the service is 0.0.0.0 or ::.',
  explains: [],
  because:
    'A server that listens on 0.0.0.0 accepts packets for every address of its namespace. As a destination 0.0.0.0 means the caller itself, or nothing. What stands in address goes into the catalogue as it is, so callers would be given an address that leads to no server; the native catalogue refuses it for that reason, and the allocation does not start.',
  fix: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return [
      {
        do: `Take address out of service ${found?.name ?? ''}: Nomad then registers the address of the client that its port label was given`,
        on: 'job file',
        risk: 'none',
        ...edits(found && [unset(found, 'address')], 'the service is not written out', true),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#address',
    'nomad/structs/service_registration.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: '0.0.0.0 with a native service',
      given: { 'group.spec': group({ services: [service({ address: '0.0.0.0' })] }) },
      then: 'present',
    },
    {
      name: ':: with Consul',
      given: { 'group.spec': group({ services: [service({ provider: 'consul', address: '::' })] }) },
      then: 'present',
    },
    {
      name: 'the address of a load balancer',
      given: { 'group.spec': group({ services: [service({ address: '10.0.0.100' })] }) },
      then: 'absent',
    },
  ],
})
