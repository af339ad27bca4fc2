import { clean } from '../ask/clean.ts'
import { blank, gap, span, wrap, type Line } from '../components/line.ts'
import { inset } from '../components/text.ts'
import type { Evidence } from '../knowledge/report.ts'
import type { Exchange } from '../run/place.ts'
import { lineOf } from './reply-line.ts'
import { searchKey, type At, type Key, type Screen } from './screen.ts'
import { TextView } from './text-view.tsx'

/** Replies can be long: their text is made once for a width. */
const made = new WeakMap<Exchange, { readonly columns: number; readonly text: readonly string[] }>()

function pretty(body: string): string {
  if (!/^\s*[[{]/.test(body)) return body
  try {
    return JSON.stringify(JSON.parse(body), null, 2)
  } catch {
    return body
  }
}

function textOf(exchange: Exchange, columns: number): readonly string[] {
  const known = made.get(exchange)
  if (known?.columns === columns) return known.text
  const { body, stderr } = exchange.reply
  const whole = [pretty(body), ...(stderr ? ['', 'stderr:', stderr] : [])].join('\n')
  const text = clean(whole)
    .split('\n')
    .flatMap((one) => hard(one.replaceAll('\t', '    '), columns))
  made.set(exchange, { columns, text })
  return text
}

/** Raw text is broken where the line ends, not between words: what is shown is what was said. */
function hard(text: string, columns: number): string[] {
  if (text.length <= columns) return [text]
  return Array.from({ length: Math.ceil(text.length / columns) }, (_, i) => text.slice(i * columns, (i + 1) * columns))
}

const exchangeOf = ({ state, frame }: At): Exchange | undefined =>
  state.place.exchanges().find(({ ask }) => ask === frame.arg)

const wantedIn = ({ query, filter }: At['frame']): string => (query === '' ? filter : query).toLowerCase()

function lines(at: At): readonly Line[] {
  const exchange = exchangeOf(at)
  if (!exchange) return [blank, [gap(2), span('This reply is not held: it was not asked for in this run.', 'faint')]]
  const { request, reply } = exchange
  const wanted = wantedIn(at.frame)
  const body = textOf(exchange, at.columns - 4).map((one): Line => {
    const found = wanted !== '' && one.toLowerCase().includes(wanted)
    return [span(found ? `${at.look.marks.now} ` : '  ', 'accent'), span(one, 'text', found)]
  })
  return [
    blank,
    ...inset(wrap([span(request, 'heading')], at.columns - 4, 2)),
    [gap(2), span(`${reply.at} · ${reply.ms} ms · status ${reply.status}`, 'faint')],
    blank,
    ...body,
  ]
}

/** The next line that holds the searched text, after the first line seen. */
function next(at: At, direction: 1 | -1): void {
  const wanted = wantedIn(at.frame)
  const all = lines(at).map((spans) =>
    spans
      .map(({ text }) => text)
      .join('')
      .toLowerCase(),
  )
  const hits = all.flatMap((text, i) => (text.includes(wanted) ? [i - 2] : []))
  const now = at.frame.scroll
  const found = direction === 1 ? hits.find((i) => i > now) : hits.findLast((i) => i < now)
  if (found === undefined) at.act.notice(`"${wanted}": ${hits.length === 0 ? 'not in this reply' : 'no more'}`)
  else at.act.patch({ scroll: Math.max(0, found) })
}

const nothingWanted = ({ frame }: At): string | undefined =>
  wantedIn(frame) === '' ? 'search first, with /' : undefined

/** Opens the raw reply behind a piece of evidence, at the line that shows it. */
export function openReply(at: At, evidence: Pick<Evidence, 'ask' | 'excerpt'>): void {
  const excerpt =
    clean(evidence.excerpt)
      .split('\n')
      .find((one) => one.trim() !== '')
      ?.trim() ?? ''
  const exchange = at.state.place.exchanges().find(({ ask }) => ask === evidence.ask)
  const text = exchange ? textOf(exchange, at.columns - 4) : []
  const found = lineOf(text, clean(evidence.excerpt))
  const seen = text[found] ?? ''
  const filter = seen.includes(excerpt) ? excerpt : seen.trim()
  at.act.open('reply', evidence.ask, { filter, scroll: Math.max(0, found - 2) })
}

/** The keys 1 to 9 open the numbered evidence of a screen. */
export const numberKeys = (evidence: (at: At) => readonly Evidence[]): Key => ({
  press: ['1', '2', '3', '4', '5', '6', '7', '8', '9'],
  does: 'raw reply',
  run: (at, name) => {
    const one = evidence(at)[Number(name) - 1]
    if (one) openReply(at, one)
    else at.act.notice(`There is no evidence ${name} here.`)
  },
  unless: (at) => (evidence(at).length > 0 ? undefined : 'there is no evidence here'),
})

export const reply: Screen = {
  id: 'reply',
  title: 'Reply',
  about: 'One raw reply, as it came; only the values of secrets are hidden.',
  keys: [
    searchKey,
    { press: ['n'], does: 'next', run: (at) => next(at, 1), unless: nothingWanted },
    { press: ['N'], does: 'previous', run: (at) => next(at, -1), unless: nothingWanted },
    { press: ['y'], does: 'copy', run: (at) => at.act.copy(exchangeOf(at)?.reply.body ?? '', 'the whole reply') },
  ],
  typed: (at) => {
    at.act.patch({ typing: false })
    next({ ...at, frame: { ...at.frame, scroll: -1 } }, 1)
  },
  lines,
  View: ({ at }) => <TextView at={at} lines={lines(at)} />,
}
