import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { diagnosed, recordings } from '../recordings.ts'

/** A recording with rules in table raw of every client. */
const withRaw =
  (...rules: readonly string[]) =>
  (ask: Ask): Ask =>
  async (request) => {
    const reply = await ask(request)
    if (!('argv' in request) || request.argv[0] !== 'iptables-save' || request.via !== 'node') return reply
    const own = reply.body.replace(/\*raw\n[^]*?COMMIT\n/, '')
    return { ...reply, body: `*raw\n:PREROUTING ACCEPT [0:0]\n${rules.join('\n')}\nCOMMIT\n${own}` }
  }
const blocked = recordings.find(({ id }) => id === 'node-to-node-blocked')!
const healthy = recordings.find(({ id }) => id === 'bridge-healthy')!

test.each([
  ['where its destination was translated', '-i nomad -p tcp -m tcp --sport 8080 -j NOTRACK'],
  ['where its source was', '-i eth0 -p tcp -m tcp --sport 30588 -j CT --notrack'],
])('the answer is exempt %s', async (_, words) => {
  const rule = `-A PREROUTING ${words}`
  const { report } = await diagnosed(blocked, withRaw(rule))
  expect(report.diagnosis?.fault).toBe('notrack')
  const [first] = report.findings
  expect(first?.sentence).toContain(rule)
  expect(
    first?.evidence.some(({ request, excerpt }) => request.startsWith('iptables-save') && excerpt.startsWith(rule)),
  ).toBe(true)
  const [step] = first?.fix ?? []
  expect(step?.run?.slice(0, 5).join(' ')).toBe('iptables -t raw -D PREROUTING')
  expect(step?.trial).toMatchObject({ tried: true, before: 'silent', after: 'answered', worse: [] })
})

test.each([
  ['the answers of another port', '-A PREROUTING -i nomad -p tcp -m tcp --sport 9999 -j NOTRACK'],
  ['what goes astray', '-A PREROUTING -i docker0 -j NOTRACK'],
])('%s may be exempt', async (_, rule) => {
  const { report } = await diagnosed(blocked, withRaw(rule))
  expect(report.diagnosis?.fault).toBe('node-to-node-blocked')
})

test('a call that was measured to be answered is not lost', async () => {
  const { report } = await diagnosed(healthy, withRaw('-A PREROUTING -i nomad -p tcp -j NOTRACK'))
  expect(report.findings.map(({ id }) => id)).not.toContain('notrack')
})
