import { equal, familyOf, isLoopback as isLoopbackAddress } from './ipaddr.ts'
import { decimal, parsed, present, unreadable } from './parsed.ts'
import type { Parsed } from './parsed.ts'

export interface Process {
  readonly name: string
  readonly pid: number
}

export interface Endpoint {
  /** As printed, without brackets: `10.0.0.1`, `::`, `*`. */
  readonly address: string
  /** null: any (`*`). */
  readonly port: number | null
  /** The device the socket is bound to, or the zone of a link-local address (`%eth0`). */
  readonly device?: string
}

export interface Socket {
  readonly proto: 'tcp' | 'udp'
  /** LISTEN, UNCONN, ESTAB, SYN-SENT, TIME-WAIT, … */
  readonly state: string
  /** Bytes waiting; for LISTEN: connections waiting to be accepted. */
  readonly recvQ: number
  /** Bytes not acknowledged; for LISTEN: the size of that backlog. */
  readonly sendQ: number
  readonly local: Endpoint
  readonly peer: Endpoint
  /** Empty without `-p`, and for other users' sockets when not root. */
  readonly processes: readonly Process[]
  /** Present with `-e` when the owner is not root. */
  readonly uid?: number
  /** Present for IPv6 sockets. */
  readonly v6only?: boolean
}

/** Whether a command lists UDP sockets: `ss -H -lunpe`. */
export const listsUdp = (command: string): boolean => /\bss\b.* -\w*u/.test(command)

/** A socket that waits for connections or datagrams. */
export interface Listener {
  readonly proto: 'tcp' | 'udp'
  /** `*`: every address of both families; `0.0.0.0`: every IPv4 address; `::`: every IPv6 address, see `v6only`. */
  readonly address: string
  readonly port: number
  readonly device?: string
  readonly processes: readonly Process[]
  readonly uid?: number
  readonly v6only?: boolean
  /** Connections that wait to be accepted, where they are more than `room`: the kernel drops new ones (sk_acceptq_is_full). */
  readonly full?: { readonly waiting: number; readonly room: number }
}

/**
 * Reads the lines of `ss -n` with any of `-l -t -u -p -e -H`, with or without header. `proto` is what was asked for;
 * a Netid column, printed when both were, wins. Indented lines (`-i`, `-m`) are left out.
 */
export function parseSockets(text: string, proto: 'tcp' | 'udp'): Parsed<readonly Socket[]> {
  const sockets: Socket[] = []
  for (const [index, line] of text.split(/\r?\n/).entries()) {
    if (line.trim() === '' || /^\s|^(State|Netid)\s.*Local Address:Port/.test(line)) continue
    const socket = readSocket(line, proto)
    if (!socket) return unreadable('not a line of ss', index + 1)
    sockets.push(socket)
  }
  return parsed(sockets)
}

/** Reads `ss -H -ltnpe`, `ss -H -lunpe`, `ss -ltn`: the same lines, as listeners. Connected sockets are left out. */
export function parseListeners(text: string, proto: 'tcp' | 'udp'): Parsed<readonly Listener[]> {
  const sockets = parseSockets(text, proto)
  return sockets.ok ? parsed(sockets.value.flatMap(listenerOf)) : sockets
}

export const isWildcard = ({ address }: Listener): boolean => ['*', '0.0.0.0', '::'].includes(address)

/** Only this network namespace itself can reach it. */
export const isLoopback = ({ address }: Listener): boolean => isLoopbackAddress(address)

/**
 * A packet to this address and port finds this listener. A listener bound to a device takes only what comes in by it:
 * give `iif` where it is known.
 */
export function accepts(listener: Listener, address: string, port: number, iif?: string): boolean {
  if (listener.port !== port) return false
  if (listener.device !== undefined && iif !== undefined && listener.device !== iif) return false
  if (!isWildcard(listener)) return equal(listener.address, address)
  const family = familyOf(address)
  if (family === 4) return listener.address === '0.0.0.0' || listener.v6only !== true
  return family === 6 && listener.address !== '0.0.0.0'
}

function listenerOf({ proto, state, local, processes, uid, v6only, recvQ, sendQ }: Socket): readonly Listener[] {
  if (!['LISTEN', 'UNCONN'].includes(state) || local.port === null) return []
  return [
    present<Listener>({
      proto,
      address: local.address,
      port: local.port,
      device: local.device,
      processes,
      uid,
      v6only,
      full: proto === 'tcp' && recvQ > sendQ ? { waiting: recvQ, room: sendQ } : undefined,
    }),
  ]
}

function readSocket(line: string, asked: 'tcp' | 'udp'): Socket | undefined {
  const match = /^(?:(tcp|udp)\s+)?([A-Z][A-Z0-9-]*)\s+(\d+)\s+(\d+)\s+(\S+)\s+(\S+)(.*)$/.exec(line)
  if (!match) return undefined
  const [, netid, state = '', recvQ = '', sendQ = '', localText = '', peerText = '', rest = ''] = match
  const [local, peer] = [readEndpoint(localText), readEndpoint(peerText)]
  if (!local || !peer) return undefined
  const users = /users:\(\((.*?)\)\)/.exec(rest)?.[1] ?? ''
  const after = rest.replace(/users:\(\(.*?\)\)/, '')
  const stated = /\bv6only:([01])/.exec(after)?.[1]
  return present<Socket>({
    proto: (netid as 'tcp' | 'udp' | undefined) ?? asked,
    state,
    recvQ: Number(recvQ),
    sendQ: Number(sendQ),
    local,
    peer,
    processes: [...users.matchAll(/"(.*?)",pid=(\d+)/g)].map(([, name = '', pid]) => ({ name, pid: Number(pid) })),
    uid: decimal(/\buid:(\d+)/.exec(after)?.[1]),
    // ss prints `*` for an IPv6 wildcard that also takes IPv4, and `[::]` only for one that does not.
    v6only: stated === undefined ? (localText.startsWith('[::]') ? true : undefined) : stated === '1',
  })
}

/** `10.0.0.1:80`, `*:80`, `[::1]:80`, `127.0.0.53%lo:53`, `[fe80::1]%eth0:546`, `0.0.0.0:*`, and `:::80` of old versions. */
function readEndpoint(text: string): Endpoint | undefined {
  const match = /^(?:\[([^\]%]*)(?:%([^\]]+))?\]|([^[\]%]*))(?:%(.+))?:(\d{1,5}|\*)$/.exec(text)
  if (!match) return undefined
  const [, bracketed, zone, plain, device, port = '*'] = match
  const address = bracketed ?? plain ?? ''
  if (address !== '*' && familyOf(address) === undefined) return undefined
  return present<Endpoint>({ address, port: port === '*' ? null : Number(port), device: device ?? zone })
}
