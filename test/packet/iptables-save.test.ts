import { expect, test } from 'vitest'
import { parseIptablesSave } from '../../src/packet/iptables.ts'
import { save } from './samples.ts'
import { valueOf } from './value.ts'

test('a save keeps every table, chain, rule, counter and comment', () => {
  const value = valueOf(parseIptablesSave(save))
  expect(value).toMatchObject({ backend: 'nf_tables', family: 4, version: '1.8.9', complete: true, warnings: [] })
  expect(value.tables.map(({ name, chains }) => [name, chains.length])).toEqual([
    ['filter', 7],
    ['nat', 7],
  ])
  const rules = value.tables.flatMap(({ chains }) => chains).flatMap((chain) => chain.rules)
  const lines = save.split('\n')
  expect(rules.map(({ packets, bytes, text }) => `[${packets}:${bytes}] ${text}`).toSorted()).toEqual(
    lines.filter((line) => line.includes('-A ')).toSorted(),
  )
  expect(rules.every(({ line, text }) => lines[line - 1]?.endsWith(text))).toBe(true)
  expect(rules.flatMap(({ matches }) => matches).filter(({ kind }) => kind === 'unknown')).toEqual([])
  expect(value.tables[0]?.chains[1]).toMatchObject({ name: 'FORWARD', policy: 'DROP', packets: 62, bytes: 3720 })
  expect(value.tables[0]?.chains[3]).toMatchObject({ name: 'CNI-FORWARD', policy: null })
})

test('an empty save is a complete one without tables', () => {
  expect(valueOf(parseIptablesSave(''))).toEqual({
    tables: [],
    backend: 'unknown',
    legacyTablesPresent: false,
    warnings: [],
    incompatible: [],
    complete: true,
  })
})

test('warnings tell what the save does not show', () => {
  const legacy = '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n'
  expect(valueOf(parseIptablesSave(save, legacy))).toMatchObject({
    legacyTablesPresent: true,
    warnings: [legacy.slice(2, -1)],
  })
  const native = "# Table `filter' is incompatible, use 'nft' tool.\n"
  expect(valueOf(parseIptablesSave(native))).toMatchObject({ incompatible: ['filter'], complete: true })
  expect(valueOf(parseIptablesSave(save.replaceAll(' (nf_tables)', ''))).backend).toBe('legacy')
  expect(valueOf(parseIptablesSave(save.replaceAll('by iptables', 'by ip6tables'))).family).toBe(6)
})

test('a save that breaks off says where, and its last line is not believed', () => {
  const cut = save.slice(0, save.indexOf('NOMAD-ADMIN -d') + 30)
  const value = valueOf(parseIptablesSave(cut))
  expect(value).toMatchObject({ complete: false, cutAt: cut.split('\n').length - 1 })
  expect(value.tables.map(({ complete }) => complete)).toEqual([false])
  expect(value.tables[0]!.chains.flatMap(({ rules }) => rules)).toHaveLength(10)
  const between = save.slice(0, save.indexOf('*nat'))
  expect(valueOf(parseIptablesSave(between))).toMatchObject({ complete: false, tables: [{ complete: true }] })
  expect(valueOf(parseIptablesSave(save.trimEnd())).complete).toBe(true)
})

test.each([
  ['*filter\n:INPUT ACCEPT [0:0]\nhello\nCOMMIT\n', 'neither a chain nor a rule', 3],
  ['hello\n', 'a line outside of a table', 1],
  ['*filter\n-A X -j DROP\nCOMMIT\n', 'a rule of chain X, which was not announced', 2],
  ['*filter\n:X - [0:0]\n-A X -m comment --comment "a -j DROP\nCOMMIT\n', 'a quote is left open', 3],
])('what is no save is not read: %j', (text, why, line) => {
  expect(parseIptablesSave(text)).toEqual({ ok: false, why, line })
})
