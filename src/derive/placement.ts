import { readable } from '../knowledge/hole.ts'
import type { AllocRecord, Evaluation, NodeOffer, PlacementFailure } from '../knowledge/shapes/runtime.ts'
import { linux, reasons, taking } from '../knowledge/placement.ts'
import { candidates } from './candidates.ts'
import { current } from './current.ts'
import { derivation, made, notKnown, type AnyDerivation } from './derivation.ts'

/** Texts of the scheduler. Source: scheduler/feasible/feasible.go. */
const noNetwork = 'missing network'
const hidden = 'computed class ineligible'
const noHostNetwork = /^missing host network "([^"]*)" for port "([^"]*)"$/

/** Whether a group's allocations have a client, and what the scheduler says where they have none. */
/** What a client's files leave open is for the faults that ask for it: the other facts of the client hold. */
const said = (one: NodeOffer, words: string, read: (of: NodeOffer) => string): string =>
  `${words} ${readable(() => read(one), 'unknown')}`

export const placementDerivations: readonly AnyDerivation[] = [
  derivation({ provides: 'job.type', about: 'job', from: ['job.spec'], make: ({ 'job.spec': { type } }) => type }),
  derivation({
    provides: 'group.placement',
    about: 'group',
    from: ['job.spec', 'group.spec', 'job.allocations'],
    maybe: ['job.evaluations'],
    shows: 'job.allocations',
    make: (
      { 'job.spec': job, 'group.spec': { name, count }, 'job.allocations': records },
      { 'job.evaluations': evaluations },
    ) => {
      if (job.stopped || job.spawns) return made('placed', `job ${job.id} wants no allocation of its own`)
      const batch = job.type === 'batch' || job.type === 'sysbatch'
      const have = [...current(records, name), ...(batch ? finished(records, name) : [])]
      const wanted = job.type.startsWith('sys') ? undefined : count
      const said = `group ${name}: ${have.length}${wanted === undefined ? '' : ` of ${wanted}`} allocations have a client`
      const lacking = have.length === 0 ? 'not-placed' : 'partly'
      if (wanted !== undefined && have.length < wanted) return made(lacking, said)
      // A system job wants as many as fit; an update may be stuck behind allocations that still run.
      const unsure = wanted === undefined || have.some(({ jobVersion }) => jobVersion < job.version)
      if (!unsure) return made('placed', said)
      if (!evaluations) return notKnown('without its evaluations it is not known whether all of the group is placed')
      if (telling(evaluations, name)?.failed[name]) return made(lacking, said)
      return made(wanted === undefined && have.length === 0 ? 'not-placed' : 'placed', said)
    },
  }),
  derivation({
    provides: 'group.refusals',
    about: 'group',
    from: ['group.placement', 'job.evaluations'],
    maybe: ['job.registered'],
    shows: 'job.evaluations',
    make: (
      { 'group.placement': placement, 'job.evaluations': evaluations },
      { 'job.registered': registered },
      { names: { group = '' } },
    ) => {
      if (placement === 'placed') return made(null, `group ${group} is placed`)
      const told = telling(evaluations, group)
      const failed = told?.failed[group]
      if (told && failed) return made(failed, excerpt(told, group, failed))
      if (registered === false) return made(null, 'the job is not registered: the scheduler was never asked')
      return notKnown(`no evaluation says why group ${group} is not placed`, 'not-found')
    },
  }),
  derivation({
    provides: 'group.candidates',
    about: 'group',
    from: ['job.spec', 'group.spec', 'cluster.offers'],
    shows: 'cluster.offers',
    make: ({ 'job.spec': job, 'group.spec': group, 'cluster.offers': offers }) => {
      const found = candidates(job, group, offers)
      const lines = found.map((one) =>
        [
          `${one.name}: ${one.status}`,
          said(one, 'network modes', ({ modes }) => modes.join(', ')),
          said(one, 'host networks', ({ hostNetworks }) => hostNetworks.join(', ')),
          ...(one.reservedPorts === '' ? [] : [`reserved ports ${one.reservedPorts}`]),
          ...Object.entries(one.reservedOn ?? {}).map(([network, ports]) => `reserved ports of ${network} ${ports}`),
        ].join(', '),
      )
      return made(
        found,
        lines.join('\n') || `no client in the datacenters and pool of ${job.id} that its constraints allow`,
      )
    },
  }),
  derivation({
    provides: 'group.missing.mode',
    about: 'group',
    from: ['group.refusals', 'group.network.mode-text'],
    maybe: ['group.candidates'],
    make: ({ 'group.refusals': refusals, 'group.network.mode-text': mode }, { 'group.candidates': nodes }) => {
      if (!refusals) return false
      if (refusals.constraintFiltered[noNetwork] !== undefined) return true
      // The scheduler remembers one client's answer for its whole class, and then says only this.
      if (refusals.constraintFiltered[hidden] === undefined || mode === 'none') return false
      if (!nodes) return notKnown(`the evaluation says "${hidden}", and the clients are not known`)
      return taking(nodes).some(({ modes }) => !modes.includes(mode))
    },
  }),
  derivation({
    provides: 'group.missing.network',
    about: 'group',
    from: ['group.missing.mode', 'group.network.mode'],
    maybe: ['group.candidates'],
    make: ({ 'group.missing.mode': missing, 'group.network.mode': mode }, { 'group.candidates': nodes }) => {
      if (!missing || mode !== 'bridge') return missing
      if (!nodes) return notKnown('whether the clients could offer mode bridge is not known')
      return taking(nodes).every((node) => node.modes.includes('bridge') || !linux(node))
    },
  }),
  derivation({
    provides: 'group.consul.wanted',
    about: 'group',
    from: ['group.spec'],
    make: ({ 'group.spec': { services, tasks } }) =>
      [...services, ...tasks.flatMap((task) => task.services)].some(({ provider }) => provider === 'consul'),
  }),
  derivation({
    provides: 'group.missing.consul',
    about: 'group',
    from: ['group.refusals'],
    make: ({ 'group.refusals': refusals }) =>
      reasons(refusals, 'constraints', /^\$\{attr\.consul\.version\} /).length > 0,
  }),
  derivation({
    provides: 'group.missing.host-networks',
    about: 'group',
    from: ['group.refusals', 'group.spec'],
    maybe: ['group.candidates'],
    make: ({ 'group.refusals': refusals, 'group.spec': { network } }, { 'group.candidates': nodes }) => {
      if (!refusals) return []
      const told = Object.keys(refusals.constraintFiltered).flatMap((reason) => {
        const [, name, label] = noHostNetwork.exec(reason) ?? []
        return name !== undefined && label !== undefined ? [{ network: name, label }] : []
      })
      if (told.length > 0 || refusals.constraintFiltered[hidden] === undefined) return told
      if (!nodes) return notKnown(`the evaluation says "${hidden}", and the clients are not known`)
      const ports = (network?.ports ?? []).filter(({ hostNetwork }) => !hostNetwork.includes('${'))
      const lacking = ports.filter(({ hostNetwork }) =>
        taking(nodes).some(({ hostNetworks }) => !hostNetworks.includes(hostNetwork)),
      )
      return lacking.map(({ hostNetwork, label }) => ({ network: hostNetwork, label }))
    },
  }),
]

/** The evaluation that speaks of a group now: one that still waits, else the newest that is done. */
function telling(evaluations: readonly Evaluation[], group: string): Evaluation | undefined {
  const waiting = evaluations.find(({ status, failed }) => status === 'blocked' && failed[group])
  const done = evaluations.filter(
    ({ status, failed, queued }) =>
      status === 'complete' && (failed[group] !== undefined || queued[group] !== undefined),
  )
  return waiting ?? done.toSorted((a, b) => b.modifyIndex - a.modifyIndex)[0]
}

/** Batch allocations that ran to their end need no client any more. */
const finished = (records: readonly AllocRecord[], group: string): readonly AllocRecord[] =>
  records.filter(
    (record) => record.group === group && record.clientStatus === 'complete' && record.desiredStatus === 'run',
  )

function excerpt({ id, status, triggeredBy }: Evaluation, group: string, failed: PlacementFailure): string {
  const { nodesEvaluated, nodesFiltered, nodesExhausted, constraintFiltered, dimensionExhausted } = failed
  return [
    `evaluation ${id.slice(0, 8)} ${status} (${triggeredBy}), group ${group}: ${nodesEvaluated} nodes evaluated, ${nodesFiltered} filtered, ${nodesExhausted} exhausted`,
    ...Object.entries(constraintFiltered).map(
      ([reason, count]) => `  Constraint "${reason}": ${count} nodes excluded by filter`,
    ),
    ...Object.entries(dimensionExhausted).map(
      ([reason, count]) => `  Dimension "${reason}" exhausted on ${count} nodes`,
    ),
  ].join('\n')
}
