import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { diagnosed, recordings } from '../recordings.ts'

// Tables of iptables-legacy beside those of iptables-nft: what stops the packet there decides which command lets it through.

const split = recordings.find(({ id }) => id === 'iptables-backend-split')!

const withRule =
  (rule: string) =>
  (ask: Ask): Ask =>
  async (request) => {
    const reply = await ask(request)
    const save = 'argv' in request && request.argv[0] === 'iptables-legacy-save' && reply.body.includes(':FORWARD DROP')
    if (!save) return reply
    const body = reply.body
      .replace(/:FORWARD DROP( \[\d+:\d+\])?\n/, ':FORWARD ACCEPT$1\n')
      .replace('COMMIT', `${rule}\nCOMMIT`)
    return { ...reply, body }
  }

test('a policy is lifted, and the packet arrives', async () => {
  const { report } = await diagnosed(split)
  expect(report.diagnosis?.fault).toBe('iptables-backend-split')
  const [step] = report.findings[0]?.fix.filter(({ trial }) => trial?.tried) ?? []
  expect(step?.run).toEqual(['iptables-legacy', '-t', 'filter', '-P', 'FORWARD', 'ACCEPT'])
  expect(step?.trial).toMatchObject({ arrives: 'yes' })
})

test('a rule is removed, and the policy left as it is', async () => {
  const { report } = await diagnosed(split, withRule('-A FORWARD -o nomad -p tcp -j DROP'))
  expect(report.diagnosis?.fault).toBe('iptables-backend-split')
  const [step] = report.findings[0]?.fix.filter(({ trial }) => trial?.tried) ?? []
  expect(step?.run?.join(' ')).toBe('iptables-legacy -t filter -D FORWARD -o nomad -p tcp -j DROP')
  expect(step?.trial).toMatchObject({ arrives: 'yes' })
  expect(report.findings[0]?.evidence[0]?.request).toMatch(/^iptables-legacy-save/)
})
