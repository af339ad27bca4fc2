import { translateAsMeant } from './as-meant.ts'
import { passedOver, unlessPassed } from './beyond.ts'
import { track } from './conntrack.ts'
import { rewrite } from './nat.ts'
import { familyOfPacket, sameTuple, tupleOf } from './packet.ts'
import { policy, stop, through } from './program.ts'
import type { Next } from './program.ts'
import { basesAt, rank } from './tables.ts'
import type { Base } from './tables.ts'
import { ordered, outcome } from './ties.ts'
import { note, unknownAt, whereOf } from './world.ts'
import type { Sight } from './world.ts'
import type { Hook, Verdict } from './types.ts'

/** Runs every chain of a hook in its order, and what the kernel itself does there; undefined: the packet goes on. */
export const hook = (sight: Sight & { readonly at: Hook }): Verdict | undefined =>
  chains(sight) ?? translateAsMeant(sight)

function chains(sight: Sight & { readonly at: Hook }): Verdict | undefined {
  const { world, space, packet, at } = sight
  const bases = basesAt(space.index, familyOfPacket(packet), at)
  if (!bases.known) {
    const { by, table, because } = bases
    return unlessPassed(world, unknownAt(whereOf(sight, { by, ...(table === undefined ? {} : { table }) }), because))
  }
  const early = at === 'prerouting' || at === 'output'
  // Nothing is translated while a packet is forwarded.
  let [tracked, translated] = [!early, at === 'forward']
  let order = bases.bases
  for (let i = 0; i <= order.length; i += 1) {
    const base = order[i]
    const now = base ? rank(base, at) : Infinity
    if (!tracked && now > -200) {
      tracked = true
      const ended = unlessPassed(world, track(sight))
      if (ended) return ended
    }
    if (!translated && now >= (early ? -100 : 100)) {
      translated = true
      const ended = unlessPassed(world, translateAll(sight, order))
      if (ended) return ended
    }
    if (!base || base.type === 'nat') continue
    order = ordered(sight, order, i, walkBase)
    const ended = unlessPassed(world, runOne(sight, order[i] ?? base))
    if (ended) return ended
  }
  const flow = packet.track?.flow
  if (flow && (at === 'input' || at === 'postrouting')) flow.confirmed = true
  return undefined
}

function runOne(sight: Sight, base: Base): Verdict | undefined {
  const { packet } = sight
  const { mark, tos } = packet
  const next = walkBase(sight, base)
  if (next?.go === 'stop') return next.verdict
  // A chain of type route looks the way up again when it changed what routes may ask for.
  return base.type === 'route' && (packet.mark !== mark || packet.tos !== tos) ? sight.reroute?.() : undefined
}

/** A chain that may not be called goes on where it would do nothing. */
function walkBase(sight: Sight, base: Base): Next {
  const { doubt, program, chain } = base
  if (doubt === undefined) return called(sight, base)
  if (outcome(sight, base, called) === undefined) return undefined
  const { by, table } = program
  return stop(unknownAt(whereOf(sight, { by, table, chain }), doubt))
}

function called(sight: Sight, { program, chain, policy: does, empty }: Base): Next {
  return through(program, chain, sight) ?? policy(sight, program, chain, does, empty && does === 'ACCEPT')
}

/** The nat chains, for the first packet of a connection only; then the translation, for every packet. */
function translateAll(sight: Sight, all: readonly Base[]): Verdict | undefined {
  const { packet, at, world } = sight
  const flow = packet.track?.flow
  if (!flow) return undefined
  const side = at === 'prerouting' || at === 'output' ? 'dst' : 'src'
  const { dst } = packet
  let bases: readonly Base[] = all.filter(({ type }) => type === 'nat')
  if (packet.track?.state === 'NEW' && packet.track.way === 'original' && flow[side] === 'open') {
    for (const [i, base] of bases.entries()) {
      bases = ordered(sight, bases, i, walkBase)
      const next = walkBase(sight, bases[i] ?? base)
      if (next?.go === 'stop' && !passedOver(world, next.verdict)) return next.verdict
      if (next?.go === 'stop' || flow[side] !== 'open') break
    }
    if (flow[side] === 'open') flow[side] = 'none'
  }
  // Without any nat chain the kernel translates nothing, not even what it knows.
  if (!translates(sight)) return undefined
  const before = tupleOf(packet)
  const proxied = packet.proxy
  rewrite(world, packet, side)
  if (!sameTuple(before, tupleOf(packet)))
    note(sight, packet.track?.way === 'reply' ? 'translate back' : 'translate', {}, before)
  // Later packets of the connection are looked up by the address before it, and find no connection.
  if (proxied && packet.dst !== dst)
    return unknownAt(whereOf(sight), 'a transparent proxy has the packet, whose connection is translated besides')
  return packet.dst === dst ? undefined : sight.reroute?.()
}

const hooksWithNat = ['prerouting', 'input', 'output', 'postrouting'] as const

const translates = ({ space, packet }: Sight): boolean =>
  hooksWithNat.some((name) => {
    const bases = basesAt(space.index, familyOfPacket(packet), name)
    return bases.known && bases.bases.some(({ type }) => type === 'nat')
  })
