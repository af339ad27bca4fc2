import type { World } from '../../knowledge/fact.ts'
import { value } from '../../knowledge/held.ts'
import type { Trace, Where } from '../../knowledge/shapes/packet.ts'
import type { Retried, WhatIf } from '../../knowledge/shapes/walk.ts'
import type { Thing } from '../../knowledge/things.ts'
import { originOf } from '../../knowledge/origin-of.ts'
import { change, isModelled } from '../../packet/change/index.ts'
import { strange } from '../../packet/change/refused.ts'
import { walk, type Topology } from '../../packet/walk/index.ts'
import { bystandersOf, type Connection } from './bystanders.ts'
import { arrival, isOpen, strayBefore, strayIn, worseBy, type Tried } from './compared.ts'
import { plugged } from './cables.ts'
import { isInside } from './inside.ts'
import { together } from './together.ts'

export { isModelled, strange }

/** A command as an argument list, and where it is run: a key of the places of `path.network`. */
export interface Command {
  readonly on: string
  readonly run: readonly string[]
}

/** Runs commands, one after another, on a copy of what was read of a path, and walks again. What cannot be modelled is not tried. */
export function whatIf(world: World, path: Thing, commands: readonly Command[]): WhatIf {
  const [network, walks] = [value(world, path.id, 'path.network'), value(world, path.id, 'path.walks')]
  if (!network || !walks) return { tried: false, because: 'the way of the packets is not known' }
  let namespaces = network.topology.namespaces
  for (const [at, { on, run }] of commands.entries()) {
    const state = Object.hasOwn(namespaces, on) ? namespaces[on] : undefined
    if (!state) return { tried: false, because: `${on} is no place on the way that was read` }
    const changed = change(state, run)
    if ('not' in changed)
      return { tried: false, because: changed.not, ...(changed.part === undefined ? {} : { part: changed.part, at }) }
    namespaces = { ...namespaces, [on]: changed.state }
  }
  const after = plugged({ ...network.topology, namespaces })
  const again = (one: Connection, was: readonly Trace[]): Tried & Connection => {
    const traces = walk(after, one.start, one.wanted)
    const stays = was.some(({ verdict }) => verdict.kind === 'unknown' && isWithin(verdict.where, network.topology))
    return { ...one, before: together(was), after: together(traces), traces, was, stays }
  }
  const source = walks.filter(({ begins }) => begins === 'source')
  const own = (source.length > 0 ? source : walks).map(({ dial, start, wanted, traces, meant }): Tried & Connection =>
    again(
      { what: `${dial.host}:${dial.port} (${originOf(dial)})`, start, wanted, ...(meant ? { meant } : {}) },
      traces,
    ),
  )
  const { some, left } = bystandersOf(world, path, network)
  const others = some
    .filter((one) => !own.some((mine) => isSame(mine, one)))
    .map((one) => again(one, walk(network.topology, one.start, one.wanted)))
    // A port of Nomad has no protocol: where nobody takes UDP, none is meant.
    .filter(({ wanted, before }) => wanted.proto === 'tcp' || before === 'answered')
  const open = others.filter((one) => worseBy(one) === undefined && isOpen(one))
  return {
    tried: true,
    walks: own.map((one) => {
      const [stray, strayed] = [strayIn(one), strayBefore(one)]
      return {
        ...plain(one),
        ...(stray === undefined ? {} : { stray }),
        ...(strayed === undefined ? {} : { strayed }),
      }
    }),
    arrives: arrival(own),
    others: others.length - open.length,
    notCompared: open.length,
    left,
    worse: [...own, ...others].flatMap((one) => {
      const why = worseBy(one)
      return why === undefined ? [] : [{ ...plain(one), what: why === '' ? one.what : `${one.what}, ${why}` }]
    }),
  }
}

const isWithin = ({ at, namespace, oif }: Where, { namespaces }: Topology): boolean =>
  at === 'neighbour' && isInside(oif, namespaces[namespace]?.links ?? [])

const plain = ({ what, before, after, traces }: Retried): Retried => ({ what, before, after, traces })

/** The source may be chosen by the kernel for one of them, and be written down for the other. */
const isSame = (a: Connection, b: Connection): boolean =>
  a.start.namespace === b.start.namespace &&
  a.start.arrives === b.start.arrives &&
  a.wanted.proto === b.wanted.proto &&
  a.wanted.dst === b.wanted.dst &&
  a.wanted.dport === b.wanted.dport &&
  a.wanted.src === b.wanted.src
