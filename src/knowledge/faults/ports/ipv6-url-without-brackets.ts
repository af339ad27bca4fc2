import { edits, reword } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import { placedTexts } from '../../templates.ts'

const inUrl = /\b[a-z][a-z0-9+.-]*:\/\/(?:[^\s/?#@"'`<>]*@)?((?:[0-9a-f]{0,4}:){2,8}\d{1,5})(?![\w.:\]%-])/gi
/** `::8080` is how some programs write that they listen on every address. */
const every = /^:{1,3}\d*$/

/** An address of IPv6 that a URL holds bare, and that URL as far as it. */
function bare({ tasks }: GroupSpec) {
  for (const one of tasks)
    for (const { text, at } of placedTexts(one))
      for (const [whole, host = ''] of text.matchAll(inUrl)) {
        const full = host.split(':').length >= 8
        if (!every.test(host) && (host.includes('::') || full)) return { task: one, whole, host, at }
      }
  return undefined
}

/** The last piece is a port where it is none of eight and looks like one; otherwise it may belong to the address. */
function bracketed(host: string): string | undefined {
  const pieces = host.split(':')
  const port = pieces.at(-1) ?? ''
  const address = pieces.slice(0, -1).join(':')
  if (pieces.length === 9 || (port.length > 3 && host.includes('::') && !address.endsWith(':')))
    return `[${address}]:${port}`
  return pieces.length === 8 && !host.includes('::') ? `[${host}]` : undefined
}

const calls = (url: string) => group({ tasks: [task({ env: { PEER: url } })] })

export const ipv6UrlWithoutBrackets = fault({
  id: 'ipv6-url-without-brackets',
  about: 'group',
  title: 'A URL holds an IPv6 address without brackets',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'dial tcp: address <address>:<port>: too many colons in address',
    'parse "http://<address>:<port>/": invalid port ":<port>" after host',
    'curl: (3) URL using bad/illegal format or missing URL',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = bare(spec)
    return found
      ? {
          says: `Task ${found.task.name} is told ${found.whole}: without brackets nobody can tell where the address ends`,
          at: Array.isArray(found.at) ? [found.at[0] as object, found.at[1] as string, found.whole] : found.at,
        }
      : false
  },
  byHand: 'The URL, tried with curl in the task, is refused before anything is sent.',
  explains: [],
  because:
    'An IPv6 address holds colons itself, and so does the end of a host name in a URL, where the port begins. The address therefore stands in brackets there, http://[2001:db8::1]:8080/. Without them most libraries refuse the URL, and others take a part of the address for the port.',
  fix: ({ 'group.spec': spec }) => {
    const found = bare(spec)
    const written = found && bracketed(found.host)
    const field = found && Array.isArray(found.at) ? found.at : undefined
    return [
      {
        do:
          written === undefined
            ? `Put the address in ${found?.whole ?? 'the URL'} in brackets, the port after them`
            : `Write ${written} in the URL of task ${found?.task.name ?? ''}`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(
          found && field && written !== undefined
            ? [
                reword(
                  field[0] as object,
                  field[1] as string,
                  found.whole,
                  found.whole.slice(0, -found.host.length) + written,
                ),
              ]
            : undefined,
          'the last number may be a port or a part of the address',
        ),
      },
    ]
  },
  references: [
    'https://www.rfc-editor.org/rfc/rfc3986#section-3.2.2',
    'https://developer.hashicorp.com/nomad/docs/networking/ipv6',
  ],
  since: '0.1.0',
  examples: [
    { name: 'an address and a port', given: { 'group.spec': calls('http://2001:db8::1:8080/') }, then: 'present' },
    {
      name: 'all eight parts and a port',
      given: { 'group.spec': calls('tcp://fd00:1:2:3:4:5:6:7:8080') },
      then: 'present',
    },
    { name: 'brackets are there', given: { 'group.spec': calls('http://[2001:db8::1]:8080/') }, then: 'absent' },
    { name: 'a name and a password', given: { 'group.spec': calls('redis://u:1234@db:6379') }, then: 'absent' },
    { name: 'every address', given: { 'group.spec': calls('tcp://:::8080') }, then: 'absent' },
  ],
})
