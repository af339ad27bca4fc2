import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { clientsReport, mendAgents } from '../../src/cli/lint-agents.ts'
import { around } from '../../src/cli/lint-around.ts'
import type { Report } from '../../src/knowledge/report.ts'

const folder = 'test/corpus/agents/faulty'
const all = (report: Report): Report => report
const agents = readdirSync(folder).filter((name) => name.endsWith('.hcl'))
/** Their cure is a value that the file does not tell, or lies in another file. */
const byHand = ['advertise-loopback.hcl', 'host-network-default.hcl', 'consul-central-a.hcl', 'consul-central-b.hcl']

async function mend(name: string, text: string) {
  const met = await around([{ name, text }], [])
  const before = await clientsReport(met, all)
  const { met: after, mended } = await mendAgents(met, all, { write: false, unsafe: true })
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
  const base = { name: 'base.hcl', text: 'client {\n  enabled = true\n}\n' }
  const more = { name: 'more.hcl', text: 'client {\n  network_interface = "docker0"\n}\n' }
  const met = await around([], [[base, more]])
  const { mended } = await mendAgents(met, all, { write: false, unsafe: true })
  expect(mended.map(({ name, fixed }) => [name, fixed.length])).toEqual([
    ['base.hcl', 0],
    ['more.hcl', 1],
  ])
})

test('each wrong value of a file is a finding of its own, whatever stands beside it', async () => {
  const wrong = [
    '  cni_path = "/opt/cni/bin/bridge"',
    '  bridge_network_subnet = "10.0.0.300/24"',
    '  bridge_network_name = "a-very-long-bridge-name"',
    '  min_dynamic_port = 30000',
    '  max_dynamic_port = 20000',
    '  host_network "pub" {\n    reserved_ports = "22,80x"\n  }',
    '  host_network "own" {\n    reserved_ports = "9-1"\n  }',
  ]
  const consul = 'consul {\n  address = "http://consul.example.com:8500"\n}\n'
  const { before } = await mend('client.hcl', `client {\n  enabled = true\n${wrong.join('\n')}\n}\n${consul}`)
  expect(before.findings.map(({ id, location }) => `${id} ${location?.line}`).toSorted()).toEqual([
    'bridge-config-invalid 4',
    'bridge-config-invalid 5',
    'cni-path-wrong 3',
    'connect-consul-address-scheme 16',
    'dynamic-range-invalid 12',
    'dynamic-range-invalid 6',
    'dynamic-range-invalid 9',
  ])
})

test('one of several wrong values is mended by itself, and the others stay as they are', async () => {
  const text =
    'client {\n  enabled = true\n  bridge_network_subnet = "300.0.0.0/8"\n  bridge_network_name = "a-very-long-bridge-name"\n}\n'
  const { before, patch } = await mend('client.hcl', text)
  expect(before.findings.map(({ fix }) => fix.some(({ proven }) => proven))).toEqual([true, false])
  expect(patch.split('\n').filter((line) => /^[-+] /.test(line))).toEqual([
    '-  bridge_network_name = "a-very-long-bridge-name"',
    '+  bridge_network_name = "a-very-long-bri"',
  ])
})
