import { expect, test } from 'vitest'
import type { Frame } from '../../src/renderers/json.ts'
import { plainStyle } from '../../src/renderers/style.ts'
import { header } from '../../src/renderers/text.ts'

const frame: Frame = {
  source: { kind: 'live', where: 'http://lab1:4646' },
  subject: { from: 'web', to: 'shop/api', port: 'http', symptom: 'unknown' },
}

test('a report begins with who cannot reach whom, what is dialled, and where it was read', () => {
  expect(header(frame, plainStyle)).toEqual(['nomad-netdoctor  web -> shop/api:http   (cluster: http://lab1:4646)'])
  const dialled = { ...frame, subject: { ...frame.subject, dials: '10.0.0.1:80' } }
  expect(header(dialled, plainStyle)[0]).toContain('shop/api:http  dials 10.0.0.1:80')
})

test('names that are too long for one line have lines of their own', () => {
  const from = 'payments-reconciliation-worker-europe-west-production'
  const to = 'customer-notification-dispatch-gateway-production'
  const lines = header({ ...frame, subject: { ...frame.subject, from, to } }, plainStyle)
  expect(lines).toEqual(['nomad-netdoctor', `  ${from} ->`, `  ${to}:http`, '  (cluster: http://lab1:4646)'])
})
