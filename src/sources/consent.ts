import type { Request } from '../ask/request.ts'

/** Asked before anything runs inside a workload or sends packets. */
export type Consent = (request: Request) => boolean | Promise<boolean>

export const nobodyAgreed: Consent = () => false
