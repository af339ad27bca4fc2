import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 60_000 })
let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-cni-'))
})
const write = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}
const read = (name: string): string => readFileSync(join(dir, name), 'utf8')

function lint(...argv: readonly string[]) {
  const { PATH = '', HOME = tmpdir() } = process.env
  const { status, stdout } = spawnSync(process.execPath, ['bin/nomad-netdoctor.js', 'lint', ...argv], {
    encoding: 'utf8',
    env: { PATH, HOME, LANG: 'C.UTF-8' },
  })
  return { code: status, stdout }
}

const job = (driver = 'docker', args = '') => `job "lan" {
  group "g" {
    network {
      mode = "cni/lan"
      port "http" {
        to = 8080
      }
    }
    service {
      port = "http"
    }
    task "t" {
      driver = "${driver}"
      config {
        ${driver === 'docker' ? 'image = "x:1"' : 'command = "/bin/x"'}
        ${args}
      }
    }
  }
}
`
const client = 'data_dir = "/opt/nomad"\nclient {\n  enabled = true\n}\n'
const bridge = (...more: readonly string[]) =>
  [
    '{ "type": "bridge"',
    '"bridge": "lan0"',
    ...more,
    '"ipam": { "type": "host-local", "subnet": "10.99.0.0/24", "routes": [{ "dst": "0.0.0.0/0" }] } }',
  ].join(', ')
const portmap = '{ "type": "portmap", "capabilities": { "portMappings": true } }'
const network = (...plugins: readonly string[]) =>
  `{\n  "cniVersion": "1.0.0",\n  "name": "lan",\n  "plugins": [\n${plugins.map((one) => `    ${one}`).join(',\n')}\n  ]\n}\n`
const good = bridge('"isGateway": true', '"ipMasq": true')
const loopback = '{ "type": "loopback" }'
const firewall = '{ "type": "firewall" }'

test.each<[id: string, before: string, after: string]>([
  [
    'cni-no-masquerade',
    network(loopback, bridge('"isGateway": true', '"ipMasq": false'), firewall, portmap),
    network(loopback, good, firewall, portmap),
  ],
  [
    'cni-bridge-not-gateway',
    network(loopback, bridge('"isGateway": false', '"ipMasq": true'), firewall, portmap),
    network(loopback, good, firewall, portmap),
  ],
  [
    'cni-no-portmap',
    network(loopback, good, firewall, '{ "type": "portmap" }'),
    network(loopback, good, firewall, portmap),
  ],
  [
    'cni-no-default-route',
    network(loopback, good.replace(/, "routes": .*?\]/, ''), firewall, portmap),
    network(loopback, good.replace(/\[(.*?)\]/, '[ $1 ]'), firewall, portmap),
  ],
])('%s is corrected in the CNI file, for the job that meets it', (id, before, after) => {
  const files = [write('j.nomad.hcl', job()), write('c.hcl', client), write('lan.conflist', before)]
  const found = lint(...files, '--format', 'json')
  const findings = (JSON.parse(found.stdout) as { findings: { id: string; fix: { file?: string }[] }[] }).findings
  expect(findings.map((one) => [one.id, one.fix[0]?.file])).toEqual([[id, files[2]]])
  expect(lint(...files, '--fix').code).toBe(1)
  expect(read('lan.conflist')).toBe(before)
  expect(lint(...files, '--fix', '--unsafe-fixes').code).toBe(0)
  expect(read('lan.conflist')).toBe(after)
  expect(read('j.nomad.hcl')).toBe(job())
})

test('a missing loopback plug-in comes first, which is safe', () => {
  const jobFile = write('j.nomad.hcl', job('exec', 'args = ["--db", "127.0.0.1:5432"]'))
  const [agent, cni] = [write('c.hcl', client), write('lan.conflist', network(good, firewall, portmap))]
  const run = lint(jobFile, '--client', `${agent},${cni}`, '--fix')
  expect(run.stdout).toContain('(cni-no-loopback)')
  expect(read('lan.conflist')).toBe(network(loopback, good, firewall, portmap))
})

test('what is wrong with the CNI file alone is corrected in it', () => {
  const snat = portmap.replace(' }', ', "snat": false }').replace('true, "snat": false } }', 'true }, "snat": false }')
  const cni = write('lan.conflist', network(loopback, good, firewall, snat))
  expect(lint(cni).stdout).toContain('cni-snat-false')
  lint(cni, '--fix', '--unsafe-fixes')
  expect(read('lan.conflist')).toBe(network(loopback, good, firewall, portmap))
})

test('clients with different files of one network get no edit', () => {
  const wrong = network(loopback, bridge('"isGateway": true', '"ipMasq": false'), firewall, portmap)
  const [a, b] = [write('a.conflist', wrong), write('b.conflist', wrong)]
  const agent = write('c.hcl', client)
  const { stdout } = lint(write('j.nomad.hcl', job()), '--client', `${agent},${a}`, '--client', `${agent},${b}`)
  expect(stdout).toContain('the clients have the network from different files')
})
