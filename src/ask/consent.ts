import type { Ask } from './request.ts'

const needs = 'needs your consent'
const flag = ' (--yes)'
const words = `${needs}${flag}`
/** Why a request that sends packets from a machine was not made. */
export const needsConsent = `it sends packets and ${words}`
/** Why packets were not watched. */
export const needsConsentToWatch = `it watches packets and ${words}`
/** Why a request that runs inside a workload was not made. */
export const needsConsentInside = `it runs inside the workload and ${words}`

/** Nobody agreed; where commands are not possible at all nobody was asked. */
export const isConsent = ({ why, detail = '' }: { readonly why: string; readonly detail?: string }): boolean =>
  why === 'not-asked' && detail.includes(needs)

/** The same world for a person who is asked on the screen: how to be asked again, instead of a flag of the commands. */
export const withHint =
  (ask: Ask, hint: () => string): Ask =>
  async (request) => {
    const reply = await ask(request)
    const { refusal } = reply
    return refusal && isConsent(refusal)
      ? { ...reply, refusal: { ...refusal, detail: refusal.detail.replace(flag, hint()) } }
      : reply
  }
