import { edits, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, service } from '../../samples.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'

/** Source: client/serviceregistration/address.go: a number in host mode has no port mapping to take the address from. */
const wrong = ({ services }: GroupSpec): ServiceSpec | undefined =>
  services.find(
    ({ provider, port, address, addressMode, connect }) =>
      provider === 'nomad' &&
      connect === undefined &&
      /^\d+$/.test(port) &&
      address === '' &&
      ['', 'auto', 'host'].includes(addressMode),
  )

export const nsdLiteralPortEmptyAddress = fault({
  id: 'nsd-literal-port-empty-address',
  about: 'group',
  title: 'A native service with a number as port is registered without an address',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'dial tcp :<port>: connect: connection refused',
    'nomad service info shows an address that starts with a colon',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    if (!found) return false
    // Where nothing is open on the client the missing address is only part of it.
    const shut = ['bridge', 'none'].includes(spec.network?.mode ?? '') && spec.network?.ports.length === 0
    return {
      says: `Service ${found.name} of group ${spec.name} has port = "${found.port}" as a number: Nomad registers it as ":${found.port}", without an address`,
      severity: shut ? 'degrades' : 'breaks',
      at: [found, 'port'],
    }
  },
  byHand: 'nomad service info <service> shows an address that starts with a colon.',
  explains: [],
  because:
    'The address of a service comes from the port block its label names: host address and host port together. A number names no port block. Consul fills the gap with the address of its own agent; the native catalogue stores the empty text, so a template renders ":6379" and the caller dials itself or nothing.',
  fix: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    const label = spec.network?.ports.find(({ to, static: host }) => [to, host].includes(Number(found?.port)))?.label
    return [
      {
        do:
          label === undefined
            ? `Add port "<label>" { to = ${found?.port ?? 0} } to the network block and write the label as port of service ${found?.name ?? ''}`
            : `Write port = "${label}" in service ${found?.name ?? ''}`,
        on: 'job file',
        risk: 'The service is registered anew, with the host port behind the label',
        ...edits(
          found && label !== undefined ? [set(found, 'port', label)] : undefined,
          'no port block has this number',
          true,
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/service#port',
    'client/serviceregistration/address.go',
  ],
  versions: { nomad: '>= 1.3.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'port = "6379" with provider nomad',
      given: { 'group.spec': group({ services: [service({ port: '6379' })] }) },
      then: 'present',
    },
    {
      name: 'a label',
      given: { 'group.spec': group() },
      then: 'absent',
    },
    {
      name: 'Consul puts its own address in',
      given: { 'group.spec': group({ services: [service({ provider: 'consul', port: '6379' })] }) },
      then: 'absent',
    },
    {
      name: 'address_mode alloc registers the address of the allocation',
      given: { 'group.spec': group({ services: [service({ port: '6379', addressMode: 'alloc' })] }) },
      then: 'absent',
    },
  ],
})
