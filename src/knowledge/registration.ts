/** Registrations in Consul that a client could not make. Pure. */
import type { Facts, Member } from './facts.ts'

/** A service that is missing on a client whose newest word on registration gives this reason. */
export function refusedSync(
  unregistered: Facts['group.consul.unregistered'],
  logs: readonly Member<string>[],
  reason: RegExp,
): Facts['group.consul.unregistered'][number] | undefined {
  return unregistered.find(({ node }) => {
    const log = logs.find(({ id }) => id === `node:${node}`)?.value ?? ''
    const newest = log
      .split('\n')
      .findLast((line) => /unable to update services in Consul|failed to update services/i.test(line))
    return newest !== undefined && reason.test(newest)
  })
}
