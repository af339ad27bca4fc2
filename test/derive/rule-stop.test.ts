import { expect, test } from 'vitest'
import type { Ask, Reply, Request } from '../../src/ask/request.ts'
import { diagnosed, recordings } from '../recordings.ts'

// A connection that failed, over rules that were changed by hand: what stops it is the rule, not what lies between the clients.

const blocked = recordings.find(({ id }) => id === 'node-to-node-blocked')!

/** The recording with one more table in the saves of the clients, or of the allocations. */
const withTable =
  (via: Request['via'], table: string, chain: string, rule: string) =>
  (ask: Ask): Ask =>
  async (request: Request): Promise<Reply> => {
    const reply = await ask(request)
    const save = 'argv' in request && request.argv[0] === 'iptables-save' && request.via === via
    if (!save || reply.status !== 0) return reply
    const own = reply.body.replace(new RegExp(`\\*${table}\\n[^]*?COMMIT\\n`), '')
    return { ...reply, body: `*${table}\n:${chain} ACCEPT [0:0]\n${rule}\nCOMMIT\n${own}` }
  }

test.each<[name: string, via: Request['via'], table: string, chain: string, rule: string]>([
  ['raw, before everything', 'node', 'raw', 'PREROUTING', '-A PREROUTING -i eth0 -p tcp -m tcp --dport 30588 -j DROP'],
  ['mangle, after the translation', 'node', 'mangle', 'FORWARD', '-A FORWARD -o nomad -p tcp -j DROP'],
  ['inside the namespace of the target', 'netns', 'filter', 'INPUT', '-A INPUT -p tcp -m tcp --dport 8080 -j DROP'],
])('a rule of table %s', async (_, via, table, chain, rule) => {
  const { report } = await diagnosed(blocked, withTable(via, table, chain, rule))
  expect(report.diagnosis?.fault).toBe('rule-drops-packet')
  const [first] = report.findings
  expect(first?.sentence).toContain(rule)
  expect(report.findings.map(({ id }) => id)).not.toContain('node-to-node-blocked')
})

test('a rule for another port stops nothing', async () => {
  const other = '-A PREROUTING -i eth0 -p tcp -m tcp --dport 30589 -j DROP'
  const { report } = await diagnosed(blocked, withTable('node', 'raw', 'PREROUTING', other))
  expect(report.diagnosis?.fault).toBe('node-to-node-blocked')
})

test('a rule that only one module of the kernel understands leaves it open', async () => {
  const unknown = '-A PREROUTING -i eth0 -m u32 --u32 "0>>22&0x3C@0=0x1" -j DROP'
  const { report } = await diagnosed(blocked, withTable('node', 'raw', 'PREROUTING', unknown))
  expect(report.findings.map(({ id }) => id)).not.toContain('node-to-node-blocked')
  expect(report.findings.map(({ id }) => id)).not.toContain('rule-drops-packet')
})
