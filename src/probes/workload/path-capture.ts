import { outcomeOf } from '../../ask/attempt.ts'
import { watchArgv } from '../../ask/packets.ts'
import type { Connect, Request } from '../../ask/request.ts'
import type { Capture, Watch } from '../../knowledge/shapes/capture.ts'
import type { PathWalk } from '../../knowledge/shapes/walk.ts'
import { parseTcpdump } from '../../packet/tcpdump.ts'
import { look, probe, seenIn, unknown, type Answer } from '../probe.ts'

interface Watching {
  readonly namespace: string
  readonly answer: Answer
}
interface Raw {
  readonly walk: PathWalk
  readonly connect: Connect
  readonly watching: readonly Watching[]
  readonly attempt: Answer
}

/** Packets of one attempt, watched in each namespace of the way: it needs consent of its own, and nobody wants it unasked. */
export const pathCapture = probe({
  id: 'path-capture',
  about: 'path',
  title: 'Packets along the path',
  provides: ['path.capture'],
  given: ['path.walks'],
  cost: 'intrusive',
  read: async (ask, _thing, { 'path.walks': walks }): Promise<Raw | string> => {
    const walk = walks.find(({ begins, start }) => begins === 'source' && start.arrives === undefined)
    if (!walk) return 'where the source opens its connections is not known'
    const watched = watchedOn(walk)
    if (watched.hosts.length === 0) return unseen(walk)
    const argv = watchArgv(watched)
    if (!argv) return 'the packet has too many addresses on its way to watch for'
    const from = at(walk, walk.start.namespace)
    if (!from) return 'the source is on no machine that commands can run on'
    const connect: Connect = { proto: walk.wanted.proto, host: walk.wanted.dst, port: walk.wanted.dport, again: true }
    const places = namespacesOf(walk).flatMap((namespace) => {
      const place = at(walk, namespace)
      return place ? [{ namespace, request: { ...place, argv } satisfies Request }] : []
    })
    // All at once: who is asked sees everything in one list, and nothing begins before the last answer.
    const [attempt, watching] = await Promise.all([
      look(ask, { ...from, connect }),
      Promise.all(places.map(async ({ namespace, request }) => ({ namespace, answer: await look(ask, request) }))),
    ])
    return { walk, connect, watching, attempt }
  },
  parse: (raw) => {
    if (typeof raw === 'string') return { 'path.capture': { known: false, why: 'not-evaluable', detail: raw } }
    const { connect, watching, attempt } = raw
    const watches = watching.map(watchOf)
    const [seen] = watching.filter((_, i) => watches[i]?.packets !== null)
    const [first] = watching
    if (!seen) return { 'path.capture': first ? unknown(first.answer) : unknown(attempt) }
    const { host, port } = connect
    const value: Capture = {
      host,
      port,
      outcome: attempt.refusal ? null : outcomeOf(attempt.reply),
      watches,
    }
    const excerpt = seen.answer.reply.body.split('\n').slice(0, 4).join('\n')
    return {
      'path.capture': {
        known: true,
        value,
        seen: seenIn('path-capture', seen.answer.request, seen.answer.reply.at, excerpt),
      },
    }
  },
})

function watchOf({ namespace, answer }: Watching): Watch {
  const { refusal, reply } = answer
  if (refusal) return { namespace, packets: null, why: refusal.detail }
  const parsed = parseTcpdump(reply.body)
  return parsed.ok
    ? { namespace, packets: parsed.value }
    : { namespace, packets: null, why: `line ${parsed.line ?? '?'}: ${parsed.why}` }
}

/** Nothing tells which source address the packet has. */
function unseen({ unread, start, places }: PathWalk): string {
  const label = places[start.namespace]?.label ?? start.namespace
  const why = unread.find(({ namespace }) => namespace === start.namespace)?.why
  return `nothing was read of ${label}, so which address its packets have is not known${why === undefined ? '' : `: ${why}`}`
}

type At = { via: 'node'; node: string } | { via: 'netns'; node: string; alloc: string }

function at({ places }: PathWalk, namespace: string): At | undefined {
  const { node, alloc } = places[namespace] ?? {}
  if (node === undefined) return undefined
  return alloc === undefined ? { via: 'node', node } : { via: 'netns', node, alloc }
}

const hopsOf = ({ traces }: PathWalk) => traces.flatMap(({ hops, back }) => [...hops, ...(back?.hops ?? [])])

/** Those it comes by, the target's ones too where it ends before them. */
const namespacesOf = (walk: PathWalk): readonly string[] => [
  ...new Set([walk.start.namespace, ...hopsOf(walk).map(({ namespace }) => namespace), ...Object.keys(walk.places)]),
]

/** Addresses of the caller, and addresses and ports of the target, before and after every rewrite. */
function watchedOn(walk: PathWalk): Parameters<typeof watchArgv>[0] {
  const tuples = walk.traces.flatMap(({ hops, tuple }) => [
    ...hops.flatMap(({ before, after }) => [before, after]),
    tuple,
  ])
  const doors = [...tuples, walk.wanted].flatMap(({ dst, dport }) =>
    dport === undefined ? [] : [{ host: dst, port: dport }],
  )
  return {
    proto: walk.wanted.proto,
    hosts: [...new Set(tuples.map(({ src }) => src).filter((src) => src !== ''))],
    doors: doors.filter((one, i) => doors.findIndex(({ host, port }) => host === one.host && port === one.port) === i),
  }
}
