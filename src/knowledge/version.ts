import type { Versions } from './fault.ts'

/** Versions as Nomad and Consul write them. */
const parts = (version: string): readonly [readonly number[], string] => {
  const [, numbers = '', rest = ''] = /^v?(\d+(?:\.\d+)*)(?:-([^+]*))?/.exec(version.trim()) ?? []
  return [numbers.split('.').map(Number), rest]
}

/** Whether a version is older than another; a release candidate is older than its release. */
export function before(version: string, bound: string): boolean {
  const [[own, rest], [other, otherRest]] = [parts(version), parts(bound)]
  for (let index = 0; index < 3; index++) {
    const difference = (own[index] ?? 0) - (other[index] ?? 0)
    if (difference !== 0) return difference < 0
  }
  return rest !== '' && (otherRest === '' || rest < otherRest)
}

const bounds: Readonly<Record<string, (difference: number) => boolean>> = {
  '>=': (difference) => difference >= 0,
  '<=': (difference) => difference <= 0,
  '<': (difference) => difference < 0,
  '>': (difference) => difference > 0,
  '': (difference) => difference === 0,
}

/**
 * Whether a version lies in a range like `>= 1.8.0 < 1.9.0 || 1.10.2`; undefined when it is no version. What comes before
 * a release counts as the release: its behaviour is the new one.
 */
export function within(version: string, range: string): boolean | undefined {
  const [own] = parts(version)
  if (own.length < 2 || own.some(Number.isNaN)) return undefined
  const difference = (bound: string): number => {
    const [other] = parts(bound)
    return [0, 1, 2].map((index) => (own[index] ?? 0) - (other[index] ?? 0)).find((one) => one !== 0) ?? 0
  }
  return range
    .split('||')
    .some((alternative) =>
      [...alternative.matchAll(/([<>]=?)?\s*(\d[\d.]*)/g)].every(([, sign = '', bound = '']) =>
        bounds[sign]?.(difference(bound)),
      ),
    )
}

/** Whose version decides, in words. */
const whose: Readonly<Record<NonNullable<Versions['of']>, string>> = {
  'cluster.version': 'the servers',
  'node.version': 'the client',
  'group.client-versions': 'the clients',
}

/** The versions of a fault as its page says them. */
export const versionsText = ({ nomad, of }: Versions): string =>
  `Nomad ${nomad}${of === undefined ? '' : `, by the version of ${whose[of]}`}`

/** The newest Nomad there can be: what a job file is judged for where no client is known. */
const newest = '999999.0.0'

/**
 * Whether one of the versions a fact holds lies in the range. With none at all the newest is meant, as far as the range is
 * open towards it; otherwise it is not known.
 */
export function applies(held: string | readonly string[], range: string): boolean | undefined {
  if (typeof held === 'string') return within(held, range)
  if (held.length === 0) return within(newest, range) === true ? true : undefined
  const found = held.map((version) => within(version, range))
  return found.includes(true) ? true : found.includes(undefined) ? undefined : false
}
