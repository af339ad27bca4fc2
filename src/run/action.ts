import { isWatch } from '../ask/packets.ts'
import type { Request } from '../ask/request.ts'
import { allocId, nodeId, type Names } from '../knowledge/things.ts'
import { pictureOf } from './selectors.ts'
import type { State } from './state.ts'

/** An action in words that a person who knows the cluster understands. */
export interface Action {
  readonly what: string
  readonly where: string
  /** What it means that this runs there. */
  readonly means: string
}

export function actionOf(state: State, request: Request): Action {
  const what = 'connect' in request ? placeOf(request.connect) : 'argv' in request ? request.argv.join(' ') : ''
  const sends =
    'connect' in request
      ? connects(request.connect.proto)
      : 'argv' in request && isWatch(request.argv)
        ? 'watches the headers of packets of this one connection, for six seconds at most'
        : 'sends packets to look a name up'
  if (request.via === 'task')
    return {
      what,
      where: `task ${request.task} of ${allocation(state, request.alloc)}`,
      means: `It runs inside your workload, through Nomad, and ${'connect' in request ? sends : 'only reads'}.`,
    }
  if (request.via === 'netns')
    return {
      what,
      where: `network of ${allocation(state, request.alloc)}`,
      means: `It runs on the client, in the network namespace of the allocation, and ${sends}.`,
    }
  const node = 'node' in request ? (request.node ?? '') : ''
  return { what, where: machine(state, node), means: `It runs on that machine, and ${sends}.` }
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
    tcp: 'opens one connection with bash, nc or curl, and closes it again',
    udp: 'sends a UDP datagram with nc',
    http: 'makes one HTTP request with curl',
  })[proto]

const names = (state: State, thing: string): Names => pictureOf(state)?.world.things.get(thing)?.names ?? {}

function allocation(state: State, id: string): string {
  const { namespace = 'default', job, group, nodeName } = names(state, allocId(id))
  const short = id.slice(0, 8)
  if (job === undefined || group === undefined) return `allocation ${short}`
  const on = nodeName === undefined || nodeName === '' ? '' : ` on ${nodeName}`
  return `${namespace === 'default' ? '' : `${namespace}:`}${job}/${group} (${short})${on}`
}

function machine(state: State, node: string): string {
  const { nodeName } = names(state, nodeId(node))
  return nodeName === undefined || nodeName === '' ? `machine ${node.slice(0, 36)}` : `client ${nodeName}`
}
