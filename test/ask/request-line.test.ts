import { expect, test } from 'vitest'
import { requestLine } from '../../src/ask/request-line.ts'

const containers = Array.from({ length: 75 }, (_, i) => i.toString(16).padStart(64, 'a'))

test('of many arguments the first ones are shown, and where they were asked', () => {
  const shown = requestLine(`docker inspect ${containers.join(' ')}   on node 2d2bb04c`)
  expect(shown).toBe(`docker inspect ${containers.slice(0, 2).join(' ')} …   on node 2d2bb04c`)
})

test('what fits stays as it is, and one long word is cut', () => {
  const usual = 'ip -j -d addr show   in the network namespace of allocation bc3d0224'
  expect(requestLine(usual)).toBe(usual)
  expect(requestLine(`GET /v1/${'x'.repeat(500)}`)).toHaveLength(200)
})
