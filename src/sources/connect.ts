import { setTimeout as pause } from 'node:timers/promises'
import { bothOf, outcomeOf, withoutTalk } from '../ask/attempt.ts'
import { needsConsent } from '../ask/consent.ts'
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

/** Seconds until bash itself must be at work: a busy machine may need long to start it. */
const untilBegun = 9

/** The three seconds begin with the attempt, whose process says its number first; 110 is ETIMEDOUT. */
export const attempt = [
  'exec 4< <(echo $BASHPID; exec 3<>"/dev/tcp/$0/$1" && echo)',
  'read -u 4 p',
  'read -t 3 -u 4',
  's=$?',
  '[ $s -le 128 ] || { kill $p; exit 110; }',
  'exit $s',
].join('; ')

/** The commands that try a connection, best first; the next is for machines that lack the one before. */
export function tools(connect: Connect): readonly (readonly string[])[] {
  const { proto, host, port } = connect
  const open = ['timeout', String(untilBegun + 3), 'bash', '-c', attempt, host, String(port)]
  const knock = ['nc', '-z', '-w', '3', host, String(port)]
  if (proto === 'udp') return [['nc', '-z', '-u', '-w', '2', host, String(port)]]
  if (proto === 'http') return [curl('4', place(connect)), open, knock]
  // curl's telnet stays for all its time on a connection that stands.
  return [open, knock, curl('3', place(connect).replace(/^tcp:/, 'telnet:'))]
}

/** Only what a tool says about the connection, in the words that `outcomeOf` reads. */
function plain(argv: readonly string[], raw: Reply): Reply {
  if (argv[0] === 'curl') return { ...raw, stderr: withoutTalk(raw.stderr ?? '') }
  if (argv[0] !== 'timeout') return raw
  if (raw.status === 110) return { ...raw, stderr: 'connection timed out after 3 s' }
  if (raw.status === 124) return { ...raw, stderr: `the machine was too busy to try within ${untilBegun} s` }
  return raw
}

/** Milliseconds until tcpdump, which was allowed with it, listens. */
const warmUp = 1500

/** One lost packet or a busy machine lets an attempt time out as well. While packets are watched there is one attempt. */
const mayRepeat = ({ proto, again }: Connect): boolean => proto !== 'udp' && !again

const asCommand: Request = { via: 'node', node: '', argv: [''] }

/** Connection attempts from a client machine or from the network namespace of an allocation. They send packets: only after consent. */
export function connectSource(on: Commands, inside: NetnsCommands, consent: Consent): Ask {
  return async (request) => {
    if (!('connect' in request) || request.via === 'task')
      return refused('not-asked', 'not a connection attempt from a machine')
    const forbidden = placeForbids(request.connect)
    if (forbidden !== null) return refused('not-asked', forbidden)
    const closed = await on.closed?.(request.node)
    if (closed) return closed
    if (!(await consent(request))) return refused('not-asked', needsConsent)
    if (request.connect.again) await pause(warmUp)
    const run = (argv: readonly string[]): Promise<Reply> =>
      request.via === 'node' ? on.run(request.node, argv) : inside.run(request.node, request.alloc, argv)
    let last: Reply = refused('unsupported', 'the machine has neither bash, nc nor curl')
    for (const argv of tools(request.connect)) {
      const raw = await run(argv)
      if (raw.refusal || raw.status === -1) return raw
      const reply = plain(argv, raw)
      const outcome = outcomeOf(reply)
      if (outcome === 'timed-out' && mayRepeat(request.connect)) {
        return bothOf(reply, plain(argv, await run(argv)))
      }
      if (outcome !== 'unclear') return reply
      // The tool said nothing about the network: it is missing, or may not run.
      const refusal = refusalOf(asCommand, reply)
      last = { ...reply, ...(refusal ? { refusal } : {}) }
      if (refusal?.why !== 'unsupported' && refusal?.why !== 'not-found') return last
    }
    return last
  }
}
