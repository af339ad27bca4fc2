import { expect, test } from 'vitest'
import { faultById } from '../../src/knowledge/faults/index.ts'
import { group, service } from '../../src/knowledge/samples.ts'

test('a service name whose only fault is what no screen shows is said with it', () => {
  const spec = group({ services: [service({ name: 'evil\u001B[31mjob\u200B' })] })
  const holds = faultById.get('service-name-invalid')?.holds({ 'group.spec': spec })
  expect(JSON.stringify(holds)).toContain(JSON.stringify('"evil\\u{1b}[31mjob\\u{200b}"').slice(1, -1))
})
