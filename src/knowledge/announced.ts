import { servicesOf } from './discovery.ts'
import type { GroupSpec } from './shapes/job.ts'
import type { DeclaredPort } from './shapes/said.ts'

/** A service on the port registers the address of the client, where a socket on loopback is not heard. */
export const announced = (group: GroupSpec, { label, port }: DeclaredPort): boolean =>
  port.hostNetwork === 'default' &&
  servicesOf(group).some(
    (one) =>
      one.port === label &&
      one.connect === undefined &&
      one.address === '' &&
      ['', 'auto', 'host'].includes(one.addressMode),
  )
