import { networked } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { record } from '../../samples.ts'

const given = {
  'alloc.namespace-kind': 'own',
  'alloc.status': 'running',
  'alloc.uplink': null,
  'alloc.record': record('6b235529', { address: '172.26.64.2' }),
} as const

export const allocEth0Missing = fault({
  id: 'alloc-eth0-missing',
  about: 'alloc',
  title: 'The network namespace of the allocation has no eth0',
  layer: 'bridge',
  severity: 'breaks',
  heard: [
    'loopback interface is down',
    'network namespace already exists but was misconfigured',
    'Network is unreachable',
  ],
  onlyWhen: { 'alloc.namespace-kind': ['own'], 'alloc.status': ['running'] },
  needs: ['alloc.uplink', 'alloc.record'],
  shows: ['alloc.uplink'],
  holds: ({ 'alloc.uplink': link, 'alloc.record': { address, nodeName } }) =>
    link === null && address !== undefined
      ? `The allocation is registered with ${address}, but its network namespace on ${nodeName} has no eth0`
      : false,
  byHand: 'In the allocation: ip addr shows nothing but lo, while nomad alloc status shows an address.',
  explains: ['nsd-check-failing', 'alloc-default-route-missing'],
  because:
    'The network of an allocation is set up once, in the namespace its pause container holds. When docker is restarted or the pause container dies, docker starts it again in a new, empty namespace, and tasks that restart join that one; nobody runs the CNI plug-ins again. The allocation counts as running and keeps its registered address, while everything that is sent there finds nobody. The client notices after a restart only with CNI plug-ins 1.3.0 and Nomad 1.9.5 or newer.',
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Stop the allocation, so that a new one gets a network',
      on: 'job',
      run: allocCommand('stop', record),
      risk: 'The allocation is replaced',
    },
    {
      do: 'Use upstream CNI plug-ins 1.3.0 or newer, so that a restart of the client finds such allocations',
      on: 'client',
      risk: 'none',
    },
  ],
  references: [
    'https://github.com/hashicorp/nomad/issues/19962',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    { name: 'no eth0, and an address is registered', given, then: 'present' },
    { name: 'eth0 is there', given: { ...given, ...networked() }, then: 'absent' },
    {
      name: 'the allocation never got an address',
      given: { ...given, 'alloc.record': record('6b235529') },
      then: 'absent',
    },
    { name: 'host networking needs none', given: { ...given, 'alloc.namespace-kind': 'host' }, then: 'absent' },
    { name: 'the allocation does not run', given: { ...given, 'alloc.status': 'complete' }, then: 'absent' },
    { name: 'it is being stopped', given: { ...given, 'alloc.status': 'stopping' }, then: 'absent' },
  ],
})
