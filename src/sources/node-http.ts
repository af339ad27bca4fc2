import type { Reply } from '../ask/request.ts'
import type { Commands } from './node.ts'

/** Asks an HTTP API from a client machine. Headers go in through standard input: a token never stands in a process list. */
export async function fetchOn(
  commands: Commands,
  node: string,
  url: string,
  headers: Readonly<Record<string, string>>,
): Promise<Reply> {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}`)
  const argv = [
    'curl',
    '-sS',
    '--max-time',
    '5',
    '--noproxy',
    '*',
    '-w',
    '\n%{http_code}',
    ...(lines.length > 0 ? ['-H', '@-'] : []),
    url,
  ]
  const reply = await commands.run(node, argv, lines.length > 0 ? { input: `${lines.join('\n')}\n` } : {})
  if (reply.refusal || reply.status === -1) return reply
  const cut = reply.body.lastIndexOf('\n')
  const code = Number(reply.body.slice(cut + 1))
  // curl ended without an answer: the same shape as an API that never answered.
  if (reply.status !== 0 || !Number.isInteger(code))
    return { ...reply, status: -1, body: '', stderr: reply.stderr ?? `curl ended with exit code ${reply.status}` }
  return { ...reply, status: code, body: reply.body.slice(0, cut) }
}
