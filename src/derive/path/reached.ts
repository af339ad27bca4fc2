import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import { derivation, made, notKnown } from '../derivation.ts'

const good: readonly Attempt['outcome'][] = ['answered', 'connected']

/** What the source itself meets: from its own namespace, or from its client when it has none of its own. */
export const reachedDerivation = derivation({
  provides: 'path.reached',
  about: 'path',
  from: ['path.attempts'],
  make: ({ 'path.attempts': attempts }) => {
    const fromSource = attempts.filter(({ from }) => from === 'source')
    const tried = fromSource.length > 0 ? fromSource : attempts.filter(({ from }) => from === 'source-node')
    const clear = tried.filter(({ outcome }) => outcome !== 'unclear')
    if (clear.length === 0) return notKnown('no attempt was made from the source', 'not-asked')
    const answered = clear.find(({ outcome }) => good.includes(outcome))
    const shown = clear.map(({ place, host, port, outcome }) => `${place} to ${host}:${port}: ${outcome}`)
    return made(answered ? 'answered' : 'fails', shown.join('\n'))
  },
})
