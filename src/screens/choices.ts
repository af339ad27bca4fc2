import Fuse from 'fuse.js'
import { symptoms, type Symptom } from '../knowledge/subject.ts'
import { NameError, parseName, spellSide } from '../run/names.ts'
import { candidatesOf, portsOf } from '../run/selectors.ts'
import type { Draft, Field } from '../run/state.ts'
import type { At } from './screen.ts'

export const fields: readonly { readonly id: Field; readonly label: string; readonly ask: string }[] = [
  { id: 'from', label: 'From', ask: 'Who is calling?' },
  { id: 'to', label: 'To', ask: 'What cannot be reached?' },
  { id: 'port', label: 'Port', ask: 'Which port?' },
  { id: 'symptom', label: 'You see', ask: 'What do you see?' },
]

/** Something a field of the question can be set to. */
export interface Choice {
  readonly id: string
  readonly label: string
  readonly hint: string
  /** Null: as typed, which has to be looked up first. */
  readonly set: Partial<Draft> | null
}

const sides = ({ state }: At, key: 'from' | 'to'): readonly Choice[] =>
  candidatesOf(state).map(({ id, side, hint }) => ({ id, label: id, hint, set: { [key]: side } }))

function all(at: At, field: Field): readonly Choice[] {
  switch (field) {
    case 'to':
      return sides(at, 'to')
    case 'from':
      return [
        { id: '*', label: 'anybody', hint: 'the target alone is looked at', set: { from: null } },
        ...sides(at, 'from'),
      ]
    case 'port':
      return [
        { id: '*', label: 'any', hint: 'whatever the target offers', set: { port: null } },
        ...portsOf(at.state).map(({ id, hint }) => ({ id, label: id, hint, set: { port: id } })),
      ]
    case 'symptom':
      return Object.entries(symptoms).map(([id, label]) => ({ id, label, hint: id, set: { symptom: id as Symptom } }))
  }
}

/** What can be chosen for the field in question; a search narrows it, and what is typed can be taken as it is. */
export function choices(at: At): readonly Choice[] {
  const { field } = at.state.draft
  if (field === null) return []
  const list = all(at, field)
  const typed = at.frame.query.trim()
  if (typed === '') return list
  const keys = [{ name: 'label', weight: 4 }, 'hint']
  const fuse = new Fuse([...list], {
    keys,
    ignoreLocation: true,
    threshold: 0.35,
    useTokenSearch: true,
    tokenMatch: 'all',
  })
  const found = fuse.search(typed).map(({ item }) => item)
  const begun = ({ label }: Choice): boolean => label.toLowerCase().startsWith(typed.toLowerCase())
  // Who types a name from its beginning means it, however well a shorter one fits.
  const hits = [...found.filter(begun), ...found.filter((choice) => !begun(choice))]
  return [...hits, ...asTyped(typed, field, hits)]
}

function asTyped(text: string, field: Field, hits: readonly Choice[]): readonly Choice[] {
  if (field === 'symptom' || hits.some(({ label }) => label === text)) return []
  const typed = { id: 'typed', label: text, hint: 'as typed' }
  return field === 'port' || !(parseName(text) instanceof NameError) ? [{ ...typed, set: null }] : []
}

export function valueOf({ from, to, port, symptom }: Draft, field: Field): string {
  switch (field) {
    case 'to':
      return spellSide(to) ?? ''
    case 'from':
      return spellSide(from) ?? 'anybody'
    case 'port':
      return String(port ?? 'any')
    case 'symptom':
      return symptoms[symptom]
  }
}
