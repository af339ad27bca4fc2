import { Box } from 'ink'
import type { ReactNode } from 'react'
import { prompt } from '../components/frame.tsx'
import { blank, cell, gap, span, type Line } from '../components/line.ts'
import { List, type Item } from '../components/list.tsx'
import { Rows } from '../components/row.tsx'
import { clusterId } from '../knowledge/things.ts'
import { NameError } from '../run/names.ts'
import type { Draft, Field } from '../run/state.ts'
import { choices, fields, valueOf } from './choices.ts'
import { pathKey } from './path.tsx'
import { onNow, searchKey, type At, type Screen } from './screen.ts'

function pick(at: At): void {
  const { draft } = at.state
  const on = onNow(caseScreen, at)
  if (draft.field === null) {
    const field = fields.find(({ id }) => id === on)
    return field ? edit(at, field.id) : start(at)
  }
  const choice = choices(at).find(({ id }) => id === on)
  if (!choice) return
  if (choice.set) return settle(at, choice.set)
  if (draft.field !== 'symptom') void lookUp(at, draft.field, choice.label)
}

/** What is typed counts only if it exists; otherwise the nearest names are told. */
async function lookUp(at: At, field: 'from' | 'to' | 'port', text: string): Promise<void> {
  const set = await at.act.typed(field, text)
  if (!(set instanceof NameError)) return settle(at, set)
  const offers = set.offers.length === 0 ? '' : `. Did you mean: ${set.offers.join(', ')}`
  at.act.notice(`${set.message}${offers}`)
}

function settle(at: At, set: Partial<Draft>): void {
  const { draft } = at.state
  // Fields with an answer (the symptom from the home screen, a target chosen before) are shown, not asked again.
  const later = fields.slice(fields.findIndex(({ id }) => id === draft.field) + 1)
  const next = later.find(({ id }) => id !== 'symptom' && !(id === 'to' && draft.to !== null))
  at.act.draft({ ...set, field: next?.id ?? null })
  // Its ports are offered next; a look that was on its way when the question was opened may have come before them.
  if (set.to) void at.act.readJobs()
  at.act.patch({ query: '', typing: next !== undefined, on: null, scroll: 0 })
}

function edit(at: At, field: Field): void {
  at.act.draft({ field })
  at.act.patch({ query: '', typing: true, on: null, scroll: 0 })
}

function start(at: At): void {
  const { from, to, port, symptom } = at.state.draft
  if (to === null) return edit(at, 'to')
  void at.act.lookAt({ kind: 'path', subject: { from, to, port, symptom } })
  at.act.open('walk')
}

/** Out of a field to what was said so far; from there, out of the question. */
function leave({ state: { draft }, act }: At): void {
  if (draft.field === null || draft.to === null) act.back()
  else act.draft({ field: null })
}

function itemsOf(at: At): readonly Item[] {
  const { draft } = at.state
  if (draft.field !== null)
    return choices(at).map(({ id, label, hint }) => ({
      id,
      spans: () => [gap(3), ...cell(label, 42), span(hint, 'faint')],
    }))
  const row = ({ id, label }: { id: Field; label: string }): Item => ({
    id,
    spans: [gap(3), ...cell(label, 10, 'faint'), span(valueOf(draft, id))],
  })
  const look: Line = [gap(3), span('Look', 'accent', true), span('      find out why', 'faint')]
  return [...fields.map(row), { id: 'gap', rest: true, spans: blank }, { id: 'start', spans: look }]
}

/** What was said so far stands above the question that is open. */
function headOf({ state: { draft }, frame }: At): Line[] {
  const asked = fields.find(({ id }) => id === draft.field)
  const title: Line = [gap(2), span('Who cannot reach whom?', 'heading')]
  if (!asked) return [blank, title, blank]
  const said = fields.filter(({ id }) => isSaid(draft, id, asked.id))
  return [
    blank,
    title,
    blank,
    ...said.map(({ id, label }): Line => [gap(4), ...cell(label, 10, 'faint'), span(valueOf(draft, id))]),
    ...(said.length > 0 ? [blank] : []),
    [gap(2), ...prompt(asked.ask, frame.query, frame.typing, 'type to search')],
    blank,
  ]
}

function isSaid(draft: Draft, field: Field, asked: Field): boolean {
  const order = fields.findIndex(({ id }) => id === field) < fields.findIndex(({ id }) => id === asked)
  return field === 'symptom' || (field !== asked && order) || (field === 'to' && draft.to !== null && field !== asked)
}

/** A list of names that is not read yet must not look like one without the name. */
const isReading = ({ draft, phase, facts }: At['state']): boolean =>
  (draft.field === 'from' || draft.field === 'to') && phase !== 'idle' && !facts.get(clusterId)?.has('cluster.jobs')

function View({ at }: { at: At }): ReactNode {
  const { frame, columns, rows } = at
  const head = headOf(at)
  const items = itemsOf(at)
  const empty = items.length === 0 ? 'Nothing by that name.' : ''
  const said = isReading(at.state) ? 'The names of the cluster are still being read.' : empty
  const none = said === '' ? [] : [[gap(4), span(said, 'faint')]]
  return (
    <Box flexDirection="column" width={columns}>
      <Rows lines={[...head, ...none]} columns={columns} />
      <List
        items={items}
        on={onNow(caseScreen, at)}
        scroll={frame.scroll}
        columns={columns}
        height={rows - head.length - none.length}
      />
    </Box>
  )
}

export const caseScreen: Screen = {
  id: 'case',
  title: 'Question',
  about: 'Who cannot reach whom: source, target and port, found by typing a few letters.',
  keys: [
    { press: ['enter', 'l', 'right'], does: 'choose', run: pick },
    {
      ...searchKey,
      unless: ({ state }) => (state.draft.field === null ? 'choose a line first' : undefined),
    },
    pathKey,
    { press: ['esc', 'left', 'h'], does: 'back', run: leave },
  ],
  stops: itemsOf,
  begin: (at) => (at.state.draft.field === null ? 'start' : (choices(at)[0]?.id ?? null)),
  typed: pick,
  View,
}
