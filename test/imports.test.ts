import { expect, test } from 'vitest'
import { importsOf } from './imports.ts'

const cases: readonly [source: string, from: string[], types: string[]][] = [
  [`import a from 'a'`, ['a'], []],
  [`import { b,\n  c as d,\n} from "./b.ts"`, ['./b.ts'], []],
  [`import type { E } from './e.ts'`, [], ['./e.ts']],
  [`import './effect.ts'\nimport * as f from 'f'`, ['./effect.ts', 'f'], []],
  [
    `export { g } from './g.ts'\nexport * from './h.ts'\nexport type { I } from './i.ts'`,
    ['./g.ts', './h.ts'],
    ['./i.ts'],
  ],
  [`const j = await import('./j.ts')`, ['./j.ts'], []],
  [`type K = typeof import('./k.ts')`, [], ['./k.ts']],
  ['const l = await import(name)', ['computed: name'], []],
  [`// import m from 'm'\n/* import n from 'n' */\nconst o = "to import it from 'p'"`, [], []],
  [`export const q = 'r'\nexport function s() { return t.from('u') }`, [], []],
]

test.each(cases)('%s', (source, from, types) => {
  const found = importsOf(source)
  expect(found.filter(({ typeOnly }) => !typeOnly).map((entry) => entry.from)).toEqual(from)
  expect(found.filter(({ typeOnly }) => typeOnly).map((entry) => entry.from)).toEqual(types)
})
