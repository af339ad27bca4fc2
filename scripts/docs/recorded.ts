/** What recorded cases prove. Only documents and tests read the truth of a case. */
import { globSync, readFileSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'

export interface Recorded {
  /** The folder, from the root of the repository. */
  readonly folder: string
  readonly id: string
  readonly title: string
  readonly state: string
  /** The cause first. */
  readonly faults: readonly string[]
}

const root = join(import.meta.dirname, '..', '..')

export function recordedCases(): readonly Recorded[] {
  return globSync(['cases/*/case.json', 'test/recordings/*/case.json'], { cwd: root })
    .toSorted()
    .flatMap((file) => {
      const {
        id = basename(dirname(file)),
        title = '',
        truth,
      } = JSON.parse(readFileSync(join(root, file), 'utf8')) as Case
      const folder = dirname(file).replaceAll('\\', '/')
      return truth === undefined ? [] : [{ folder, id, title, state: truth.state, faults: truth.faults ?? [] }]
    })
}

interface Case {
  readonly id?: string
  readonly title?: string
  readonly truth?: { readonly state: string; readonly faults?: readonly string[] }
}

export interface Proof {
  /** Broken clusters with this fault as the cause. */
  readonly cause: readonly Recorded[]
  /** Broken clusters where it is present beside another cause. */
  readonly beside: readonly Recorded[]
  /** The same clusters, repaired. */
  readonly repaired: readonly Recorded[]
}

export function proofOf(ids: readonly string[], cases: readonly Recorded[]): Proof {
  const broken = cases.filter(({ state }) => state === 'broken')
  const cause = broken.filter(({ faults: [first = ''] }) => ids.includes(first))
  const beside = broken.filter((one) => !cause.includes(one) && one.faults.some((id) => ids.includes(id)))
  const twins = new Set(cause.map(({ id }) => `${id}-repaired`))
  return { cause, beside, repaired: cases.filter(({ id, state }) => state === 'repaired' && twins.has(id)) }
}

/** Each recording once: a shipped case may be a copy of a recorded one. */
export const distinct = (cases: readonly Recorded[]): readonly Recorded[] =>
  cases.filter(({ id }, index) => cases.findIndex((other) => other.id === id) === index)
