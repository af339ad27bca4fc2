/** Reads what nslookup, getent and dig print. A command that did not run at all is no answer. */
import type { Lookup } from '../../knowledge/shapes/discovery.ts'
import type { Held } from '../../knowledge/fact.ts'
import { seenIn, unknown, type Answer } from '../probe.ts'

/** nslookup of busybox and of bind; null when the text is not from nslookup. An empty success proves nothing. */
export function fromNslookup(name: string, { reply }: Answer): Lookup | null {
  const text = `${reply.body}\n${reply.stderr ?? ''}`
  const server = /^Server:\s+(\S+)/m.exec(text)?.[1]
  const base = { name, addresses: [], ...(server === undefined ? {} : { server }) }
  if (/no servers could be reached|connection timed out/i.test(text)) return { ...base, outcome: 'no-server' }
  if (/\b(REFUSED|SERVFAIL)\b/.test(text)) return { ...base, outcome: 'refused' }
  if (/NXDOMAIN|can't find|no answer/i.test(text)) return { ...base, outcome: 'no-such-name' }
  if (/(read|communications error).*refused/i.test(text)) return { ...base, outcome: 'no-server' }
  const answer = text.slice(Math.max(0, text.search(/^Name:/m)))
  const addresses = [...answer.matchAll(/^Address(?: \d+)?:\s+([0-9a-f.:]+)\s*$/gim)].map(([, address = '']) => address)
  return /^Name:/m.test(text) && addresses.length > 0 ? { ...base, outcome: 'found', addresses } : null
}

/** `getent hosts`: exit code 2 = not found, without a reason. */
export function fromGetent(name: string, { reply }: Answer): Lookup | null {
  if (reply.status === 2) return { name, outcome: 'fails', addresses: [] }
  const addresses = reply.body.split('\n').flatMap((line) => /^([0-9a-f.:]+)\s/i.exec(line)?.[1] ?? [])
  return reply.status === 0 && addresses.length > 0 ? { name, outcome: 'found', addresses } : null
}

/** Whether dig got any reply from the server it asked; null when dig did not run. */
export function digAnswered({ reply }: Answer): boolean | null {
  if (/^;; ->>HEADER<<-/m.test(reply.body)) return true
  return /no servers could be reached|communications error|connection timed out/i.test(
    `${reply.body}\n${reply.stderr ?? ''}`,
  )
    ? false
    : null
}

/** Nothing to look up is an answer that needs no asking. */
export const nothing = (by: string, said: string): Held<readonly never[]> => ({
  known: true,
  value: [],
  seen: { by, ask: '', request: 'nothing to look up', excerpt: said, at: '' },
})

/** All or none: a name whose lookup is no answer leaves the list unknown. */
export function all<T>(
  by: string,
  found: readonly { readonly answer: Answer; readonly value: T | null }[],
  said: string,
): Held<readonly T[]> {
  const [first] = found
  if (!first) return nothing(by, said)
  const bad = found.find(({ value }) => value === null)
  if (bad)
    return bad.answer.refusal
      ? unknown(bad.answer)
      : unknown(
          bad.answer,
          'failed',
          `the reply says nothing about the name${bad.answer.reply.body === '' ? ': it is empty' : ''}`,
        )
  const excerpt = found
    .map(
      ({ answer }) =>
        `${answer.reply.body}${answer.reply.stderr ? `\n${answer.reply.stderr}` : ''}`.trim() ||
        `exit code ${answer.reply.status}`,
    )
    .join('\n')
  return {
    known: true,
    value: found.flatMap(({ value }) => (value === null ? [] : [value])),
    seen: seenIn(by, first.answer.request, first.answer.reply.at, excerpt),
  }
}
