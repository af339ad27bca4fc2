import type { AllocRecord } from '../knowledge/shapes/runtime.ts'

/**
 * The allocations that count: of each name the newest, unless the job no longer wants it. Dead ancestors of a running
 * allocation are the past. System jobs give every allocation the same name: there, each client counts. A batch allocation that completed is the past as well.
 */
export function current(records: readonly AllocRecord[], group?: string): readonly AllocRecord[] {
  const newest = new Map<string, AllocRecord>()
  for (const record of records) {
    if (group !== undefined && record.group !== group) continue
    const key = `${record.group} ${record.name} ${record.jobType.startsWith('sys') ? record.node : ''}`
    const other = newest.get(key)
    if (!other || other.createIndex < record.createIndex) newest.set(key, record)
  }
  return [...newest.values()]
    .filter(wanted)
    .toSorted((a, b) => a.name.localeCompare(b.name) || a.createIndex - b.createIndex)
}

function wanted({ desiredStatus, clientStatus }: AllocRecord): boolean {
  if (clientStatus === 'complete') return false
  return desiredStatus === 'run' || clientStatus === 'failed'
}
