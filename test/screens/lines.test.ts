import { array, assert, integer, property, string } from 'fast-check'
import { expect, test } from 'vitest'
import { cleanLine } from '../../src/ask/clean.ts'
import { command, wordsOf } from '../../src/ask/words.ts'
import { commandLines, diffLines } from '../../src/components/text.ts'
import {
  abreast,
  cell,
  cut,
  line,
  lineText,
  lineWidth,
  middle,
  paragraph,
  span,
  wrap,
} from '../../src/components/line.ts'
import { footerLine } from '../../src/components/keys.ts'
import { firstSeen } from '../../src/components/list.tsx'
import { ascii } from '../../src/components/ascii.ts'
import { position } from '../../src/components/page.tsx'
import { take, widthOf } from '../../src/components/width.ts'
import { lookOf, terminalOf } from '../../src/theme.ts'

test('width counts columns, not characters', () => {
  expect(['abc', '文字', 'é', 'e\u0301', '✓', '👩‍👩‍👧', ''].map(widthOf)).toEqual([3, 4, 1, 1, 1, 2, 0])
  expect(take('a文字b', 4)).toBe('a文')
})

test('what does not fit ends in an ellipsis, and never takes more columns than there are', () => {
  expect(lineText(cut(line('abcdef'), 4))).toBe('abc…')
  expect(lineText(cut([span('ab'), span('cdef')], 3))).toBe('ab…')
  expect(lineText(cut(line('文字文字'), 4))).toBe('文…')
  expect(cut(line('abc'), 0)).toEqual([])
  for (const columns of [1, 2, 5, 9]) expect(lineWidth(cell('one two', columns))).toBe(columns)
})

test('a long name keeps its beginning and its end', () => {
  expect(middle('orders-api-of-the-shop', 11).text).toBe('order…-shop')
  expect(middle('orders', 6).text).toBe('orders')
  expect(middle('文字文字文字', 7).text).toBe('文…文字')
  assert(
    property(string({ unit: 'binary' }), integer({ min: 1, max: 40 }), (text, columns) => {
      expect(widthOf(middle(text, columns).text)).toBeLessThanOrEqual(columns)
    }),
  )
})

test('words wrap whole; only a word longer than the line is broken', () => {
  expect(wrap(line('reach 172.26.64.7:8080 from here'), 20).map(lineText)).toEqual([
    'reach',
    '172.26.64.7:8080',
    'from here',
  ])
  expect(wrap(line('abcdefghij'), 4).map(lineText)).toEqual(['abcd', 'efgh', 'ij'])
  expect(wrap(line('one two three'), 9, 2).map(lineText)).toEqual(['one two', '  three'])
  expect(paragraph('one\ntwo', 10, 2).map(lineText)).toEqual(['  one', '  two'])
})

test('pieces stand side by side, closer where that saves a line, and none is broken', () => {
  const pieces = ['all 491', 'found 1', 'aside 0'].map((text) => line(text))
  expect(abreast(pieces, 27).map(lineText)).toEqual(['all 491   found 1   aside 0'])
  expect(abreast(pieces, 25).map(lineText)).toEqual(['all 491  found 1  aside 0'])
  expect(abreast(pieces, 20).map(lineText)).toEqual(['all 491  found 1', 'aside 0'])
  expect(abreast(pieces, 3).map(lineText)).toEqual(['all 491', 'found 1', 'aside 0'])
})

test('styles survive wrapping', () => {
  expect(wrap([span('aa ', 'good'), span('bb', 'bad')], 3)).toEqual([[span('aa', 'good')], [span('bb', 'bad')]])
})

test('the footer keeps whole keys, and always the way back, the help and the way out', () => {
  const keys = [
    ['enter', 'choose'],
    ['d', 'diagnosis'],
    ['esc', 'back'],
    ['?', 'help'],
    ['q', 'quit'],
  ].map(([press = '', does = '']) => ({ press: [press], does }))
  expect(lineText(footerLine(keys, 80))).toBe('enter choose   d diagnosis   esc back   ? help   q quit')
  expect(lineText(footerLine(keys, 42))).toBe('enter choose   esc back   ? help   q quit')
  expect(lineText(footerLine(keys, 30))).toBe('esc back   ? help   q quit')
})

test('a list moves only when the cursor comes near its edge', () => {
  expect(firstSeen(100, 0, 10, 0)).toBe(0)
  expect(firstSeen(100, 7, 10, 0)).toBe(0)
  expect(firstSeen(100, 8, 10, 0)).toBe(1)
  expect(firstSeen(100, 99, 10, 0)).toBe(90)
  expect(firstSeen(100, 50, 10, 48)).toBe(48)
  expect(firstSeen(3, 2, 10, 0)).toBe(0)
})

test('where one is in a text', () => {
  expect(position(0, 10, 5)).toBe('')
  expect(position(5, 10, 30)).toBe('6-15 of 30')
})

test('ASCII keeps what it can', () => {
  expect(ascii('a → b · c… “d” ✓ 文')).toBe('a > b - c~ "d" v ?')
  expect(ascii('\u001B[1ma\u001B[22m\n\tb')).toBe('\u001B[1ma\u001B[22m\n\tb')
})

test('in ASCII each sign means one thing, and plus and minus belong to diffs', () => {
  const { marks } = lookOf({ depth: 4, light: false, colour: false, unicode: false })
  const { good, bad, unknown, now, risk, cursor, change, live, case: recorded, none, top, bottom, link } = marks
  const signs = [good, bad, unknown, now, risk, cursor, change, live, recorded, none, top, bottom, link, ascii('↳')]
  expect(new Set([...signs, '+', '-', ascii('…')]).size).toBe(signs.length + 3)
  for (const one of signs) expect(one).toMatch(/^[\u0021-\u007E]$/)
})

test('commands are quoted for a shell', () => {
  expect(command(['nomad', 'job', 'run', "it's.hcl", ''])).toBe(`nomad job run 'it'\\''s.hcl' ''`)
})

const anything = string({ unit: 'grapheme', maxLength: 200 }).map((one) => cleanLine(one))

test('nothing of a diff is lost, however long its lines are', () => {
  assert(
    property(array(anything, { minLength: 1 }), integer({ min: 8, max: 60 }), (lines, columns) => {
      const diff = lines.map((one) => `+${one}`).join('\n')
      const shown = diffLines(diff, columns)
      for (const one of shown) expect(lineWidth(one)).toBeLessThanOrEqual(columns)
      const whole = shown.map((one) => (one[0]?.text === '↳ ' ? lineText(one.slice(1)) : `\n${lineText(one)}`))
      expect(whole.join('').slice(1)).toBe(diff)
    }),
  )
})

test('nothing of a command is lost, and what is shown can be pasted', () => {
  assert(
    property(array(anything, { minLength: 1 }), integer({ min: 8, max: 60 }), (argv, columns) => {
      const shown = commandLines(argv, columns)
      for (const one of shown) expect(lineWidth(one)).toBeLessThanOrEqual(columns)
      const pasted = shown.map((one) =>
        one[1]?.text === '↳ ' ? lineText(one.slice(2)) : `\n${lineText(one.slice(1))}`,
      )
      expect(wordsOf(pasted.join('').slice(1).replaceAll(/ \\\n/g, ' '))).toEqual(argv)
    }),
  )
  expect(commandLines(['ip', 'route', 'add', '172.26.65.0/24', 'via', '10.0.0.2'], 32).map(lineText)).toEqual([
    '$ ip route add 172.26.65.0/24 \\',
    '    via 10.0.0.2',
  ])
})

const of = (env: Record<string, string>) => terminalOf({ LANG: 'C.UTF-8', ...env }, 24)

test('the terminal is read from the environment', () => {
  expect(of({})).toEqual({ depth: 24, light: false, colour: true, unicode: true })
  expect(of({ COLORFGBG: '0;15' }).light).toBe(true)
  expect(of({ NETDOCTOR_THEME: 'light' }).light).toBe(true)
  expect(of({ NO_COLOR: '1' }).colour).toBe(false)
  expect(of({ NO_COLOR: '' }).colour).toBe(true)
  expect(of({ LC_ALL: 'C' }).unicode).toBe(false)
  expect(lookOf({ depth: 4, light: false, colour: true, unicode: false }).marks.good).toBe('v')
})
