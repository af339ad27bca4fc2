import { existsSync, globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { catalogue, retired } from '../scripts/catalogue.ts'
import { judge } from '../src/engine/judge.ts'
import type { Fault, FixStep } from '../src/knowledge/fault.ts'
import { faultById, faultList, faultsByArea, ruleList } from '../src/knowledge/faults/index.ts'
import { facts, type Need } from '../src/knowledge/facts.ts'
import { parts } from '../src/knowledge/resolve.ts'
import { faultOrder } from '../src/knowledge/tree/index.ts'
import { applies } from '../src/knowledge/version.ts'
import { worldOf } from './world.ts'

const folder = 'src/knowledge/faults'
const files = globSync(`${folder}/*/*.ts`).filter((file) => / = fault\(/.test(readFileSync(file, 'utf8')))
const areas = globSync(`${folder}/*/index.ts`).map((file) => basename(dirname(file)))

describe('the library', () => {
  test('every file is registered, in the order of the ids, in the index of its folder', () => {
    const byFile = Object.fromEntries(areas.map((area) => [area, idsIn(area)]))
    const registered = Object.fromEntries(
      Object.entries(faultsByArea).map(([area, own]) => [area, own.map(({ id }) => id)]),
    )
    expect(registered).toEqual(byFile)
  })

  test('no id is there twice, as an id or as an alias', () => {
    expect(doubles(faultList.flatMap(({ id, aliases = [] }) => [id, ...aliases]))).toEqual([])
  })

  test('every id is in scripts/catalogue.txt, which is sorted, and none is a retired one', () => {
    expect(catalogue).toEqual([...new Set(catalogue)].toSorted())
    expect(faultList.map(({ id }) => id).filter((id) => !catalogue.includes(id))).toEqual([])
    expect(faultList.flatMap(({ id, aliases = [] }) => [id, ...aliases]).filter((id) => retired.includes(id))).toEqual(
      [],
    )
  })

  test('every fault is named in a ladder, and no ladder names another', () => {
    const ids = faultList.map(({ id }) => id)
    expect({
      'in no ladder of src/knowledge/tree': ids.filter((id) => !faultOrder.includes(id)),
      'in a ladder, but no fault': faultOrder.filter((id) => !faultById.has(id)),
    }).toEqual({ 'in no ladder of src/knowledge/tree': [], 'in a ladder, but no fault': [] })
  })

  test('what a fault explains exists, and no fault explains itself by a detour', () => {
    const named = faultList.flatMap(({ id, explains }) => explains.map((other) => `${id} explains ${other}`))
    expect(named.filter((line) => !catalogue.includes(line.split(' ').at(-1) ?? ''))).toEqual([])
    expect(faultList.map(({ id }) => cycleFrom(id)).filter((cycle) => cycle !== undefined)).toEqual([])
  })
})

describe.each(ruleList)('$id', (fault) => {
  test('is filled in', () => {
    expect(placeholdersOf(fault)).toEqual([])
  })

  test('keeps the conventions', () => {
    expect(objections(fault)).toEqual([])
  })

  test.each(fault.examples)('example: $name', ({ given, then }) => {
    const { world, thing } = worldOf(fault.about, given)
    const verdict = judge(fault, thing, world)
    expect(verdict.verdict === 'unknown' ? verdict : verdict.verdict).toBe(then)
    if (verdict.verdict !== 'present') return
    expect(saysObjections(verdict.says)).toEqual([])
    const { fix } = fault
    expect(fix(verdict.given).flatMap(stepObjections)).toEqual([])
    expect(fix(verdict.given).length).toBeGreaterThan(0)
  })
})

function idsIn(area: string): string[] {
  return files
    .filter((file) => basename(dirname(file)) === area)
    .map((file) => basename(file, '.ts'))
    .toSorted()
}

function doubles(words: readonly string[]): string[] {
  return words.filter((word, index) => words.indexOf(word) !== index)
}

function cycleFrom(id: string, way: readonly string[] = []): string | undefined {
  if (way.includes(id)) return [...way, id].join(' explains ')
  for (const next of faultById.get(id)?.explains ?? []) {
    const cycle = cycleFrom(next, [...way, id])
    if (cycle !== undefined) return cycle
  }
  return undefined
}

/** What `npm run new:fault` left to be written. */
function placeholdersOf(fault: Fault): string[] {
  const texts = {
    title: [fault.title],
    byHand: [fault.byHand],
    because: [fault.because],
    heard: fault.heard,
    references: fault.references,
  }
  const unwritten = Object.entries(texts).flatMap(([field, lines]) =>
    lines.some((line) => line.includes('TODO')) ? [field] : [],
  )
  const empty = fault.needs.length === 0 ? ['needs'] : []
  return [...unwritten, ...empty].map((field) => `${field} is not filled in yet: ${pathOf(fault)}`)
}

function objections(fault: Fault): string[] {
  const { id, title, because, byHand, heard, references, examples, onlyWhen = {}, needs, shows = [], since } = fault
  const { nomad: range = '', of: versioned } = fault.versions ?? {}
  const kinds = (then: string) => examples.filter((example) => example.then === then)
  const held = [...new Set([...needs, ...Object.keys(onlyWhen), ...(versioned === undefined ? [] : [versioned])])]
  return [
    ...when(!/^[a-z0-9]+(-[a-z0-9]+)*$/.test(id), 'the id is not kebab-case'),
    ...when(!existsSync(pathOf(fault)), `there is no file ${pathOf(fault)}`),
    ...when(/[.!?]$/.test(title), 'the title is a statement without a full stop'),
    ...when(title.length > 100 || title.trim() === '', 'the title is one line of at most 100 characters'),
    ...[title, because, byHand].flatMap((text) =>
      when(text.includes('!') && /!(?![=(]|\s*-)/.test(text), `no exclamation marks: ${text}`),
    ),
    ...when(because.trim().length < 80, '`because` teaches the mechanism in two to four sentences'),
    ...when(!/[.)]$/.test(because.trim()), '`because` ends with a full stop'),
    ...when(byHand.trim() === '', '`byHand` says how a person can tell'),
    ...when(references.length === 0, 'there is no reference'),
    ...when(
      fault.intended === undefined && mayBeRisk(fault),
      'a risk says when it may be meant so: `intended`, the end of "All is well"',
    ),
    ...when(
      fault.intended !== undefined && !/^(where|while|as long as|in|on) .*[^.]$/.test(fault.intended),
      '`intended` goes on after "All is well", without a full stop',
    ),
    ...when(
      heard.some((line) => line.trim() === ''),
      'an empty line is heard',
    ),
    ...when(
      heard.length === 0 && !silent(fault),
      '`heard` is empty, and no comment above it says why ("// Silent: …")',
    ),
    ...when(!/^\d+\.\d+\.\d+$/.test(since), '`since` is a version of this program'),
    ...when(kinds('present').length === 0, 'there is no example with then: present'),
    ...when(kinds('absent').length === 0, 'there is no example with then: absent'),
    ...Object.entries(onlyWhen).flatMap(([need, allowed]) =>
      when(
        !kinds('absent').some(({ given }) => need in given && !allowed.includes(given[need])),
        `no example is absent because of onlyWhen ${need}`,
      ),
    ),
    ...when(fault.versions !== undefined && !range.split('||').every(isRange), `the versions ${range} are no range`),
    ...when(
      versioned !== undefined && !kinds('absent').some(({ given }) => outside(given[versioned], range)),
      `no example is absent because of a version outside ${range}`,
    ),
    ...examples.flatMap(({ name, given }) => [
      ...held.filter((need) => !(need in given)).map((need) => `example "${name}" does not give ${need}`),
      ...Object.keys(given)
        .filter((need) => !held.includes(need))
        .map((need) => `example "${name}" gives ${need}, which is no need`),
    ]),
    ...doubles(examples.map(({ name }) => name)).map((name) => `two examples are called "${name}"`),
    ...held.filter((need) => !(parts(need as Need).fact in facts)).map((need) => `${need} is no fact`),
    ...shows.filter((need) => !needs.includes(need)).map((need) => `it shows ${need}, which is no need`),
    ...unread(fault).map((need) => `${need} is needed, but no example makes \`holds\` or \`fix\` read it`),
  ]
}

const mayBeRisk = ({ severity, examples, holds }: Fault): boolean =>
  severity === 'risks' ||
  examples.some(({ given, then }) => {
    const found = then === 'present' && holds(given)
    return typeof found === 'object' && found.severity === 'risks'
  })

const isRange = (text: string): boolean => /^\s*(([<>]=?)?\s*\d+\.\d+\.\d+\s*)+$/.test(text)
const outside = (held: unknown, range: string): boolean => applies(held as string, range) === false

/**
 * Needs that are declared but touched by no example: they make verdicts unknown for nothing. Needs of the ends of a path
 * may only say who must be there: a path from nowhere is none of the fault's business.
 */
function unread(fault: Fault): string[] {
  const read = new Set<string>(fault.shows ?? [])
  for (const { given } of fault.examples) {
    const watched = new Proxy(given, { get: (target, key) => (read.add(String(key)), Reflect.get(target, key)) })
    try {
      if (fault.holds(watched) !== false) fault.fix(watched)
    } catch {
      // The example itself fails, with its own message.
    }
  }
  return fault.needs.filter((need) => !read.has(need) && !/^(source|target)\./.test(need))
}

function saysObjections(says: string): string[] {
  return [
    ...when(says.trim() === '', '`holds` says nothing'),
    ...when(/undefined|NaN|\[object/.test(says), `\`holds\` says: ${says}`),
    ...when(says.includes('\n') || says.length > 300, `one short sentence: ${says}`),
  ]
}

/** A step never holds a line for a shell: what is run is a list of arguments. */
function stepObjections({ do: what, on, run, risk }: FixStep): string[] {
  return [
    ...when(
      [what, on, risk].some((text) => text.trim() === ''),
      'a step says what to do, where, and at what risk',
    ),
    ...when(
      [what, on, risk].some((text) => /undefined|NaN|\[object/.test(text)),
      `a step says: ${what} (${on}, ${risk})`,
    ),
    ...when(run?.length === 0, `\`run\` of "${what}" is empty`),
    ...when(/^(ba|z|da)?sh$/.test(run?.[0] ?? '') && run?.[1] === '-c', `\`run\` of "${what}" is a shell line`),
    ...when(
      run?.some((word) => /^(\||\|\||&&|;|>|>>|<)$/.test(word) || /\$\(|&& | \| /.test(word)) === true,
      `\`run\` of "${what}" needs a shell`,
    ),
    ...when((run?.[0] ?? '').includes(' '), `\`run\` of "${what}" is not split into arguments`),
  ]
}

const when = (wrong: boolean, message: string): string[] => (wrong ? [message] : [])

function pathOf({ id }: Fault): string {
  const area = Object.entries(faultsByArea).find(([, own]) => own.some((fault) => fault.id === id))?.[0] ?? ''
  return `${folder}/${area}/${id}.ts`
}

function silent(fault: Fault): boolean {
  return /\/\/ Silent: \S/.test(readFileSync(pathOf(fault), 'utf8'))
}
