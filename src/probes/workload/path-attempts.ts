import { outcomeOf } from '../../ask/attempt.ts'
import { isConsent } from '../../ask/consent.ts'
import { nomad } from '../../ask/nomad.ts'
import type { Ask, Connect } from '../../ask/request.ts'
import type { Seen } from '../../knowledge/fact.ts'
import type { Attempt } from '../../knowledge/shapes/runtime.ts'
import { toldParts } from '../../knowledge/subject.ts'
import type { Names, Thing } from '../../knowledge/things.ts'
import { array, map, numberOr, object, textOr, type Json } from '../json.ts'
import { look, probe, seenIn, unknown, type Answer } from '../probe.ts'

interface Place {
  readonly from: Attempt['from']
  readonly place: string
  readonly at:
    | { readonly via: 'node'; readonly node: string }
    | { readonly via: 'netns'; readonly node: string; readonly alloc: string }
    | { readonly via: 'task'; readonly alloc: string; readonly task: string }
}
interface Tried extends Place {
  readonly to: Connect
  readonly answer: Answer
}

/** Connection attempts along the path: sends packets, so it needs consent; a case answers what was recorded. */
export const pathAttempts = probe({
  id: 'path-attempts',
  about: 'path',
  title: 'Connection attempts along the path',
  provides: ['path.attempts'],
  given: ['path.protocol'],
  cost: 'intrusive',
  read: async (ask, thing, { 'path.protocol': protocol }): Promise<readonly Tried[]> => {
    // Attempts are TCP, and a datagram tells nobody that it arrived.
    if (protocol === 'udp') return []
    const [source, target] = await Promise.all([sideOf(ask, thing, 'source'), sideOf(ask, thing, 'target')])
    const own: readonly Place[] = [
      ...strangerOf(thing),
      ...(source.alloc?.address === undefined ? [] : [inside('source', source.alloc)]),
      ...(source.node === undefined ? [] : [on('source-node', source.node)]),
    ]
    const doors = target.alloc ? doorsOf(target.alloc, thing.names) : undefined
    const pairs: (readonly [Place, Connect])[] = []
    if (doors && target.alloc && target.node !== undefined) {
      const beside = [
        on('target-node', target.node),
        ...(target.alloc.address === undefined ? [] : [inside('target', target.alloc)]),
      ]
      const other = await otherNode(ask, [source.node, target.node])
      const all = [...own, ...beside, ...(other === undefined ? [] : [on('other-node', other)])]
      for (const door of doors.outer) for (const place of all) pairs.push([place, door])
      for (const door of doors.inner) for (const place of [...own, ...beside]) pairs.push([place, door])
      for (const place of beside) {
        const ports = new Set((place.from === 'target' ? [...doors.inner] : [...doors.outer]).map(({ port }) => port))
        for (const port of ports) pairs.push([place, { proto: 'tcp', host: '127.0.0.1', port }])
      }
      const bare = Number(thing.names.port)
      // Within one allocation a port nobody mapped is called on loopback.
      if (doors.inner.length === 0 && source.alloc?.id === target.alloc.id && Number.isInteger(bare))
        for (const place of own) if (place.at.via === 'netns') pairs.push([place, tcp('127.0.0.1', bare)])
    } else {
      // A client as the target is called at its own address.
      const client = thing.links['target.alloc'] === null ? target.node : undefined
      const address = thing.names.address ?? (client === undefined ? undefined : await nodeAddress(ask, client))
      const door = foreignDoor(address, thing.names)
      if (door) for (const place of own) pairs.push([place, door])
    }
    const attempt = async (place: Place, to: Connect): Promise<Tried> => ({
      ...place,
      to,
      answer: await look(ask, { ...place.at, connect: to }),
    })
    const task = thing.names.task ?? source.alloc?.task
    return Promise.all(
      pairs.map(async ([place, to]) => {
        const tried = await attempt(place, to)
        const { refusal } = tried.answer
        // Who cannot enter the client may still be allowed to run something in the calling task.
        const shut = place.from === 'source' && refusal !== null && !isConsent(refusal)
        return shut && source.alloc && task !== undefined ? attempt(from(source.alloc, task), to) : tried
      }),
    )
  },
  parse: (tried, _, { 'path.protocol': protocol }) => {
    if (protocol === 'udp') return { 'path.attempts': { known: true, value: [], seen: untried } }
    const made = tried.filter(({ answer }) => answer.refusal === null)
    const [first] = made
    const [refused] = tried
    if (!first) {
      const none = { known: false, why: 'not-found', detail: 'there is no pair of ends to connect' } as const
      return { 'path.attempts': refused ? unknown(refused.answer) : none }
    }
    const attempts = made.map(({ from, place, to, answer }): Attempt => ({
      from,
      place,
      host: to.host,
      port: to.port,
      outcome: outcomeOf(answer.reply),
      ms: answer.reply.ms,
    }))
    const excerpt = attempts
      .map(({ place, host, port, outcome }) => `${place} to ${host}:${port}: ${outcome}`)
      .join('\n')
    return {
      'path.attempts': {
        known: true,
        value: attempts,
        seen: seenIn('path-attempts', first.answer.request, first.answer.reply.at, excerpt),
      },
    }
  },
})

const untried: Seen = {
  by: 'path-attempts',
  ask: '',
  request: 'no connection is tried',
  excerpt: 'the target is called by UDP, which tells nobody that it arrived',
  at: '',
}

const on = (from: Attempt['from'], node: string): Place => ({
  from,
  place: `client ${node.slice(0, 8)}`,
  at: { via: 'node', node },
})
const inside = (from: Attempt['from'], { id, node }: Document): Place => ({
  from,
  place: `allocation ${id.slice(0, 8)}`,
  at: { via: 'netns', node, alloc: id },
})

const from = ({ id }: Document, task: string): Place => ({
  from: 'source',
  place: `task ${task} of allocation ${id.slice(0, 8)}`,
  at: { via: 'task', alloc: id, task },
})

/** What of an allocation's document decides where to connect. */
interface Document {
  readonly id: string
  readonly node: string
  readonly address: string | undefined
  /** The only task that runs. */
  readonly task: string | undefined
  readonly ports: readonly { label: string; host: string; outer: number; inner: number }[]
}

async function sideOf(
  ask: Ask,
  { links }: Thing,
  side: 'source' | 'target',
): Promise<{ node?: string; alloc?: Document }> {
  const [node, alloc] = [links[`${side}.node`]?.replace(/^node:/, ''), links[`${side}.alloc`]?.replace(/^alloc:/, '')]
  const at = node === undefined ? {} : { node }
  if (alloc === undefined || node === undefined) return at
  const { refusal, reply } = await look(ask, nomad.allocation(alloc))
  if (refusal) return at
  try {
    return { ...at, alloc: recordOf(alloc, node, object(JSON.parse(reply.body))) }
  } catch {
    return at
  }
}

function recordOf(id: string, node: string, document: Json): Document {
  const shared = map(map(document['AllocatedResources'])['Shared'])
  const address = textOr(map(document['NetworkStatus'])['Address'], '')
  const ports = array(shared['Ports']).map((one) => {
    const port = object(one, 'Ports')
    const outer = numberOr(port['Value'], 0)
    const to = numberOr(port['To'], 0)
    return { label: textOr(port['Label'], ''), host: textOr(port['HostIP'], ''), outer, inner: to > 0 ? to : outer }
  })
  const running = Object.entries(map(document['TaskStates'])).filter(([, state]) => map(state)['State'] === 'running')
  const task = running.length === 1 ? running[0]?.[0] : undefined
  return { id, node, address: address === '' ? undefined : address, task, ports }
}

function doorsOf(
  { address, ports }: Document,
  { port, dials }: Names,
): { outer: readonly Connect[]; inner: readonly Connect[] } {
  const named = ports.filter(
    ({ label, outer, inner }) => port === undefined || [label, String(outer), String(inner)].includes(String(port)),
  )
  // Through the mesh a service is called at its sidecar.
  const meant = named.length > 0 ? named : ports.filter(({ label }) => label.startsWith('connect-proxy-'))
  const { place } = toldParts(dials ?? '')
  const [, host = '', digits] = /^\[?([^\]]*?)\]?(?::(\d+))?$/.exec(place) ?? []
  const told =
    dials === undefined
      ? []
      : meant.map((one) => tcp(host || one.host, digits === undefined ? one.outer : Number(digits)))
  return {
    outer: [...meant.map((one) => tcp(one.host, one.outer)), ...told],
    inner: address === undefined ? [] : meant.map(({ inner }) => tcp(address, inner)),
  }
}

/** A caller that is no allocation and no client: the machine it is called after. */
function strangerOf({ names: { caller = '' } }: Thing): readonly Place[] {
  const machine = /^outside:(.+)$/.exec(caller)?.[1]
  return machine === undefined ? [] : [{ from: 'source', place: machine, at: { via: 'node', node: machine } }]
}

const tcp = (host: string, port: number): Connect => ({ proto: 'tcp', host, port })

function addressOf(address: string, port: string | number | undefined): Connect | undefined {
  const [, host = '', digits] = /^\[?(.*?)\]?(?::(\d+))?$/.exec(address) ?? []
  const number = Number(digits ?? port)
  return host === '' || !Number.isInteger(number) ? undefined : tcp(host, number)
}

/** Where somebody who is no allocation is called: at what is dialled, if that is told. */
function foreignDoor(address: string | undefined, { dials, port }: Names): Connect | undefined {
  const { place } = toldParts(dials ?? '')
  return addressOf(place, port) ?? addressOf(address ?? '', port)
}

async function otherNode(ask: Ask, taken: readonly (string | undefined)[]): Promise<string | undefined> {
  const ready = (await nodesOf(ask)).filter((node) => node['Status'] === 'ready')
  return ready.map((node) => textOr(node['ID'], '')).find((id) => id !== '' && !taken.includes(id))
}

async function nodeAddress(ask: Ask, id: string): Promise<string | undefined> {
  const own = (await nodesOf(ask)).find((node) => node['ID'] === id)
  const address = textOr(own?.['Address'], '')
  return address === '' ? undefined : address.includes(':') ? `[${address}]` : address
}

async function nodesOf(ask: Ask): Promise<readonly Json[]> {
  const { refusal, reply } = await look(ask, nomad.nodes())
  if (refusal) return []
  try {
    return array(JSON.parse(reply.body)).map((one) => object(one, 'node'))
  } catch {
    return []
  }
}
