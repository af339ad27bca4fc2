import { outcomeOf, withoutTalk } from '../ask/attempt.ts'
import { place, type Ask, type Connect, type Reply, type Request } from '../ask/request.ts'
import { refusalOf } from '../ask/refusal.ts'
import type { Consent } from './consent.ts'
import type { NetnsCommands } from './netns.ts'
import type { Commands } from './node.ts'
import { refused } from './reply.ts'

/** Why a place is not dialled, or null. Hosts and paths come from the cluster and become command words. */
export function placeForbids({ host, port, path = '/' }: Connect): string | null {
  if (!/^[A-Za-z0-9_][A-Za-z0-9_.-]*$|^[0-9A-Fa-f:.]+(%[\w.-]+)?$/.test(host))
    return 'that is not a host name or address'
  if (!Number.isInteger(port) || port < 1 || port > 65_535) return 'that is not a port'
  return /^\/[!-~]*$/.test(path) ? null : 'that is not a path'
}

/** Verbose, because only that tells refused from unreachable; `withoutTalk` takes the conversation out again. */
const curl = (seconds: string, url: string): readonly string[] => [
  'curl',
  '-q',
  '-sS',
  '-v',
  '-g',
  '--noproxy',
  '*',
  '--max-filesize',
  '1048576',
  '--max-time',
  seconds,
  url,
]

/** The commands that try a connection, best first; the next is for machines that lack the one before. */
export function tools(connect: Connect): readonly (readonly string[])[] {
  const { proto, host, port } = connect
  const knock = ['nc', '-z', '-w', '4', host, String(port)]
  if (proto === 'udp') return [['nc', '-z', '-u', '-w', '2', host, String(port)]]
  if (proto === 'http') return [curl('4', place(connect)), knock]
  // curl's telnet stays for all its time on a connection that stands.
  return [knock, curl('3', place(connect).replace(/^tcp:/, 'telnet:'))]
}

const asCommand: Request = { via: 'node', node: '', argv: [''] }

/** Connection attempts from a client machine or from the network namespace of an allocation. They send packets: only after consent. */
export function connectSource(on: Commands, inside: NetnsCommands, consent: Consent): Ask {
  return async (request) => {
    if (!('connect' in request) || request.via === 'task')
      return refused('not-asked', 'not a connection attempt from a machine')
    const forbidden = placeForbids(request.connect)
    if (forbidden !== null) return refused('not-asked', forbidden)
    if (!(await consent(request))) return refused('not-asked', 'it sends packets and needs your consent')
    let last: Reply = refused('unsupported', 'the machine has neither curl nor nc')
    for (const argv of tools(request.connect)) {
      const raw = await (request.via === 'node'
        ? on.run(request.node, argv)
        : inside.run(request.node, request.alloc, argv))
      if (raw.refusal || raw.status === -1) return raw
      const reply = argv[0] === 'curl' ? { ...raw, stderr: withoutTalk(raw.stderr ?? '') } : raw
      if (outcomeOf(reply) !== 'unclear') return reply
      // The tool said nothing about the network: it is missing, or may not run.
      const refusal = refusalOf(asCommand, reply)
      last = { ...reply, ...(refusal ? { refusal } : {}) }
      if (refusal?.why !== 'unsupported') return last
    }
    return last
  }
}
