import { lookedUpCall, serviceOf } from '../../edit-lookup.ts'
import { edits } from '../../edit.ts'
import type { GroupSpec, JobSpec } from '../../shapes/job.ts'
import type { Called } from '../../shapes/said.ts'
import { others } from '../../said.ts'
import { called } from '../../said-samples.ts'
import type { Dial } from '../../facts/path.ts'
import type { Member } from '../../facts.ts'
import { fault } from '../../fault.ts'
import { dialledBy } from '../../origin-of.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'
import { group, job, record } from '../../samples.ts'
import { bracketed } from '../../words.ts'
import { isUsuallyDynamic } from '../../port-ranges.ts'

const over = ({ clientStatus, desiredStatus }: AllocRecord): boolean =>
  ['complete', 'failed', 'lost'].includes(clientStatus) || desiredStatus !== 'run'

const has = (records: readonly AllocRecord[], { host, port }: Dial) =>
  records.flatMap((alloc) =>
    alloc.ports.filter((one) => one.hostPort === port && one.hostIp === host).map(({ label }) => ({ label, alloc })),
  )

/** A place dialled that an ended allocation of the target had, and no live one has. */
function outdated(
  dials: readonly Dial[],
  live: AllocRecord,
  clients: readonly Member<readonly AllocRecord[]>[],
): { dial: Dial; label: string; alloc: AllocRecord } | undefined {
  const own = clients
    .flatMap(({ value }) => value)
    .filter(({ job, namespace, group }) => job === live.job && namespace === live.namespace && group === live.group)
  for (const dial of dials) {
    const [past] = has(own.filter(over), dial)
    if (past && has([live, ...own.filter((record) => !over(record))], dial).length === 0) return { dial, ...past }
  }
  return undefined
}

const old = record('a1', {
  desiredStatus: 'stop',
  clientStatus: 'complete',
  ports: [{ label: 'http', hostIp: '10.0.0.1', hostPort: 22774, to: 8080, hostNetwork: 'default' }],
})

const words = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((one) => one.length > 3)
/** An address with a number as Nomad chooses them, under a name that another group with a dynamic port has. */
function remembered(calls: readonly Called[], own: GroupSpec, job: JobSpec) {
  for (const call of calls) {
    if (!/^[\d.]+$/.test(call.host) || call.host.startsWith('127.') || !isUsuallyDynamic(call.port)) continue
    if (job.groups.some(({ network }) => network?.ports.some((one) => one.static === call.port))) continue
    const name = new Set(words(call.text.split(' ')[0] ?? ''))
    const there = others(job, own).find(
      (one) =>
        one.network?.ports.some((port) => port.static === undefined) &&
        [one.name, ...one.services.map((service) => service.name)].some((text) =>
          words(text).some((word) => name.has(word)),
        ),
    )
    if (there) return { call, there }
  }
  return undefined
}
const scorer = group({ name: 'scorer' })
const geoip = group({ name: 'geoip' })

export const hardcodedDynamicPort = fault({
  id: 'hardcoded-dynamic-port',
  about: 'path',
  title: 'The caller uses a host port that an earlier allocation had',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    "nc: can't connect to remote host (<address>): Connection refused",
  ],
  onlyWhen: { 'path.discovery': ['fixed-address', 'load-balancer', 'localhost'] },
  needs: ['path.dials', 'target.alloc.record', 'every.node.allocations', 'path.port'],
  shows: ['path.dials', 'every.node.allocations'],
  holds: ({
    'path.dials': dials,
    'target.alloc.record': live,
    'every.node.allocations': clients,
    'path.port': { mapped },
  }) => {
    const found = outdated(dials, live, clients)
    if (!found) return false
    const { dial, alloc } = found
    const now = mapped ? `; now it is ${mapped.hostIp}:${mapped.hostPort}` : ''
    return `${dialledBy(dial)} ${bracketed(dial.host)}:${dial.port}, the port of allocation ${alloc.id.slice(0, 8)} of ${live.job}, which has ended${now}`
  },
  byHand:
    'nomad job allocs -all <job> and nomad alloc status of the ended ones: one of them had the port that is dialled. Old allocations are forgotten after some hours.',
  explains: [],
  because:
    'A port block without static gives every new allocation another host port, on whatever client it lands. A number copied from nomad alloc status is right until the next deployment, restart of the client or reschedule; then nobody has it, or, worse, another workload.',
  fix: ({ 'target.alloc.record': live, 'path.port': { label } }) => [
    {
      do: `Let the caller find ${live.job} by its service (a nomadService or service template), which follows every new port`,
      on: 'job file of the caller',
      risk: 'The allocation of the caller is replaced',
    },
    {
      do: `Where a caller outside the cluster needs a fixed number, set static in port "${label ?? '<label>'}"`,
      on: 'job file',
      risk: 'The allocation is replaced; one allocation per client at most',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#dynamic-ports',
    'https://developer.hashicorp.com/nomad/docs/networking/service-discovery',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the number of an allocation that was stopped',
      given: {
        'path.discovery': 'fixed-address',
        'path.dials': [{ host: '10.0.0.1', port: 22774, from: 'env ORDERS of task loop' }],
        'target.alloc.record': record('a2'),
        'every.node.allocations': [{ about: 'node:c1', id: 'node:n1', value: [old, record('a2')] }],
        'path.port': { label: 'http', number: null, mapped: null },
      },
      then: 'present',
    },
    {
      name: 'a live allocation has it',
      given: {
        'path.discovery': 'fixed-address',
        'path.dials': [{ host: '10.0.0.1', port: 25000, from: 'env ORDERS of task loop' }],
        'target.alloc.record': record('a2'),
        'every.node.allocations': [{ about: 'node:c1', id: 'node:n1', value: [old, record('a2')] }],
        'path.port': { label: 'http', number: null, mapped: null },
      },
      then: 'absent',
    },
    {
      name: 'the caller asks a catalogue',
      given: {
        'path.discovery': 'nomad-template',
        'path.dials': [{ host: '10.0.0.1', port: 22774, from: 'template' }],
        'target.alloc.record': record('a2'),
        'every.node.allocations': [{ about: 'node:c1', id: 'node:n1', value: [old] }],
        'path.port': { label: 'http', number: null, mapped: null },
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.calls', 'group.spec', 'job.spec'],
    shows: ['group.calls'],
    holds: ({ 'group.calls': calls, 'group.spec': own, 'job.spec': job }) => {
      const found = remembered(calls, own, job)
      return found
        ? {
            says: `${found.call.from.slice(0, 1).toUpperCase()}${found.call.from.slice(1)} says ${bracketed(found.call.host)}:${found.call.port}, a number from the dynamic range; the ports of group ${found.there.name} change with every allocation`,
            at: found.call.at,
          }
        : false
    },
    fix: ({ 'group.calls': calls, 'group.spec': own, 'job.spec': job }) => {
      const found = remembered(calls, own, job)
      const caller = own.tasks.find(({ name }) => name === found?.call.task)
      return [
        {
          do: `Take address and port of group ${remembered(calls, own, job)?.there.name ?? ''} from its service, by a template with nomadService or service`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            found && caller && lookedUpCall(found.call, caller, serviceOf(found.there)),
            'the address does not stand in one text that a template can write, or the other group has no service of its own to be looked up',
          ),
        },
      ]
    },
    examples: [
      {
        name: 'GEOIP_URL has the port of a past allocation',
        given: {
          'group.calls': [called({ host: '10.20.7.31', port: 23977, text: 'GEOIP_URL http://10.20.7.31:23977' })],
          'group.spec': scorer,
          'job.spec': job({ groups: [geoip, scorer] }),
        },
        then: 'present',
      },
      {
        name: 'a database of somebody else',
        given: {
          'group.calls': [called({ host: '10.20.7.31', port: 27017, text: 'MONGO_URL mongodb://10.20.7.31:27017' })],
          'group.spec': scorer,
          'job.spec': job({ groups: [geoip, scorer] }),
        },
        then: 'absent',
      },
    ],
  },
})
