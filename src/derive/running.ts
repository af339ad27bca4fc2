import type { AllocRecord } from '../knowledge/shapes/runtime.ts'
import type { Subject } from '../knowledge/subject.ts'
import { allocId, nodeId, type Thing } from '../knowledge/things.ts'

/** Clients with the first allocation of a side that runs there: it speaks for a client that cannot be read. */
export function withRunning(
  clients: ReadonlyMap<string, Thing>,
  { to, from }: Subject,
  { job, namespace }: Pick<AllocRecord, 'job' | 'namespace'>,
  records: readonly AllocRecord[],
): readonly Thing[] {
  const is = (side: Subject['from']) => side?.kind === 'workload' && side.job === job && side.namespace === namespace
  const role = is(to) ? 'target.alloc' : is(from) ? 'source.alloc' : undefined
  const running = Map.groupBy(
    records.filter(({ clientStatus }) => clientStatus === 'running'),
    ({ node }) => nodeId(node),
  )
  return [...running].flatMap(([id, [first]]) => {
    const client = clients.get(id)
    return role && client && first ? [{ ...client, links: { ...client.links, [role]: allocId(first.id) } }] : []
  })
}
