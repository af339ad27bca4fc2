import Fuse from 'fuse.js'
import { Box } from 'ink'
import type { ReactNode } from 'react'
import { prompt } from '../components/frame.tsx'
import { blank, cell, gap, span, type Line } from '../components/line.ts'
import { List, type Item } from '../components/list.tsx'
import { Rows } from '../components/row.tsx'
import { symptoms, type Symptom } from '../knowledge/subject.ts'
import { NameError, parseName, spellSide } from '../run/names.ts'
import { candidatesOf, portsOf } from '../run/selectors.ts'
import type { Draft, Field } from '../run/state.ts'
import { sideOf } from '../run/subject.ts'
import { onNow, type At, type Screen } from './screen.ts'

const fields: readonly { readonly id: Field; readonly label: string; readonly ask: string }[] = [
  { id: 'to', label: 'To', ask: 'What cannot be reached?' },
  { id: 'from', label: 'From', ask: 'Who is calling?' },
  { id: 'port', label: 'Port', ask: 'Which port?' },
  { id: 'symptom', label: 'You see', ask: 'What do you see?' },
]

interface Choice {
  readonly id: string
  readonly label: string
  readonly hint: string
  readonly set: Partial<Draft>
}

/** What can be chosen for a field; a search narrows it, and what is typed can be taken as it is. */
function choices(at: At): readonly Choice[] {
  const { draft } = at.state
  const { query } = at.frame
  const typed = query.trim()
  const sides = (key: 'from' | 'to'): Choice[] =>
    candidatesOf(at.state).map(({ id, side, hint }) => ({ id, label: id, hint, set: { [key]: side } }))
  const all: Readonly<Record<Field, () => readonly Choice[]>> = {
    to: () => sides('to'),
    from: () => [
      { id: '*', label: 'anybody', hint: 'the target alone is looked at', set: { from: null } },
      ...sides('from'),
    ],
    port: () => [
      { id: '*', label: 'any', hint: 'whatever the target offers', set: { port: null } },
      ...portsOf(at.state).map(({ id, hint }) => ({ id, label: id, hint, set: { port: id } })),
    ],
    symptom: () =>
      Object.entries(symptoms).map(([id, label]) => ({ id, label, hint: id, set: { symptom: id as Symptom } })),
  }
  if (draft.field === null) return []
  const list = all[draft.field]()
  if (typed === '') return list
  const fuse = new Fuse([...list], { keys: ['label', 'hint'], ignoreLocation: true, threshold: 0.4 })
  const hits = fuse.search(typed).map(({ item }) => item)
  return [...hits, ...asTyped(typed, draft.field, hits)]
}

function asTyped(text: string, field: Field, hits: readonly Choice[]): readonly Choice[] {
  if (field === 'symptom' || hits.some(({ label }) => label === text)) return []
  if (field === 'port')
    return [{ id: 'typed', label: text, hint: 'as typed', set: { port: /^\d+$/.test(text) ? Number(text) : text } }]
  const named = parseName(text)
  return named instanceof NameError
    ? []
    : [{ id: 'typed', label: text, hint: 'as typed', set: { [field]: sideOf(named) } }]
}

const valueOf = ({ from, to, port, symptom }: Draft, field: Field): string =>
  field === 'symptom'
    ? symptoms[symptom]
    : field === 'port'
      ? String(port ?? 'any')
      : field === 'to'
        ? (spellSide(to) ?? '')
        : (spellSide(from) ?? 'anybody')

function pick(at: At): void {
  const { draft } = at.state
  const on = onNow(caseScreen, at)
  if (draft.field === null) return on === 'start' ? start(at) : edit(at, on as Field)
  const choice = choices(at).find(({ id }) => id === on)
  if (!choice) return
  const next = fields[fields.findIndex(({ id }) => id === draft.field) + 1]?.id ?? null
  // The symptom was chosen on the way here: it is there to be seen, not asked again.
  const field = next === 'symptom' ? null : next
  at.act.draft({ ...choice.set, field })
  at.act.patch({ query: '', typing: field !== null, on: field === null ? 'start' : null, scroll: 0 })
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

function itemsOf(at: At): readonly Item[] {
  const { draft } = at.state
  if (draft.field !== null)
    return choices(at).map(({ id, label, hint }) => ({ id, spans: [gap(1), ...cell(label, 44), span(hint, 'faint')] }))
  const rows = fields.map(({ id, label }): Item => ({
    id,
    spans: [gap(1), ...cell(label, 10, 'faint'), span(valueOf(draft, id))],
  }))
  return [
    ...rows,
    { id: 'gap', rest: true, spans: blank },
    { id: 'start', spans: [gap(1), span('Look', 'accent', true), span('   find out why', 'faint')] },
  ]
}

function View({ at }: { at: At }): ReactNode {
  const { state, frame, columns, rows } = at
  const { draft } = state
  const asked = fields.find(({ id }) => id === draft.field)
  const head: Line[] = asked
    ? [
        blank,
        ...fields
          .filter(({ id }) => id !== asked.id && id !== 'symptom' && valueOf(draft, id) !== '')
          .map(({ id, label }): Line => [gap(2), ...cell(label, 10, 'faint'), span(valueOf(draft, id), 'faint')]),
        [gap(2), ...prompt(asked.ask, frame.query, frame.typing, 'type to search')],
        blank,
      ]
    : [blank, [gap(2), span('Who cannot reach whom?', 'heading')], blank]
  return (
    <Box flexDirection="column" width={columns}>
      <Rows lines={head} columns={columns} />
      <List
        items={itemsOf(at)}
        on={onNow(caseScreen, at)}
        scroll={frame.scroll}
        columns={columns}
        height={rows - head.length}
      />
    </Box>
  )
}

export const caseScreen: Screen = {
  id: 'case',
  title: 'Question',
  about: 'Who cannot reach whom: source, target and port, found by typing a few letters.',
  keys: [{ press: ['enter', 'l', 'right'], does: 'choose', run: pick }],
  stops: (at) => itemsOf(at).map(({ id, rest }) => ({ id, ...(rest ? { rest } : {}) })),
  begin: (at) => (at.state.draft.field === null ? 'start' : (choices(at)[0]?.id ?? null)),
  typed: pick,
  View,
}
