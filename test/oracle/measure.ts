import { setTimeout as sleep } from 'node:timers/promises'
import type { Topology, Trace } from '../../src/packet/walk/index.ts'
import { walk } from '../../src/packet/walk/index.ts'
import type { Answer, Attempt, Seen } from './agent.ts'
import type { Stage } from './apply.ts'
import { disagreement } from './compare.ts'
import { changesSets } from './set-changes.ts'
import { names } from './site.ts'
import type { Name } from './site.ts'
import type { Packet, World } from './world.ts'

/** What became of one packet. */
export interface Measured {
  readonly proto: 'tcp' | 'udp'
  readonly answer: Answer
  /** The namespace it came to, whether anybody listens there or not, and as what. */
  readonly arrived?: Seen & { readonly name: string }
  /** What came somewhere with a source port that nobody sent from: it was translated to one by chance. */
  readonly strays: readonly (Seen & { readonly name: string })[]
}

export interface Result {
  readonly packet: Packet
  readonly measured: Measured
  readonly traces: readonly Trace[]
  /** Why no trace is what happened. */
  readonly wrong: string | undefined
}

let sport = 33_000
/** Every attempt has its own, of those the kernel would choose: it tells packets apart where they arrive. */
const nextPort = (): number => (sport = sport >= 60_000 ? 33_000 : sport + 1)

/**
 * Makes the world, sends its packets and asks the walk for each. What differs is sent again with more patience, and at
 * last one by one: the kernel sends one error of routing a second to each address (net.ipv4.route.error_cost).
 */
export async function judge(stage: Stage, world: World, again = true): Promise<readonly Result[]> {
  const topology = await stage.make(world)
  const alone = changesSets(world)
  const results = alone
    ? await oneByOne(stage, world, topology, world.packets, 0.16)
    : [...(await round(stage, world, topology, world.packets, 0.16))]
  const doubtful = (): readonly number[] => results.flatMap(({ wrong }, n) => (wrong === undefined ? [] : [n]))
  if (!again) return results
  const packets = doubtful().map((n) => world.packets[n]!)
  // A second attempt of the kernel would find what the first one put into a set.
  if (alone) {
    if (packets.length > 0) await sleep(1100)
    const slow = await oneByOne(stage, world, topology, packets, 0.8)
    for (const [i, n] of doubtful().entries()) results[n] = slow[i]!
    return results
  }
  const second = packets.length === 0 ? [] : await round(stage, world, topology, packets, 1.3)
  for (const [i, n] of doubtful().entries()) results[n] = second[i]!
  for (const n of doubtful().slice(0, 4)) {
    await sleep(1100)
    const [third] = await round(stage, world, topology, [world.packets[n]!], 1.3)
    results[n] = third!
  }
  return results
}

async function oneByOne(
  stage: Stage,
  world: World,
  topology: Topology,
  packets: readonly Packet[],
  timeout: number,
): Promise<Result[]> {
  const results: Result[] = []
  for (const packet of packets) results.push(...(await round(stage, world, topology, [packet], timeout)))
  return results
}

async function round(
  stage: Stage,
  world: World,
  topology: Topology,
  packets: readonly Packet[],
  timeout: number,
): Promise<readonly Result[]> {
  await stage.forget(world)
  const sent = packets.map((packet) => ({ packet, attempt: attemptOf(packet) }))
  const answers = new Map<Attempt, Answer>()
  await Promise.all(
    names.map(async (name) => {
      const mine = sent.filter(({ packet }) => packet.from === name)
      const list = mine.map(({ attempt }) => attempt)
      for (const [index, answer] of (await stage.site.agents[name].attempt(list, timeout)).entries())
        answers.set(list[index]!, answer)
    }),
  )
  const seen = await Promise.all(names.map((name) => sightings(stage, name)))
  const known = new Set(sent.map(({ attempt: { proto, sport } }) => `${proto} ${sport}`))
  const strays = seen.flat().filter(({ proto, peerport }) => !known.has(`${proto} ${peerport}`))
  return sent.map(({ packet, attempt }) => {
    const answer = answers.get(attempt)!
    const told = answer.seen?.name === undefined ? undefined : answer.seen
    const arrived = seen.flat().find((one) => one.peerport === attempt.sport && one.proto === attempt.proto) ?? told
    const measured = { proto: packet.proto, answer, strays, ...(arrived ? { arrived } : {}) }
    const traces = walked(topology, packet, attempt.sport)
    return { packet, measured, traces, wrong: disagreement(measured, traces, packet) }
  })
}

const sightings = async (stage: Stage, name: Name): Promise<readonly (Seen & { readonly name: string })[]> =>
  (await stage.site.agents[name].seen()).map((one) => ({ ...one, name }))

function attemptOf({ proto, dst, dport, src, mark, uid, size, df, port }: Packet): Attempt {
  return {
    proto,
    dst,
    dport,
    sport: port ?? nextPort(),
    ...(src === undefined ? {} : { src }),
    ...(mark === undefined ? {} : { mark }),
    ...(uid === undefined ? {} : { uid }),
    ...(size === undefined ? {} : { size }),
    ...(df === undefined ? {} : { df }),
  }
}

function walked(topology: Topology, packet: Packet, sport: number): readonly Trace[] {
  const { from, proto, dst, dport, src, mark, uid, size, df } = packet
  return walk(
    topology,
    {
      namespace: from,
      ...(mark === undefined ? {} : { mark }),
      ...(uid === undefined ? {} : { uid }),
      ...(size === undefined ? {} : { size }),
      ...(df === undefined ? {} : { df }),
    },
    { proto, dst, dport, ...(src === undefined ? {} : { src }), ...(packet.sport || packet.port ? { sport } : {}) },
  )
}
