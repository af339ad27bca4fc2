import { describe, expect, test } from 'vitest'
import { checkName, NameError, parseName } from '../../src/run/names.ts'

describe('a client', () => {
  const nodes = [
    { id: 'aaaa1111-0000-0000-0000-000000000000', name: 'c1' },
    { id: 'aaaa2222-0000-0000-0000-000000000000', name: 'c2' },
  ]
  const named = (text: string) => {
    const found = parseName(`node:${text}`)
    return found instanceof NameError ? found : checkName(text, found, { nodes })
  }
  test('is named by its name, its id, or the first characters of its id', () => {
    expect(named('c1')).toEqual({ kind: 'node', node: 'c1' })
    for (const id of ['aaaa2222', 'AAAA2', 'aaaa2222-0000-0000-0000-000000000000'])
      expect(named(id)).toEqual({ kind: 'node', node: 'aaaa2222-0000-0000-0000-000000000000' })
  })
  test('that is not unique, or that nobody has, offers those there are', () => {
    expect(named('aaaa')).toMatchObject({ offers: [expect.stringContaining('c1'), expect.stringContaining('c2')] })
    expect(named('c3')).toMatchObject({ message: 'there is no node "c3"', offers: ['c1', 'c2'] })
  })
})
