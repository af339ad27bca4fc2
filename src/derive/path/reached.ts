import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import { derivation, made, notKnown } from '../derivation.ts'

const good: readonly Attempt['outcome'][] = ['answered', 'connected']

/**
 * What the source itself meets: from its own namespace, or from its client when it has none of its own. The registered
 * address counts; where the target has no mapped port, any address that answers does.
 */
export const reachedDerivation = derivation({
  provides: 'path.reached',
  about: 'path',
  from: ['path.attempts', 'path.port'],
  make: ({ 'path.attempts': attempts, 'path.port': { mapped } }) => {
    const fromSource = attempts.filter(({ from }) => from === 'source')
    const tried = fromSource.length > 0 ? fromSource : attempts.filter(({ from }) => from === 'source-node')
    const clear = tried.filter(({ outcome }) => outcome !== 'unclear')
    const registered = clear.filter(({ host, port }) => host === mapped?.hostIp && port === mapped.hostPort)
    const meant = registered.length > 0 ? registered : clear
    if (meant.length === 0) return notKnown('no attempt was made from the source', 'not-asked')
    const shown = meant.map(({ place, host, port, outcome }) => `${place} to ${host}:${port}: ${outcome}`)
    return made(meant.some(({ outcome }) => good.includes(outcome)) ? 'answered' : 'fails', shown.join('\n'))
  },
})
