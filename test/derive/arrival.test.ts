import { expect, test } from 'vitest'
import { arrival } from '../../src/derive/rules/arrival.ts'
import type { Link } from '../../src/knowledge/shapes/packet.ts'
import { machine } from '../packet/walk/machine.ts'

const { links = [] } = machine({
  devices: [
    { name: 'eth0', addresses: ['10.0.0.11/24', '10.0.0.12/24'] },
    { name: 'nomad', addresses: ['172.26.64.1/20'], kind: 'bridge' },
  ],
})
const came = (caller: string, address = '10.0.0.11', seen: readonly Link[] = links) =>
  arrival({ caller }, 'lan', address, seen, { 'path.place': 'outside' })

test.each([
  ['outside:10.0.0.99', 'eth0', '10.0.0.99'],
  ['outside:8.8.8.8', 'eth0', '8.8.8.8'],
  ['outside:10.0.0.99:4000', 'eth0', '10.0.0.99'],
  // Nobody else is in the network of a bridge, and nothing comes in from an address of its own.
  ['outside:172.26.64.9', 'nomad', '172.26.64.9'],
  ['outside:10.0.0.12', '', '10.0.0.12'],
])('%s comes in by "%s" from exactly that address', (caller, device, source) => {
  expect(came(caller)).toEqual({ in: device, sources: [source] })
})

test('a caller whose address is not told stands for a near and a far one', () => {
  expect(came('outside')).toMatchObject({ in: 'eth0', sources: [expect.anything(), '203.0.113.77'], anyone: true })
  expect(came('outside:laptop')).toEqual(came('outside'))
})

test('an address of another family cannot be used', () => {
  expect(came('outside:2001:db8::9')).toBe('a caller at 2001:db8::9 cannot use the address 10.0.0.11')
})
