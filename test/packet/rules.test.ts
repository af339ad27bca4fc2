import { expect, test } from 'vitest'
import { parseIptablesSave } from '../../src/packet/iptables.ts'
import { chain, jumpsTo } from '../../src/packet/rules.ts'
import { save } from './samples.ts'
import { valueOf } from './value.ts'

const node = valueOf(parseIptablesSave(save))

test('chains and jumps are found by name', () => {
  expect(chain(node, 'filter', 'NOMAD-ADMIN')?.rules).toHaveLength(1)
  expect(chain(node, 'raw', 'PREROUTING')).toBeUndefined()
  expect(jumpsTo(node, 'filter', 'FORWARD', 'CNI-FORWARD')?.n).toBe(3)
  expect(jumpsTo(node, 'filter', 'FORWARD', 'NOMAD-ADMIN')).toBeUndefined()
})
