/** Small questions about names that several faults ask. Pure. */
import type { Ask, Lookup } from './shapes/discovery.ts'
import type { GroupSpec, JobSpec, ServiceSpec } from './shapes/job.ts'
import type { AllocRecord, ConsulInstance, ServiceRow } from './shapes/runtime.ts'

export const servicesOf = (group: GroupSpec): readonly ServiceSpec[] => [
  ...group.services,
  ...group.tasks.flatMap((task) => task.services),
]

const registrars = new WeakMap<JobSpec, ReadonlyMap<string, readonly GroupSpec[]>>()
/** The groups of a job that register a service of this name: looked up, since every task of a large job may ask. */
export function registering(job: JobSpec, service: string): readonly GroupSpec[] {
  let known = registrars.get(job)
  if (!known) {
    const found = new Map<string, GroupSpec[]>()
    for (const group of job.groups)
      for (const { name } of servicesOf(group)) {
        const groups = found.get(name)
        if (!groups) found.set(name, [group])
        else if (groups.at(-1) !== group) groups.push(group)
      }
    registrars.set(job, (known = found))
  }
  return known.get(service) ?? []
}

/** How a template or a name spells an ask: `nomadService "x"`, `service "tag.x"`, `x.service.consul`. */
export function spelling({ via, name, tag, datacenter, port }: Ask): string {
  const tagged = tag === undefined ? name : `${tag}.${name}`
  const at = datacenter === undefined ? tagged : `${tagged}@${datacenter}`
  switch (via) {
    case 'nomad-template':
      return `nomadService "${at}"`
    case 'consul-template':
      return `service "${at}"`
    case 'consul-dns':
      return `${tagged}.service${datacenter === undefined ? '' : `.${datacenter}`}.consul`
    case 'upstream':
      return `upstream ${name}`
    case 'sidecar':
      return port === undefined ? `NOMAD_UPSTREAM_ADDR_${name}` : `${name}:${port}`
    case 'dns':
      return port === undefined ? name : `${name}:${port}`
  }
}

/** Go-template of a Nomad value in a name: what it becomes is known on the client only. */
export const interpolated = (text: string): boolean => text.includes('${')

export const short = (id: string): string => id.slice(0, 8)
export const place = ({ address, port }: { readonly address: string; readonly port: number }): string =>
  `${address}:${port}`

const over = ['complete', 'failed', 'lost']

/** Whether an allocation behind a row still serves; undefined when nothing is known of it. `unknown`: its client is disconnected. */
export function serves(records: readonly AllocRecord[], alloc: string): boolean | undefined {
  const record = records.find(({ id }) => id === alloc)
  return record && !over.includes(record.clientStatus) && record.clientStatus !== 'unknown'
}

/** Whether an allocation is over for good; undefined when nothing is known of it. On a disconnected client it may still serve. */
export function isOver(records: readonly AllocRecord[], alloc: string): boolean | undefined {
  const record = records.find(({ id }) => id === alloc)
  return record && over.includes(record.clientStatus)
}

/** The allocation behind an id that Nomad gave a service in Consul (`_nomad-task-<alloc>-group-...`). */
export const allocOf = ({ id }: ConsulInstance): string | undefined =>
  /^_nomad-task-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})-/.exec(id)?.[1]

/** Rows that lead to nobody, unless a live row has the same address and port: then they harm nobody. */
export function staleRows(
  rows: readonly ServiceRow[],
  records: readonly AllocRecord[],
  job: string,
): readonly ServiceRow[] {
  const live = rows.filter(({ alloc }) => serves(records, alloc) === true).map(place)
  return rows.filter((row) => {
    const known = serves(records, row.alloc)
    const gone = known === false || (known === undefined && row.job === job)
    return gone && !live.includes(place(row))
  })
}

/** The worst state of an instance's checks, node checks included, as Consul counts them. */
export function healthOf({ checks }: ConsulInstance): 'passing' | 'warning' | 'critical' {
  const states = checks.map(({ status }) => status)
  if (states.some((state) => state === 'critical' || state === 'maintenance')) return 'critical'
  return states.includes('warning') ? 'warning' : 'passing'
}

export const failed = (lookups: readonly Lookup[]): readonly Lookup[] =>
  lookups.filter(({ outcome }) => outcome !== 'found')

/** Names that fail in the task and resolve on its client. */
export const onlyOnNode = (task: readonly Lookup[], node: readonly Lookup[]): readonly Lookup[] =>
  failed(task).filter(({ name }) => node.some((one) => one.name === name && one.outcome === 'found'))

export const isLoopback = (address: string): boolean =>
  address.startsWith('127.') || address === '::1' || address === 'localhost'

/** "is not found", "is refused": how a lookup ended, for a sentence. */
export const outcomeWords: Readonly<Record<Lookup['outcome'], string>> = {
  found: 'resolves',
  'no-such-name': 'is answered with "no such name"',
  refused: 'is refused by the name server',
  'no-server': 'gets no answer from any name server',
  fails: 'does not resolve',
}
