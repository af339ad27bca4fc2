import { globSync, readFileSync } from 'node:fs'
import { basename, dirname } from 'node:path'
import { describe, expect, test } from 'vitest'
import { derivations } from '../src/derive/index.ts'
import { ruleList } from '../src/knowledge/faults/index.ts'
import { facts, type FactKey } from '../src/knowledge/facts.ts'
import { parts } from '../src/knowledge/resolve.ts'
import { kinds } from '../src/knowledge/things.ts'
import { questions } from '../src/knowledge/tree/index.ts'
import { probes } from '../src/probes/index.ts'

const keys = Object.keys(facts)
const helpers = ['index.ts', 'probe.ts', 'json.ts', 'command.ts', 'kernel.ts']
const program = globSync(['src/{run,screens,components,cli}/**/*.{ts,tsx}', 'src/derive/{things,paths}.ts']).map(
  (file) => readFileSync(file, 'utf8'),
)
const kindOf = (key: string) => key.split('.')[0] ?? ''
const inputs = derivations.map(({ provides, from, maybe = [] }) => [provides, [...from, ...maybe]] as const)

/** Facts that the program reads by name: lists of things, names to choose from, the line that says where we look. */
const readByTheProgram = keys.filter((key) => program.some((text) => text.includes(`'${key}'`)))

/** Facts the probes can read and no fault judges yet: faults still to be written need them. The list may only shrink. */
const notJudgedYet = [
  'alloc.hosts-file',
  'alloc.services',
  'cluster.region',
  'job.deployment',
  'job.versions',
  'node.cni.binaries',
  'node.docker.version',
  'node.host-networks',
  'node.hosts-file',
  'node.modes',
  'node.netns.names',
  'path.inside-port',
]

describe('the vocabulary', () => {
  test('a fact is called by its kind of thing first, then by what it is: thing.part.property', () => {
    const shape = /^[a-z]+(\.[a-z0-9]+(-[a-z0-9]+)*)+$/
    expect(keys.filter((key) => !shape.test(key) || !(kinds as readonly string[]).includes(kindOf(key)))).toEqual([])
  })

  test('every fact has a meaning, in one line with a full stop', () => {
    const wrong = Object.entries(facts).filter(({ 1: { meaning } }) => !/^\S[^\n]*\.$/.test(meaning))
    expect(wrong.map(([key]) => key)).toEqual([])
  })

  test('every fact has exactly one origin: one probe or one derivation', () => {
    const origins = [
      ...probes.flatMap(({ id, provides }) => provides.map((key) => [key, `probe ${id}`] as const)),
      ...derivations.map(({ provides }) => [provides, 'a derivation'] as const),
    ]
    const wrong = keys.flatMap((key) => {
      const own = origins.filter(([provided]) => provided === key).map(([, origin]) => origin)
      return own.length === 1 ? [] : [`${key}: ${own.join(' and ') || 'no origin'}`]
    })
    expect(wrong).toEqual([])
    expect(origins.map(([key]) => key).filter((key) => !(key in facts))).toEqual([])
  })

  test('every fact is of use: a fault, a question, a derivation or a probe needs it, or the program itself', () => {
    const used = new Set(
      [
        ...ruleList.flatMap(({ needs, onlyWhen = {} }) => [...needs, ...Object.keys(onlyWhen)]),
        ...questions.flatMap(({ reads }) => reads ?? []),
        ...inputs.flatMap(([, needs]) => needs),
        ...probes.flatMap(({ given }) => given),
        ...readByTheProgram,
      ].map((need) => parts(need as FactKey).fact),
    )
    expect(keys.filter((key) => !used.has(key)).toSorted()).toEqual(notJudgedYet)
  })

  test('an origin is about the kind of thing its facts are about', () => {
    const wrong = [
      ...probes.flatMap(({ id, about, provides }) =>
        provides.filter((key) => kindOf(key) !== about).map((key) => `${id}: ${key}`),
      ),
      ...derivations.filter(({ provides, about }) => kindOf(provides) !== about).map(({ provides }) => provides),
    ]
    expect(wrong).toEqual([])
  })
})

describe('what follows from what', () => {
  test('every input is a fact', () => {
    const wrong = [...inputs, ...probes.map(({ id, given }) => [id, given] as const)].flatMap(([of, needs]) =>
      needs.filter((need) => !(parts(need).fact in facts)).map((need) => `${of}: ${need}`),
    )
    expect(wrong).toEqual([])
  })

  test('no fact follows from itself, and no probe waits for its own facts', () => {
    const before = new Map<string, readonly string[]>([
      ...inputs.map(([key, needs]) => [key, needs.map((need) => parts(need).fact)] as const),
      ...probes.flatMap(({ provides, given }) =>
        provides.map((key) => [key, given.map((need) => parts(need).fact)] as const),
      ),
    ])
    const cycleFrom = (key: string, way: readonly string[] = []): string | undefined => {
      if (way.includes(key)) return [...way, key].join(' <- ')
      for (const next of before.get(key) ?? []) {
        const cycle = cycleFrom(next, [...way, key])
        if (cycle !== undefined) return cycle
      }
      return undefined
    }
    expect(keys.flatMap((key) => cycleFrom(key) ?? [])).toEqual([])
  })
})

describe('the probes', () => {
  const files = globSync('src/probes/*/*.ts').filter((file) => !helpers.includes(basename(file)))

  test('every probe has a file of its name, and no two probes share one', () => {
    const names = files.map((file) => basename(file, '.ts'))
    const ids = probes.map(({ id }) => id)
    expect(ids.filter((id, index) => ids.indexOf(id) !== index)).toEqual([])
    expect(ids.filter((id) => !names.includes(id))).toEqual([])
  })

  test('each area lists its probes', () => {
    const areas = new Set(files.map((file) => basename(dirname(file))))
    expect([...areas].filter((area) => !globSync(`src/probes/${area}/index.ts`).length)).toEqual([])
  })

  test.each(probes)('$id says in the words of the user what it looks at', ({ title, provides }) => {
    expect(title).toMatch(/^\S.*[^.!?]$/)
    expect(provides.length).toBeGreaterThan(0)
  })
})
