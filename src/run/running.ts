import type { Progress, RawFacts } from './look.ts'
import type { Running } from './state.ts'

/** Follows what is being looked at, the longest first. `changed` is told the facts when some came. */
export function following(changed: (facts?: RawFacts) => void): {
  readonly progress: Progress
  readonly now: () => readonly Running[]
} {
  const running = new Map<string, Running>()
  return {
    now: () => [...running.values()],
    progress: {
      started({ probe, thing }) {
        const key = `${probe.id} ${thing.id}`
        running.set(key, { key, title: probe.title, about: thing.about })
        changed()
      },
      found({ probe, thing }, facts) {
        running.delete(`${probe.id} ${thing.id}`)
        changed(facts)
      },
    },
  }
}

/** The same in one phrase. */
export function runningWords([first, ...more]: readonly Running[]): string {
  if (!first) return 'thinking'
  return `${first.title} · ${first.about}${more.length > 0 ? `  and ${more.length} more` : ''}`
}
