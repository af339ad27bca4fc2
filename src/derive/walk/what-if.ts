import type { World } from '../../knowledge/fact.ts'
import { value } from '../../knowledge/held.ts'
import type { Outcome, Trace, Wanted } from '../../knowledge/shapes/packet.ts'
import type { Retried, WhatIf } from '../../knowledge/shapes/walk.ts'
import type { Thing } from '../../knowledge/things.ts'
import { change, isModelled, type Changed } from '../../packet/change/index.ts'
import { walk } from '../../packet/walk/index.ts'
import { bystandersOf, type Connection } from './bystanders.ts'
import { plugged } from './cables.ts'
import { together } from './together.ts'

export { isModelled }

/**
 * Runs commands on a copy of what was read of one place of a path, and walks again. `on` is a key of the places of
 * `path.network`; a command is an argument list. What cannot be modelled is not tried.
 */
export function whatIf(world: World, path: Thing, on: string, commands: readonly (readonly string[])[]): WhatIf {
  const [network, walks] = [value(world, path.id, 'path.network'), value(world, path.id, 'path.walks')]
  if (!network || !walks) return { tried: false, because: 'the way of the packets is not known' }
  const state = Object.hasOwn(network.topology.namespaces, on) ? network.topology.namespaces[on] : undefined
  if (!state) return { tried: false, because: `${on} is no place on the way that was read` }
  const changed = commands.reduce<Changed>((now, argv) => ('not' in now ? now : change(now.state, argv)), { state })
  if ('not' in changed) {
    const { not: because, part } = changed
    return { tried: false, because, ...(part === undefined ? {} : { part }) }
  }
  const namespaces = { ...network.topology.namespaces, [on]: changed.state }
  const after = plugged({ ...network.topology, namespaces })
  const again = (
    { what, start, wanted }: Connection,
    before: readonly Trace[],
  ): Retried & { was: readonly Trace[]; wanted: Wanted } => {
    const traces = walk(after, start, wanted)
    return { what, before: together(before), after: together(traces), traces, was: before, wanted }
  }
  const source = walks.filter(({ begins }) => begins === 'source')
  const own = (source.length > 0 ? source : walks).map(({ dial, start, wanted, traces }) =>
    again({ what: `${dial.host}:${dial.port}, ${dial.from}`, start, wanted }, traces),
  )
  const others = bystandersOf(world, path, network)
    .filter(({ wanted }) => !own.some(({ what }) => what.startsWith(`${wanted.dst}:${wanted.dport},`)))
    .map((one) => again(one, walk(network.topology, one.start, one.wanted)))
    // A port of Nomad has no protocol: where nobody takes UDP, none is meant.
    .filter(({ wanted, before }) => wanted.proto === 'tcp' || before === 'answered')
  return {
    tried: true,
    walks: own.map(plain),
    arrives: arrival(own.map((one) => one.after)),
    others: others.length,
    worse: [...own, ...others].filter((one) => reach(one.traces) < reach(one.was)).map(plain),
  }
}

const plain = ({ what, before, after, traces }: Retried): Retried => ({ what, before, after, traces })

const arrival = (outcomes: readonly Outcome[]): 'yes' | 'no' | 'unknown' =>
  outcomes.every((one) => one === 'answered') ? 'yes' : outcomes.includes('unknown') ? 'unknown' : 'no'

/** How far the worst way comes: answered, not known what becomes of it, refused, not there. */
function reach(traces: readonly Trace[]): number {
  const ranks = traces.map((one) =>
    ['silent', 'unreachable', 'refused', 'unknown', 'answered'].indexOf(together([one])),
  )
  return Math.min(...ranks)
}
