import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { diagnosed, recordings } from '../recordings.ts'

// Table nat is asked from top to bottom: what accepts or returns a packet there spares it the mapping below.

const healthy = recordings.find(({ id }) => id === 'docker-user-drop-repaired')!

/** The recording with one more rule at the top of a chain of table nat. */
const withRule =
  (chain: string, rule: string) =>
  (ask: Ask): Ask =>
  async (request) => {
    const reply = await ask(request)
    if (!('argv' in request) || request.argv[0] !== 'iptables-save' || request.via !== 'node') return reply
    const [before, nat = ''] = reply.body.split('*nat\n')
    const lines = nat.split('\n')
    const first = lines.findIndex((line) => line.includes('-A '))
    if (!nat.includes(`:${chain} `)) return reply
    return { ...reply, body: `${before}*nat\n${lines.toSpliced(first, 0, rule).join('\n')}` }
  }

test.each([
  ['PREROUTING', '-A PREROUTING -p tcp -m tcp --dport 20000:32000 -j ACCEPT'],
  ['CNI-HOSTPORT-DNAT', '-A CNI-HOSTPORT-DNAT ! -d 10.9.9.9/32 -p tcp -j RETURN'],
])('a rule of %s', async (chain, rule) => {
  const { report } = await diagnosed(healthy, withRule(chain, rule))
  expect(report.diagnosis?.fault).toBe('nat-rule-spares-port')
  const [found] = report.findings
  expect(found?.sentence).toContain(rule)
  expect(found?.fix[0]?.trial).toMatchObject({ tried: true, arrives: 'yes' })
})

test('one for other ports spares nothing', async () => {
  const { report } = await diagnosed(
    healthy,
    withRule('PREROUTING', '-A PREROUTING -p tcp -m tcp --dport 80 -j ACCEPT'),
  )
  expect(report.findings.map(({ id }) => id)).not.toContain('nat-rule-spares-port')
})
