import type { Refusal } from './refusal.ts'

const words = 'needs your consent (--yes)'
/** Why a request that sends packets from a machine was not made. */
export const needsConsent = `it sends packets and ${words}`
/** Why packets were not watched. */
export const needsConsentToWatch = `it watches packets and ${words}`
/** Why a request that runs inside a workload was not made. */
export const needsConsentInside = `it runs inside the workload and ${words}`

/** Nobody agreed; where commands are not possible at all nobody was asked. */
export const isConsent = ({ why, detail }: Refusal): boolean => why === 'not-asked' && detail.endsWith(words)
