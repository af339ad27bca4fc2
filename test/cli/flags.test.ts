import { describe, expect, test } from 'vitest'
import { commonFlags, connectionFlags, readFlags, subjectFlags, UsageError } from '../../src/cli/flags.ts'

const table = {
  ...subjectFlags,
  ...connectionFlags,
  ...commonFlags,
  output: { takes: 'DIR', short: 'o', does: 'the folder to write' },
} as const
const said = (...argv: string[]): string => {
  const read = readFlags(argv, table, false)
  return read instanceof UsageError ? read.message : JSON.stringify(read.values)
}
const taking = Object.entries(table).flatMap(([name, flag]) => ('takes' in flag ? [[name, flag.takes] as const] : []))
const bare = Object.entries(table).flatMap(([name, flag]) => ('takes' in flag ? [] : [name]))

describe('a flag whose value is missing is named, with what it takes', () => {
  test.each(taking)('--%s', (name, takes) => {
    const lacks = new RegExp(`^(-o, )?--${name} has no value; write --${name} `)
    for (const argv of [[`--${name}`], [`--${name}=`], [`--${name}`, ''], [`--${name}`, '--plain']]) {
      expect(said(...argv)).toMatch(lacks)
      expect(said(...argv)).toMatch(new RegExp(`${takes.replaceAll('|', '\\|')}$`))
    }
  })

  test('also by its short name', () => {
    expect(said('-o')).toBe('-o, --output has no value; write --output DIR')
    expect(said('-o', '--from', 'web')).toBe('-o, --output has no value; write --output DIR')
  })
})

test('a value that begins with a dash is taken when it is joined, and said to need that when it is not', () => {
  expect(said('--ssh', '-F conf root@{address}')).toBe(
    "--ssh has no value; write --ssh TEMPLATE, or --ssh='…' for one that begins with a dash",
  )
  expect(said('--ssh=-F conf root@{address}')).toBe('{"ssh":"-F conf root@{address}"}')
  expect(said('--case', '--to=api')).toBe('--case has no value; write --case DIR')
})

test.each(bare)('--%s takes no value, and says so', (name) => {
  expect(said(`--${name}=1`)).toBe(`--${name} takes no value`)
})

test('a flag with two values is refused, unless it takes many', () => {
  const table = {
    case: { takes: 'DIR', does: '' },
    var: { takes: 'X', many: true, does: '' },
    sudo: { does: '' },
  } as const
  expect(readFlags(['--case', 'a', '--case', 'b'], table, false)).toEqual(new UsageError('--case is given twice'))
  for (const argv of [
    ['--case', 'a', '--case=a'],
    ['--sudo', '--sudo'],
    ['--var', 'a', '--var', 'b'],
  ])
    expect(readFlags(argv, table, false)).not.toBeInstanceOf(UsageError)
})
