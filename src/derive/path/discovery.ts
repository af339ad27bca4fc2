import type { Discovery } from '../../knowledge/facts/path.ts'
import type { GroupSpec, TaskSpec } from '../../knowledge/shapes/job.ts'
import type { Called } from '../../knowledge/shapes/said.ts'
import type { Thing } from '../../knowledge/things.ts'
import { familyOf } from '../../packet/ipaddr.ts'
import { derivation, made, notKnown, notNamed, type AnyDerivation, type Made } from '../derivation.ts'
import { concerns, type About } from './concerns.ts'
import { loops, toldIn } from './literals.ts'
import { linked } from './place.ts'
import { knownTarget, servicesOf } from './target.ts'
import { templateVariables, textsOf } from './texts.ts'
import { addressWays, nameWays, wayNeeds, type Known, type Way } from './ways.ts'

/** The most telling first: a name of the target's service says more than an address. */
const order: readonly Discovery[] = [
  'mesh-upstream',
  'transparent-proxy',
  'consul-dns',
  'nomad-template',
  'consul-template',
  'env-variable',
  'fixed-address',
  'localhost',
]

/** What is said where its texts are all known, and name nobody. */
export const noAddress = 'the source names no address'

/** Ports on which the agents themselves are asked: no way to a workload. */
const agents = new Set([4646, 8300, 8301, 8500, 8501, 8502, 8600])

export const discoveryDerivation: AnyDerivation = derivation({
  provides: 'path.discovery',
  about: 'path',
  from: [],
  maybe: [...wayNeeds, 'source.group.calls', 'path.asked.nomad', 'path.asked.consul'],
  shows: 'source.task.spec',
  make: (_, known, thing) => {
    if (thing.names.caller === undefined) return notNamed
    if (linked(thing, 'source.group') === 'nobody') return made('load-balancer', 'the source is no allocation')
    const { 'source.task.spec': task, 'source.group.spec': group, 'target.group.spec': target } = known
    if (!task || !group) return notKnown("the source's job is not known")
    if (!target && linked(thing, 'target.group') !== 'nobody') return notKnown("the target's job is not known")
    const names = nameWays(task, group, target ? servicesOf(target) : [])
    const asked = best(names.filter(({ close }) => close))
    if (asked && !unheeded(asked, task)) return said(asked)
    const file = task.templates.find(({ data, source }) => data === '' && source !== '')
    if (file) return notKnown(`template ${file.destination} is read from the file ${file.source}`)
    const { 'every.node.allocations': allocations, 'target.alloc.record': record, 'cluster.nodes': nodes } = known
    if (target && (!allocations || !nodes || (!record && linked(thing, 'target.alloc') !== 'nobody')))
      return asked ? said(asked) : notKnown('the addresses of the target are not known')
    const aim = knownTarget(thing, target, allocations ?? [], record, nodes ?? [])
    const found = addressWays(task, group, aim)
    if (asked)
      return said(
        best(found.filter((one) => one.close && calledBy(one, task, known['source.group.calls'] ?? []))) ?? asked,
      )
    const close = best(
      found.filter((one) => one.close),
      aim,
    )
    if (!close && thing.names.address !== undefined)
      return made('fixed-address', 'the target is asked about by its address')
    const meant = target ? names.map((one) => [one, concerns(one, target, known)] as const) : []
    const open = close ? undefined : meant.find(([, about]) => about === undefined)
    if (open) return notKnown(`whether ${open[0].name ?? ''} is the name of another is not known`)
    const way = close ?? only(meant, names, found)
    if (!way)
      return (
        toldWay(thing) ??
        notKnown(
          names.length + found.length === 0
            ? noAddress
            : 'the source names others, none of them the target for certain',
        )
      )
    const rests = close || names.length === 0 ? wayNeeds : undefined
    return way.way === 'localhost' && !aim.sameGroup && meshed(group) && target && meshed(target)
      ? made('mesh-upstream', way.said, undefined, rests)
      : made(way.way, way.said, undefined, rests)
  },
})

/** An address that a person told is one it dials, whatever its own texts name. */
function toldWay({ names: { dials } }: Thing): Made<Discovery> | undefined {
  const host = toldIn(dials)?.host
  if (host === undefined || familyOf(host) === undefined) return undefined
  return made(loops(host) ? 'localhost' : 'fixed-address', `dials ${host}, as was told`)
}

/** What a task runs says nothing of the variables that its templates write, so nothing of them is dialled by it. */
function unheeded({ way }: Way, task: TaskSpec): boolean {
  const written = templateVariables(task).map(({ variable }) => variable)
  const commands = textsOf(task).flatMap(({ kind, text }) => (kind === 'config' ? [text] : []))
  return (
    ['nomad-template', 'consul-template'].includes(way) &&
    written.length > 0 &&
    task.templates.every(({ env, data }) => env && data !== '') &&
    !commands.some((text) => written.some((name) => text.includes(name)))
  )
}
/** Its command calls that place, and does not listen there. */
const calledBy = ({ dial }: Way, { name }: TaskSpec, calls: readonly Called[]): boolean =>
  calls.some(
    ({ task, host, port, from }) =>
      task === name && from.startsWith('config ') && host === dial?.host && port === dial.port,
  )

const said = (way: Way): Made<Discovery> => made(way.way, way.said, undefined, wayNeeds)

/** Within a group localhost is the usual way; across groups it is the last one to think of. */
function best(ways: readonly Way[], aim?: Known): Way | undefined {
  const rank = ({ way }: Way): number => (way === 'localhost' && aim?.sameGroup ? -1 : order.indexOf(way))
  return ways.toSorted((a, b) => rank(a) - rank(b))[0]
}

/** What is left when nothing names the target for certain: a name that is nearly its own, or the single way there is, unless it leads to another. */
function only(
  meant: readonly (readonly [Way, About | undefined])[],
  names: readonly Way[],
  addresses: readonly Way[],
): Way | undefined {
  const near = meant.find(([, about]) => about === 'target')?.[0]
  if (near) return near
  const others = addresses.filter(({ dial }) => dial?.port === undefined || !agents.has(dial.port))
  const kinds = new Set([...names, ...others].map(({ way }) => way))
  return kinds.size === 1
    ? [...meant.flatMap(([way, about]) => (about === 'nobody' ? [way] : [])), ...others][0]
    : undefined
}

const meshed = (group: GroupSpec): boolean =>
  [...group.services, ...group.tasks.flatMap(({ services }) => services)].some(
    ({ connect }) => connect?.sidecar !== undefined || connect?.native,
  )
