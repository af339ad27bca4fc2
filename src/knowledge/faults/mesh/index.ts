/** Faults of this area, in the order of their ids. */
import { connectIntentionDenied } from './connect-intention-denied.ts'
import { connectNamedPort } from './connect-named-port.ts'
import { connectNotBridge } from './connect-not-bridge.ts'
import { connectUpstreamMissing } from './connect-upstream-missing.ts'

export const meshFaults = [connectIntentionDenied, connectNamedPort, connectNotBridge, connectUpstreamMissing] as const
