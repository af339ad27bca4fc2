import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clientsReport, mendAgents } from '../../src/cli/lint-agents.ts'
import { around } from '../../src/cli/lint-around.ts'
import { parsers } from '../../src/cli/lint-open.ts'
import type { Report } from '../../src/knowledge/report.ts'

const folder = 'test/corpus/agents/faulty'
const all = (report: Report): Report => report
const agents = readdirSync(folder).filter((name) => name.endsWith('.hcl'))
/** Their cure is a value that the file does not tell, or lies in another file. */
const byHand = ['advertise-loopback.hcl', 'host-network-default.hcl', 'consul-central-a.hcl', 'consul-central-b.hcl']

async function mend(name: string, text: string) {
  const parser = await parsers()
  const met = await around([{ name, text }], [])
  const before = await clientsReport(met, all, parser)
  const { met: after, mended } = await mendAgents(met, all, { write: false, unsafe: true }, parser)
  expect(after).toBe(met)
  return { before, patch: mended.map(({ patch }) => patch).join(''), done: mended.flatMap(({ fixed }) => fixed) }
}

test.each(agents.filter((name) => !byHand.includes(name)))(
  '%s loses its fault by an edit that is proven',
  async (name) => {
    const { before, patch, done } = await mend(name, readFileSync(join(folder, name), 'utf8'))
    expect(before.findings.length).toBeGreaterThan(0)
    expect(before.findings.some(({ fix }) => fix.some(({ proven, diff }) => proven && diff !== undefined))).toBe(true)
    expect(done.length).toBeGreaterThan(0)
    expect(patch).toContain(`+++ ${name}`)
  },
)

test('an edit keeps what stands around it, comments too', async () => {
  const text = '# first\nclient {\n  enabled = true # on\n  network_interface = "docker0" # old\n}\n'
  const { patch } = await mend('client.hcl', text)
  expect(patch.split('\n').filter((line) => /^[-+] /.test(line))).toEqual([
    '-  network_interface = "docker0" # old',
    '+  # old',
  ])
})

test('of a machine with two files the one that has it is edited', async () => {
  const parser = await parsers()
  const base = { name: 'base.hcl', text: 'client {\n  enabled = true\n}\n' }
  const more = { name: 'more.hcl', text: 'client {\n  network_interface = "docker0"\n}\n' }
  const met = await around([], [[base, more]])
  const { mended } = await mendAgents(met, all, { write: false, unsafe: true }, parser)
  expect(mended.map(({ name, fixed }) => [name, fixed.length])).toEqual([
    ['base.hcl', 0],
    ['more.hcl', 1],
  ])
})
