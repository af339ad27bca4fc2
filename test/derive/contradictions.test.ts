import { expect, test } from 'vitest'
import type { Ask, Reply, Request } from '../../src/ask/request.ts'
import { diagnosed, recordings } from '../recordings.ts'

// Replies of one namespace that cannot both be true are no ground for a verdict.

const healthy = recordings.find(({ id }) => id === 'forward-jump-missing-repaired')!

/** The recording with other replies to this command of the clients. */
const instead =
  (command: string, body: (text: string) => string) =>
  (ask: Ask): Ask =>
  async (request: Request): Promise<Reply> => {
    const reply = await ask(request)
    const asked = request.via === 'node' && 'argv' in request && request.argv.join(' ').startsWith(command)
    return asked ? { ...reply, body: body(reply.body) } : reply
  }

const without = (device: string) => (text: string) =>
  JSON.stringify((JSON.parse(text) as readonly { ifname: string }[]).filter(({ ifname }) => ifname !== device))

test.each<[name: string, command: string, body: (text: string) => string, why: RegExp]>([
  ['an empty save beside a full ruleset', 'iptables-save', () => '', /iptables-save prints no table \S+, and nft/],
  [
    'a save that breaks off',
    'iptables-save',
    (text) => text.slice(0, text.lastIndexOf('COMMIT')),
    /breaks off after line/,
  ],
  ['a save without one of its tables', 'iptables-save', (text) => text.replace(/\*nat[^]*?COMMIT/, ''), /no table nat/],
  [
    'a bridge that only its ports know',
    'ip -j -d addr',
    without('nomad'),
    /belongs to nomad, which is not in the list/,
  ],
])('%s', async (_, command, body, why) => {
  const { report, facts } = await diagnosed(healthy, instead(command, body))
  expect(report.findings.map(({ id }) => id)).toEqual([])
  expect(report.unknown.length).toBeGreaterThan(0)
  expect(JSON.stringify([report, [...facts.values()]])).toMatch(why)
})
