import { describe, expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { inbound } from '../../src/knowledge/crossing-samples.ts'
import { diagnosed, recordings } from '../recordings.ts'
import { client, cniFilter, cniNat, derived, kernel } from './client.ts'

// Rules of FORWARD that the way of a client alone, read for TCP and by its devices, does not meet.

/** The recording with rules before all others of a table on every client. */
const withFirst =
  (table: string, ...rules: readonly string[]) =>
  (ask: Ask): Ask =>
  async (request) => {
    const reply = await ask(request)
    if (!('argv' in request) || request.argv[0] !== 'iptables-save' || request.via !== 'node') return reply
    const [before, own = '', after = ''] = reply.body.split(new RegExp(`(?<=\\*${table}\\n)([^]*?COMMIT\\n)`))
    const lines = own.split('\n')
    const at = lines.findIndex((line) => /^(\[[^\]]*\] )?-A|^COMMIT/.test(line))
    return { ...reply, body: `${before}${lines.toSpliced(at, 0, ...rules).join('\n')}${after}` }
  }
const named = (id: string) => recordings.find((one) => one.id === id)!

test.each([
  ['udp', 'udp', true],
  ['udp', 'tcp', false],
  [undefined, 'udp', false],
  [undefined, 'tcp', true],
] as const)('a call by %s meets a rule for %s: %s', (proto, rule, met) => {
  const way = inbound(proto ? { proto } : {})
  const nat = cniNat.map((one) => one.replaceAll('tcp', proto ?? 'tcp'))
  const iptables = { filter: [`FORWARD -p ${rule} -j DROP`, ...cniFilter], nat }
  const facts = { 'path.inbound.way': way, 'path.outbound.way': null, ...client('target', kernel({ iptables })) }
  const value = met ? { stop: { chain: 'FORWARD', at: 1 } } : null
  expect(derived('path.forward', facts)).toMatchObject({ known: true, value })
})

test('a rule stops the UDP that is served, which nobody told', async () => {
  const served = named('udp-stale-conntrack-repaired')
  const { report } = await diagnosed(served, withFirst('filter', '-A FORWARD -p udp -j DROP'))
  expect(report.diagnosis?.fault).toBe('forward-reject-before-cni')
  expect(report.findings[0]?.fix[0]?.run?.join(' ')).toBe('iptables -t filter -D FORWARD -p udp -j DROP')
  const other = await diagnosed(served, withFirst('filter', '-A FORWARD -p tcp -j DROP'))
  expect(other.report.findings).toEqual([])
})

describe('a chain that packets leave before its policy decides', () => {
  const own = [':ADMIN - [0:0]', '-A ADMIN -p tcp -m tcp --dport 22 -j ACCEPT']
  const cureOf = async (...rules: readonly string[]) => {
    const { report } = await diagnosed(named('node-to-node-blocked'), withFirst('filter', ...own, ...rules))
    expect(report.diagnosis?.fault).toBe('rule-drops-packet')
    const { sentence, fix } = report.findings[0]!
    const steps = fix.map(({ run = [], trial }) => [run.slice(3).join(' '), trial?.tried === true && trial.arrives])
    return { sentence, steps }
  }

  test('by a goto: what lets the packet in stands before it, and a jump in its place helps, too', async () => {
    const { sentence, steps } = await cureOf('-A FORWARD -i eth0 -g ADMIN')
    expect(sentence).toMatch(
      /: rule 1 keeps it from CNI-FORWARD and the rest of the chain: -A FORWARD -i eth0 -g ADMIN$/,
    )
    expect(steps).toContainEqual([expect.stringMatching(/^-I FORWARD 1 -i eth0 -o nomad -p tcp --dport 8080 /), 'yes'])
    expect(steps).toContainEqual(['-R FORWARD 1 -i eth0 -j ADMIN', 'yes'])
    expect(steps).toContainEqual(['-P FORWARD ACCEPT', 'yes'])
  })

  test('by a return', async () => {
    const { sentence, steps } = await cureOf('-A FORWARD -i docker0 -j ADMIN', '-A FORWARD -o nomad -j RETURN')
    expect(sentence).toMatch(/: rule 2 keeps it from .*: -A FORWARD -o nomad -j RETURN$/)
    expect(steps).toContainEqual([expect.stringMatching(/^-I FORWARD 2 .* --dport 8080 /), 'yes'])
    expect(steps.some(([run]) => String(run).startsWith('-R'))).toBe(false)
  })

  test('a goto inside a chain that was jumped to leaves only that one', async () => {
    const { report } = await diagnosed(
      named('node-to-node-blocked'),
      withFirst('filter', ...own, ':OUTER - [0:0]', '-A OUTER -g ADMIN', '-A FORWARD -j OUTER'),
    )
    expect(report.findings.map(({ id }) => id)).not.toContain('rule-drops-packet')
  })
})
