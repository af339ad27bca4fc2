import { spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 60_000 })
let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-folders-'))
})
const write = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}
function lint(argv: readonly string[], more: Readonly<Record<string, string>> = {}, cwd = process.cwd()) {
  const { PATH = '', HOME = tmpdir() } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, [resolve('bin/nomad-netdoctor.js'), 'lint', ...argv], {
    cwd,
    encoding: 'utf8',
    env: { PATH, HOME, LANG: 'C.UTF-8', ...more },
  })
  return { code: status, stdout: stdout.replaceAll(/\s+/g, ' '), stderr }
}
const job = (port: string, hosts = '[]') =>
  `job "web" {\n  group "api" {\n    network {\n      mode = "bridge"\n      port "http" {}\n    }\n    service {\n      provider = "nomad"\n      port = ${port}\n    }\n    task "t" {\n      driver = "docker"\n      config {\n        image = "x"\n        extra_hosts = ${hosts}\n      }\n    }\n  }\n}\n`

test('patterns of the configuration count from its own folder, wherever the program is called', () => {
  mkdirSync(join(dir, 'ops/legacy'), { recursive: true })
  const old = write('ops/legacy/a.nomad.hcl', job('"htpp"'))
  const other = write('ops/b.nomad.hcl', job('"htpp"'))
  const rule = 'ignore "service-port-label-unknown" {\n  reason = "goes away"\n  files  = ["legacy/*"]\n}\n'
  const config = write('ops/nomad-netdoctor.hcl', rule)
  expect(lint([old, '--config', config])).toMatchObject({ code: 0, stdout: expect.stringContaining('1 silenced') })
  expect(lint([other, '--config', config])).toMatchObject({
    code: 1,
    stderr: expect.stringContaining('none of these files fits legacy/*'),
  })
})

test('a folder says how many of its files are none that lint reads', () => {
  mkdirSync(join(dir, 'repo/src'), { recursive: true })
  write('repo/web.nomad.hcl', job('"http"'))
  for (const name of ['README.md', 'main.tf', 'src/a.ts', 'package.json']) write(`repo/${name}`, '{}\n')
  write('repo/.hidden', 'x')
  expect(lint([join(dir, 'repo')]).stdout).toContain('4 other files of the folders not read')
  expect(lint([join(dir, 'repo/web.nomad.hcl')]).stdout).not.toContain('of the folders')
})

test('files of other programs are passed over in a folder, and said to be theirs where they are named', () => {
  mkdirSync(join(dir, 'etc'))
  const consul = write('etc/consul.hcl', 'data_dir = "/opt/consul"\nserver = true\nretry_join = ["10.0.0.1"]\n')
  const telemetry = write('etc/telemetry.hcl', 'telemetry {\n  publish_node_metrics = true\n}\n')
  const client = write('etc/client.hcl', 'client {\n  enabled = true\n}\n')
  expect(lint([join(dir, 'etc')])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('2 other files of the folders not read'),
  })
  const named = lint([consul])
  expect(named.code).toBe(2)
  expect(named.stdout).toContain('This is a configuration of Consul')
  expect(lint(['--client', `${client},${telemetry}`, write('a.nomad.hcl', job('"http"'))]).code).toBe(0)
})

test('a subnet without a prefix and an entry of a hosts file without a colon are called that', () => {
  const client = write('c.hcl', 'client {\n  enabled = true\n  bridge_network_subnet = "172.26.64.0"\n}\n')
  expect(lint([client]).stdout).toContain('172.26.64.0 has no prefix, such as /20')
  expect(lint([write('a.nomad.hcl', job('"http"', '["db 10.0.0.5"]'))]).stdout).toContain(
    'entry "db 10.0.0.5", which is not of the form name:address',
  )
  expect(lint([write('b.nomad.hcl', job('"http"', '["db:ten"]'))]).stdout).toContain('whose second part is no address')
})

test('a variable without a value that nothing uses is told, as Nomad asks for it', () => {
  const file = write('a.nomad.hcl', `variable "spare" {\n  type = string\n}\n${job('"http"')}`)
  const { code, stdout } = lint([file])
  expect(code).toBe(3)
  expect(stdout).toContain(`${file}:1:1: variable "spare" has no value; nothing uses it, and Nomad refuses the file`)
  expect(lint([file, '--var', 'spare=x']).code).toBe(0)
})

test('a comment that silences nothing is told, one that does is not', () => {
  const idle = write('a.nomad.hcl', `# netdoctor:ignore service-port-label-unknown later\n${job('"http"')}`)
  expect(lint([idle])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining(`${idle}:1: netdoctor:ignore service-port-label-unknown silences nothing`),
  })
  const works = write('b.nomad.hcl', `# netdoctor:ignore service-port-label-unknown later\n${job('"htpp"')}`)
  expect(lint([works])).toMatchObject({ code: 0, stderr: '' })
})

test('of two configurations in a folder it is told which one counts', () => {
  write('nomad-netdoctor.hcl', '')
  write('nomad-netdoctor.json', '{}')
  write('a.nomad.hcl', job('"http"'))
  expect(lint(['a.nomad.hcl'], {}, dir)).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('nomad-netdoctor.hcl counts, and nomad-netdoctor.json beside it is not read'),
  })
})

test('servers that do not answer are told of, also where a file is not valid', () => {
  const file = write('a.nomad.hcl', 'job "web" {\n')
  const { code, stderr } = lint([file], { NOMAD_ADDR: 'http://127.0.0.1:1' })
  expect(code).toBe(2)
  expect(stderr).toContain('The servers did not parse the job files: ')
  expect(lint([file]).stderr).toBe('')
})
