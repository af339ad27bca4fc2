import { servicesOf } from '../knowledge/discovery.ts'
import type { World } from '../knowledge/fact.ts'
import { value } from '../knowledge/held.ts'
import { jobId, type Thing } from '../knowledge/things.ts'

/** Who asks about a group that announces nothing and has one port means that port. */
export function onlyPort(alloc: Thing | undefined, world: World): string | undefined {
  const { job = '', namespace, group: name } = alloc?.names ?? {}
  const group = value(world, jobId(job, namespace), 'job.spec')?.groups.find((one) => one.name === name)
  const [only, ...others] = group?.network?.ports ?? []
  const announced = group && servicesOf(group).length > 0
  return others.length > 0 || announced ? undefined : only?.label
}

/** What the question says of the allocation that is called: its port, and a task of it that calls another one. */
export function saidOf({ links, names: { port } }: Thing, found: ReadonlyMap<string, Thing>): Partial<Thing['names']> {
  const [calling, called] = (['source.task', 'target.task'] as const).map((end) => found.get(links[end] ?? '')?.names)
  const inside = links['source.alloc'] === links['target.alloc'] && calling?.task !== undefined && called?.task
  return {
    ...(port === undefined ? {} : { port }),
    ...(inside ? { calling: calling.task, called: inside } : {}),
  }
}
