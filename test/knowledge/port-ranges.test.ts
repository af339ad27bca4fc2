import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { staticAsInside, staticPort, wrongPorts } from '../../src/knowledge/port-ranges.ts'

test.each(['22', '22,80', ' 22, 80-90', '1-65535', ''])('%o is a list of ports', (list) => {
  expect(wrongPorts(list)).toBeUndefined()
})

test.each(['22,80x', '22,', '0', '65536', '90-80', '1-2-3', '-5', '22 80'])('%o is none', (list) => {
  expect(wrongPorts(list)).toBeTypeOf('string')
})

const port = fc.integer({ min: 1, max: 65_535 })
test('every list of ports and of ranges that go upwards is one', () => {
  const range = fc.tuple(port, port).map(([a, b]) => `${Math.min(a, b)}-${Math.max(a, b)}`)
  fc.assert(
    fc.property(fc.array(fc.oneof(port.map(String), range), { minLength: 1 }), (parts) => {
      expect(wrongPorts(parts.join(','))).toBeUndefined()
    }),
  )
})

test('a number from which clients give dynamic ports is not proposed for a static one', () => {
  expect(staticPort(8080, 'port "http"')).toBe('static = 8080 in port "http"')
  expect(staticPort(24_999, 'port "p"')).toBe(
    'static in port "p" to a number outside 20000-32000, from which clients give dynamic ports, and use that one',
  )
  const inside = (to: number) => ({ label: 'http', to, hostNetwork: 'default' })
  expect(staticAsInside(inside(8080))).toHaveLength(1)
  expect(staticAsInside(inside(32_000))).toBeUndefined()
})
