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
