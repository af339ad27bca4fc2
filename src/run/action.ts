import { isWatch } from '../ask/packets.ts'
import type { Request } from '../ask/request.ts'
import { command } from '../ask/words.ts'
import { things } from '../derive/things.ts'
import { allocId, nodeId, type Names, type Thing } from '../knowledge/things.ts'
import { last } from './last.ts'
import { cluster } from './reach.ts'
import type { State } from './state.ts'

/** An action in words that a person who knows the cluster understands. */
export interface Action {
  readonly what: string
  /** Where it would run, short enough for a row. */
  readonly where: string
  /** The same as the beginning of a sentence, with the name of everything it touches. */
  readonly exactly: string
  /** What it means that this runs there. */
  readonly means: string
}

export function actionOf(state: State, request: Request): Action {
  const what = 'connect' in request ? placeOf(request.connect) : 'argv' in request ? command(request.argv) : ''
  const sends =
    'connect' in request
      ? connects(request.connect.proto)
      : 'argv' in request && isWatch(request.argv)
        ? 'watches the headers of packets of this one connection, for six seconds at most'
        : 'sends packets to look a name up'
  if (request.via === 'task') {
    const { short, long } = allocation(state, request.alloc)
    return {
      what,
      where: `task ${request.task} of ${short}`,
      exactly: `In task ${request.task} of ${long}`,
      means: `It runs inside your workload, through Nomad, and ${'connect' in request ? sends : 'only reads'}.`,
    }
  }
  if (request.via === 'netns') {
    const { short, long } = allocation(state, request.alloc)
    return {
      what,
      where: `network of ${short}`,
      exactly: `In the network namespace of ${long}`,
      means: `It runs on the client, in that network namespace, and ${sends}.`,
    }
  }
  const where = machine(state, 'node' in request ? (request.node ?? '') : '')
  return { what, where, exactly: `On ${where}`, means: `It runs on that machine, and ${sends}.` }
}

const placeOf = ({
  proto,
  host,
  port,
  path = '/',
  again,
}: Extract<Request, { connect: unknown }>['connect']): string => {
  const door = `${host.includes(':') ? `[${host}]` : host}:${port}`
  return proto === 'http'
    ? `GET http://${door}${path}`
    : `connect to ${door}${proto === 'udp' ? ' (UDP)' : ''}${again ? ' once more, while packets are watched' : ''}`
}

const connects = (proto: 'tcp' | 'udp' | 'http'): string =>
  ({
    tcp: 'opens one connection with bash, nc or curl, and closes it again; a second one where nothing answers',
    udp: 'sends a UDP datagram with nc',
    http: 'makes one HTTP request with curl, and a second one where nothing answers',
  })[proto]

const nobody: ReadonlyMap<string, Thing> = new Map()

/** Who is there now: during a second look that may be others than those the screens still show. */
const here = last(
  ({ aim, facts, arriving }) => (aim === null ? nobody : things(aim, arriving ?? facts)),
  ({ aim, facts, arriving }) => [aim, facts, arriving],
)
const names = (state: State, thing: string): Names => here(state).get(thing)?.names ?? {}

function allocation(state: State, id: string): { readonly short: string; readonly long: string } {
  const { namespace = 'default', job, group, node, nodeName } = names(state, allocId(id))
  const short = id.slice(0, 8)
  const home = namespace === 'default' ? '' : `${namespace}:`
  const client = nodeName || (node === undefined ? '' : clientName(state, node))
  const of = job === undefined || group === undefined ? `allocation ${short}` : `${home}${job}/${group} (${short})`
  const parts = [
    `allocation ${short}`,
    home === '' ? '' : `namespace ${namespace}`,
    job === undefined ? '' : `job ${job}`,
    group === undefined ? '' : `group ${group}`,
    client === '' ? '' : `on client ${client}`,
  ]
  return {
    short: client === '' ? of : `${of} on ${client}`,
    long: parts.filter((part) => part !== '').join(', '),
  }
}

/** Empty where nobody said what the client is called. */
const clientName = (state: State, node: string): string =>
  names(state, nodeId(node)).nodeName ||
  (cluster({ facts: state.arriving ?? state.facts }, 'cluster.nodes')?.find(({ id }) => id === node)?.name ?? '')

const machine = (state: State, node: string): string => {
  const client = clientName(state, node)
  return client === '' ? `machine ${node.slice(0, 36)}` : `client ${client}`
}
