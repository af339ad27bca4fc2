import type { World } from './fact.ts'
import type { Report } from './report.ts'
import type { Thing } from './things.ts'

interface Found {
  readonly fault: string
  readonly thing: string
  readonly about: string
}

/** Of how many instances a fault is there: each path that touches a thing with it, or that thing itself. */
export function shareOf(
  chosen: Found,
  present: readonly Found[],
  { things }: World,
): NonNullable<Report['diagnosis']>['instances'] {
  const same = new Set(present.filter(({ fault }) => fault === chosen.fault).map(({ thing }) => thing))
  const instances = instancesOf(chosen, [...things.values()])
  const touched = instances.filter(
    ({ id, links }) => same.has(id) || Object.values(links).some((one) => typeof one === 'string' && same.has(one)),
  )
  return { affected: Math.max(1, touched.length), total: Math.max(1, instances.length) }
}

/** The paths of the one question; of a survey, which asks none, those that share what is wrong with one of them. */
function instancesOf({ thing, about }: Found, all: readonly Thing[]): readonly Thing[] {
  const paths = all.filter(({ kind }) => kind === 'path')
  if (paths.every((path) => path.about === paths[0]?.about)) return paths
  const { kind, names } = all.find(({ id }) => id === thing) ?? {}
  if (kind === 'path') return paths.filter((path) => path.about === about)
  if (kind !== 'alloc') return []
  const { namespace, job, group } = names ?? {}
  return all.filter(
    (one) =>
      one.kind === kind && one.names.namespace === namespace && one.names.job === job && one.names.group === group,
  )
}
