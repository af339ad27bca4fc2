import { spawn, spawnSync } from 'node:child_process'
import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, expect, test } from 'vitest'

const sound = 'test/corpus/sound/ledger-api-bridge.nomad.hcl'
const faulty = 'test/corpus/faulty/service-port-label-unknown.nomad.hcl'
let dir = ''
const write = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}
beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-lint-'))
})

function lint(argv: readonly string[], input = '') {
  const { PATH = '', HOME = tmpdir() } = process.env
  const env = { PATH, HOME, LANG: 'C.UTF-8' }
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/nomad-netdoctor.js', 'lint', ...argv], {
    encoding: 'utf8',
    input,
    env,
  })
  return { code: status, stdout, stderr }
}

const job = (before: string, port: string) => `${before}job "web" {
  group "api" {
    network {
      port "http" {}
    }
    service {
      provider = "nomad"
      port     = ${port}
    }
    task "t" {
      driver = "exec"
    }
  }
}
`

test('a sound file ends with 0, though much needs a cluster', () => {
  const { code, stdout } = lint([sound])
  expect(stdout).toMatch(/1 file, 0 findings \(\d+ more checks need the running cluster\)/)
  expect(code).toBe(0)
})

test('a finding shows its line, and a caret under the part that is wrong', () => {
  const { code, stdout } = lint([faulty, '--plain'])
  expect(stdout).toContain(
    `${faulty}:18:7  breaks  A service or its check names a port label that its group does not have`,
  )
  expect(stdout).toMatch(/ {2}18 \| +port +=.*\n {2}\s+\| +\^+\n/)
  expect(code).toBe(1)
})

test('syntax errors are said in the words of HCL, with the place, and end with 2', () => {
  const { code, stdout } = lint([write('broken.nomad.hcl', 'job "a" {\n  x = \n}\n'), faulty])
  expect(stdout).toMatch(/broken\.nomad\.hcl:2:7 {2}error: Invalid expression/)
  expect(stdout).toContain('service-port-label-unknown')
  expect(code).toBe(2)
})

test('a variable without a value leaves open what depends on it: 3, and the value settles it', () => {
  const file = write('open.nomad.hcl', job('variable "label" {}\n', 'var.label'))
  expect(lint([file])).toMatchObject({ code: 3, stdout: expect.stringContaining('variable "label" has no value') })
  expect(lint([file, '--var', 'label=http']).code).toBe(0)
  expect(lint([file, '--var', 'label=htpp'])).toMatchObject({ code: 1 })
  expect(lint([file, '--var-file', write('v.hcl', 'label = "htpp"\n')]).code).toBe(1)
  expect(lint([file, '--var-file', write('v.json', '{"label": "http"}')]).code).toBe(0)
})

test('which groups there are may hang on a variable without a value, too', () => {
  const groups = `dynamic "group" {
    for_each = var.tenants
    labels   = ["of-\${group.value}"]
    content {
      network { mode = "bridge" }
      service {
        port     = "http"
        provider = "nomad"
      }
      task "app" {
        driver = "docker"
        config { image = "shop/app:1" }
      }
    }
  }`
  const file = write(
    'tenants.nomad.hcl',
    `variable "tenants" { type = list(string) }\njob "tenants" {\n  ${groups}\n}\n`,
  )
  expect(lint([file])).toMatchObject({ code: 3, stdout: expect.stringContaining('variable "tenants" has no value') })
  expect(lint([file, '--var', 'tenants=["acme"]']).stdout).toContain('service-port-label-unknown')
})

test('the standard input is a file, and a folder is all its jobs', () => {
  expect(lint(['-'], job('', '"htpp"'))).toMatchObject({ code: 1, stdout: expect.stringContaining('<stdin>:8:7') })
  expect(lint(['test/corpus/sound']).stdout).toContain('63 files, ')
})

test('in a folder, a file named like a job that holds none is passed over with a word; named itself, it is refused', () => {
  mkdirSync(join(dir, 'mixed'))
  const volume = write('mixed/data.volume.nomad', 'id = "db"\ntype = "csi"\n')
  write('mixed/web.nomad', job('', '"http"'))
  expect(lint([join(dir, 'mixed')])).toMatchObject({
    code: 0,
    stdout: expect.stringContaining('1 file, 0 findings'),
    stderr: `${volume} is passed over: no job in it\n`,
  })
  expect(lint([volume])).toMatchObject({ code: 2, stdout: expect.stringContaining('No job in this file') })
})

test('what is no text is refused once, not character by character', () => {
  const { code, stdout } = lint([write('image.nomad', '\u0001\u0000\u0002 {'), '--plain'])
  expect(stdout).toMatch(/image\.nomad {2}error: cannot be read\n {2}this is not text\n/)
  expect(code).toBe(2)
})

test('a comment with a reason silences a finding', () => {
  const ignore = '# netdoctor:ignore service-port-label-unknown'
  const text = job('', `"htpp" ${ignore} registered by hand`)
  expect(lint(['-'], text)).toMatchObject({ code: 0, stdout: expect.stringContaining('1 silenced') })
  expect(lint(['-'], job(`${ignore} registered by hand\n`, '"htpp"')).code).toBe(0)
  expect(lint(['-'], job('', `"htpp" ${ignore}`))).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('the reason is missing'),
  })
  expect(lint(['-'], job('# netdoctor:ignore service-port-label-unknwon why\n', '"htpp"'))).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('Did you mean: service-port-label-unknown'),
  })
})

const config = (text: string, name = 'c.hcl') => lint([faulty, '--config', write(name, text)])
const block = (more: string) => `ignore "service-port-label-unknown" {\n  reason = "moves next week"\n${more}\n}\n`

test('the configuration silences a fault, in all files or in some', () => {
  expect(config(block('')).code).toBe(0)
  expect(config(block('files = ["test/**/faulty/*.hcl"]')).code).toBe(0)
  expect(config(block('files = ["other/*"]')).code).toBe(1)
  const json = { ignore: { 'service-port-label-unknown': { reason: 'moves next week' } } }
  expect(config(JSON.stringify(json), 'c.json').code).toBe(0)
  expect(config('ignore "service-port-label-unknown" {}\n')).toMatchObject({ code: 2 })
  expect(config('ignore "service-port-lable-unknown" {\n  reason = "x"\n}\n').stderr).toContain('Did you mean')
  expect(config('other = 1\n').stderr).toContain('"other" is not known')
  expect(config('{', 'c.json').stderr).toContain('is not JSON')
})

test('findings as data: JSON, SARIF, JUnit, workflow commands', () => {
  const json = JSON.parse(lint([faulty, '--format', 'json']).stdout) as {
    findings: { id: string; location: object }[]
    counts: { judged: number; present: number; absent: number; unknown: number }
  }
  expect(json).toMatchObject({ schema: 1, source: { kind: 'files', where: faulty }, diagnosis: null, problems: [] })
  expect(json.findings[0]).toMatchObject({ location: { file: faulty, line: 18, column: 7 } })
  const { judged, present, absent, unknown } = json.counts
  expect(judged).toBe(present + absent + unknown)
  const sarif = JSON.parse(lint([faulty, '--format', 'sarif']).stdout) as unknown
  expect(sarif).toMatchObject({
    version: '2.1.0',
    runs: [
      {
        tool: { driver: { name: 'nomad-netdoctor', rules: [{ id: 'service-port-label-unknown' }] } },
        results: [
          {
            ruleId: 'service-port-label-unknown',
            ruleIndex: 0,
            level: 'error',
            locations: [{ physicalLocation: { artifactLocation: { uri: faulty }, region: { startLine: 18 } } }],
          },
        ],
      },
    ],
  })
  expect(lint([faulty, '--format', 'junit']).stdout).toMatch(
    /<testsuite name="[^"]+" tests="1" failures="1" errors="0">/,
  )
  expect(lint([faulty, '--format', 'github']).stdout).toContain(`::error file=${faulty},line=18,col=7,title=`)
})

test.each([
  [[], 'say which files'],
  [['--format', 'xml', faulty], 'there is no such format'],
  [['--var', 'x', faulty], 'expected NAME=VALUE'],
  [['--var-file', '/does/not/exist', faulty], 'no such file'],
  [['docs/decisions'], 'no job file'],
])('lint %j is wrong usage', (argv, said) => {
  const { code, stderr } = lint(argv)
  expect(stderr).toContain(said)
  expect(code).toBe(2)
})

test('a file that is not there is said, and the others are judged', () => {
  const { code, stdout } = lint(['/does/not/exist.nomad.hcl', sound])
  expect(stdout).toContain('cannot be read')
  expect(code).toBe(2)
})

const client = 'datacenter = "dc2"\nclient {\n  enabled = true\n}\n'

test('a job that no given client is meant for is told so, and judged all the same', () => {
  const file = write(
    'apart.nomad.hcl',
    job('', '"http"').replace('job "web" {', 'job "web" {\n  datacenters = ["dc1"]'),
  )
  const { code, stdout } = lint([file, '--client', write('dc2.hcl', client)])
  expect(stdout).toContain(
    `Not judged against a client\n  ${file}: group api of job web: the client given is not one that its datacenters, node pool and constraints allow\n`,
  )
  expect(code).toBe(0)
  expect(lint([write('met.nomad.hcl', job('', '"http"')), '--client', join(dir, 'dc2.hcl')]).stdout).not.toContain(
    'Not judged',
  )
})

test('an agent file without CNI files beside it is judged by all that it does tell', () => {
  const text = `${client}plugin "docker" {\n  config {}\n}\n`.replace(
    'enabled = true',
    'enabled = true\n  network_interface = "lo"',
  )
  const job = 'test/corpus/faulty/missing-host-network.nomad.hcl'
  expect(lint([job, write('alone.hcl', text.replace('dc2', 'dc1'))])).toMatchObject({
    code: 1,
    stdout: expect.stringContaining('missing-host-network'),
  })
})

test('a named pipe is read like a file, and one that nobody writes into is refused after a while', () => {
  const pipe = join(dir, 'pipe')
  spawnSync('sh', ['-c', 'mkfifo "$0"', pipe])
  const writer = spawn('sh', ['-c', 'cat "$0" > "$1"', faulty, pipe])
  expect(lint([pipe])).toMatchObject({ code: 1, stdout: expect.stringContaining(`${pipe}:18:7`) })
  writer.kill()
  expect(lint([pipe])).toMatchObject({
    code: 2,
    stdout: expect.stringContaining(`${pipe}  error: cannot be read\n  nobody has written into this pipe within 5 s`),
  })
  expect(lint(['/dev/zero'])).toMatchObject({ code: 2, stdout: expect.stringContaining('a device or a socket') })
}, 60_000)

const network = (name: string, more = '', ipam = '{ "type": "host-local", "subnet": "10.22.0.0/16" }') => `{
  "cniVersion": "0.4.0",
  "name": "${name}",
  "plugins": [
    { "type": "loopback" },
    {
      "type": "bridge",
      "bridge": "br-${name}",
      "ipam": ${ipam}
    }${more}
  ]
}
`

test('findings about CNI networks point at the member that is wrong', () => {
  const chain = `,\n    { "type": "firewall", "iptablesAdminChainName": "NOMAD-ADMIN" }`
  const ranges =
    '{ "type": "host-local", "ranges": [[\n        { "subnet": "10.9.0.0/24" },\n        { "subnet": "10.22.4.0/24" }\n      ]] }'
  const files = [
    write('10-lan.conflist', network('lan', chain)),
    write('20-wan.conflist', network('wan', '', ranges)),
    write('30-again.conflist', network('lan')),
  ]
  const { findings } = JSON.parse(lint([...files, '--format', 'json']).stdout) as {
    findings: { id: string; location: { file: string; line: number; column: number } }[]
  }
  const at = Object.fromEntries(findings.map(({ id, location: { file, line, column } }) => [id, [file, line, column]]))
  expect(at).toMatchObject({
    'cni-two-networks-one-subnet': [files[1], 11, 11],
    'cni-duplicate-name': [files[2], 3, 3],
    'cni-shared-admin-chain': [files[0], 11, 27],
    'custom-cni-no-firewall-plugin': [files[1], 7, 7],
  })
})

test('a comment of each kind silences, over several lines too, and what is wrong with one stands where it begins', () => {
  const id = 'service-port-label-unknown'
  const before = (comment: string) =>
    job('', '"htpp"').replace('      port     =', `      ${comment}\n      port     =`)
  expect(lint(['-'], job('', `"htpp" /* netdoctor:ignore ${id} registered by hand */`)).code).toBe(0)
  expect(lint(['-'], before(`/* netdoctor:ignore ${id} registered by hand */`)).code).toBe(0)
  expect(lint(['-'], before(`/*\n       * netdoctor:ignore ${id} registered by hand\n       */`)).code).toBe(0)
  expect(lint(['-'], before(`// netdoctor:ignore ${id} registered by hand`)).code).toBe(0)
  expect(lint(['-'], before('/* netdoctor:ignore nothing why */'))).toMatchObject({
    code: 2,
    stdout: expect.stringContaining('<stdin>:8:7  error: netdoctor:ignore: there is no fault "nothing"'),
  })
  // Within a heredoc or a text it is no comment.
  const text = job('', '"htpp"').replace('"exec"', `"exec"\n      user = "# netdoctor:ignore ${id} no"`)
  expect(lint(['-'], text).code).toBe(1)
})

test('variables of both forms count; one that no file declares is wrong usage from the command line, a note from a file', () => {
  const file = write(
    'both.nomad.hcl',
    job('variables {\n  label = "http"\n}\nvariable "other" {\n  default = 1\n}\n', 'var.label'),
  )
  expect(lint([file])).toMatchObject({ code: 0, stderr: '' })
  expect(lint([file, '--var', 'label=htpp']).code).toBe(1)
  expect(lint([file, '--var', 'labl=http'])).toMatchObject({
    code: 2,
    stderr: expect.stringMatching(/--var labl: .*\n.*label/),
  })
  expect(lint([file, '--var-file', write('more.hcl', 'labl = "http"\n')])).toMatchObject({
    code: 0,
    stderr: expect.stringContaining('declares labl; Nomad refuses it unless it runs with -hcl2-strict=false'),
  })
})

test('a block or an argument that Nomad does not take is refused at its place, with the nearest name', () => {
  const file = write('typo.nomad.hcl', job('', '"http"').replace('network {', 'netwrok {').replace('driver ', 'drivr '))
  const { code, stdout } = lint([file, '--plain'])
  expect(stdout).toContain('typo.nomad.hcl:3:5  error: Unsupported block type')
  expect(stdout).toContain('Blocks of type "netwrok" are not expected here. Did you mean "network"?')
  expect(stdout).toContain('An argument named "drivr" is not expected here. Did you mean "driver"?')
  expect(code).toBe(2)
})

test('what cannot be evaluated is named with its place and its argument, each reason once', () => {
  const { code, stdout } = lint(['-', '--plain'], job('variable "label" {}\n', 'var.label'))
  expect(stdout).toContain('<stdin>:9:7: port: variable "label" has no value')
  expect(code).toBe(3)
})

test('what is no HCL at all says its first errors, and how many more there are', () => {
  const line = (i: number) => `user${i}:$6$salt$hash/:19000:0:99999:7:::\n`
  const file = write('shadow', Array.from({ length: 20 }, (_, i) => line(i)).join(''))
  const { code, stdout } = lint([file])
  expect(code).toBe(2)
  expect(stdout.match(/ {2}error: /g)).toHaveLength(3)
  const { problems } = JSON.parse(lint(['--format', 'json', file]).stdout) as { problems: unknown[] }
  expect(stdout).toContain(`... and ${problems.length - 3} more errors in ${file}: --format json prints them`)
})

test('an edit finds every text that names the sibling, and the words of a template', () => {
  const sibling = write(
    'sibling.nomad.hcl',
    `job "m6" {
  group "a" {
    network {
      mode = "bridge"
    }
    task "app" {
      driver = "docker"
      env {
        DB_ADDR = "postgres:5432"
        PGHOST  = "postgres"
      }
    }
    task "postgres" {
      driver = "docker"
    }
  }
}
`,
  )
  const { stdout } = lint([sibling, '--diff'])
  expect(stdout).toContain('+        DB_ADDR = "127.0.0.1:5432"\n+        PGHOST  = "127.0.0.1"\n')
  const lb = write(
    'lb.nomad.hcl',
    `job "m8" {
  group "lb" {
    network {
      port "http" {
        static       = 80
        host_network = "public"
      }
    }
    task "nginx" {
      driver = "docker"
      config {
        network_mode = "host"
      }
      template {
        destination = "local/d.conf"
        data        = <<EOF
server {
  listen 0.0.0.0:80;
}
EOF
      }
    }
  }
}
`,
  )
  expect(lint([lb, '--plain']).stdout).toMatch(/lb\.nomad\.hcl:18:10 {2}risks .*host-network-does-not-bind/)
  expect(lint([lb, '--diff', '--unsafe-fixes']).stdout).toContain('+  listen {{ env "NOMAD_IP_http" }}:80;\n')
})

test('what no fault asks for may stay open; a function that Nomad lacks is refused at its place', () => {
  const meta = write(
    'meta.nomad.hcl',
    job('', '"http"').replace('    task "t" {', '    task "t" {\n      meta {\n        sum = uuidv4()\n      }'),
  )
  expect(lint([meta]).code).toBe(0)
  const { code } = lint([write('args.nomad.hcl', job('', 'uuidv4()'))])
  expect(code).toBe(3)
  const unknown = lint([write('unknown.nomad.hcl', job('', 'tostring(80)'))])
  expect(unknown.stdout).toContain('Call to unknown function: there is no function named "tostring"')
  expect(unknown.code).toBe(2)
})

test("bytes that are no text are named with their place, as HCL names them; in a comment they are nobody's", () => {
  const bytes = (name: string, text: string): string => {
    writeFileSync(join(dir, name), Buffer.from(text, 'latin1'))
    return join(dir, name)
  }
  const wrong = bytes('latin.nomad.hcl', job('', '"http"').replace('"web"', '"caf\u00E9"'))
  const { code, stdout } = lint([wrong])
  expect(stdout).toContain(`${wrong}:1:9  error: Invalid character encoding`)
  expect(code).toBe(2)
  expect(lint([bytes('comment.nomad.hcl', `# caf\u00E9\n${job('', '"http"')}`)]).code).toBe(0)
  // Agents read theirs, too.
  expect(lint([bytes('comment-agent.hcl', '# caf\u00E9\nclient {\n  enabled = true\n}\n')]).code).toBe(2)
})

test('a file with two jobs is refused at the second one', () => {
  const { code, stdout } = lint([write('two.nomad.hcl', `${job('', '"http"')}\n${job('', '"http"')}`)])
  expect(stdout).toMatch(/two\.nomad\.hcl:\d+:1 {2}error: Duplicate job block/)
  expect(code).toBe(2)
})
