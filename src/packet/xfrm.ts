import { decimal, parsed, present, unreadable } from './parsed.ts'
import type { Parsed } from './parsed.ts'

/** One policy of IPsec (ip-xfrm(8)). */
export interface XfrmPolicy {
  /** Networks, `0.0.0.0/0` and `::/0` for any. */
  readonly src: string
  readonly dst: string
  /** in, out, fwd */
  readonly dir: string
  /** The lowest of those that fit decides. */
  readonly priority: number
  /** It drops what fits. */
  readonly block: boolean
  /** It wants what fits wrapped by IPsec. */
  readonly wraps: boolean
  readonly proto?: string
  readonly sport?: number
  readonly dport?: number
  readonly dev?: string
  /** Its first two lines as one. */
  readonly text: string
}

/** Reads `ip xfrm policy`; policies of single sockets, which daemons give themselves, are left out. */
export function parseXfrmPolicies(text: string): Parsed<readonly XfrmPolicy[]> {
  const found: XfrmPolicy[] = []
  const lines = text.split('\n').map((line) => line.trimEnd())
  for (let i = 0; i < lines.length; i += 1) {
    const head = lines[i] ?? ''
    if (head === '') continue
    const [, src, dst, more = ''] = /^src (\S+\/\d+) dst (\S+\/\d+)(?: (.*))?$/.exec(head) ?? []
    if (src === undefined || dst === undefined) return unreadable('no selector of a policy', i + 1)
    const body: string[] = []
    while (/^\s/.test(lines[i + 1] ?? '')) body.push((lines[(i += 1)] ?? '').trim())
    const [own = ''] = body
    if (own.startsWith('socket ')) continue
    const [, dir, priority] = /^dir (in|out|fwd) .*\bpriority (\d+) ptype /.exec(own) ?? []
    if (dir === undefined) return unreadable('a policy without direction', i + 1)
    const word = (name: string): string | undefined => new RegExp(`(?:^| )${name} (\\S+)`).exec(more)?.[1]
    found.push(
      present<XfrmPolicy>({
        src,
        dst,
        dir,
        priority: Number(priority),
        block: / action block /.test(own),
        wraps: body.some((line) => line.startsWith('tmpl ')),
        proto: word('proto'),
        sport: decimal(word('sport')),
        dport: decimal(word('dport')),
        dev: word('dev'),
        text: `${head} ${own}`,
      }),
    )
  }
  return parsed(found)
}
