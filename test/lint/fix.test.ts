import { spawnSync } from 'node:child_process'
import {
  chmodSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeEach, expect, test, vi } from 'vitest'

vi.setConfig({ testTimeout: 60_000 })
let dir = ''
beforeEach(() => {
  dir = mkdtempSync(join(tmpdir(), 'netdoctor-fix-'))
})
const write = (name: string, text: string): string => {
  writeFileSync(join(dir, name), text)
  return join(dir, name)
}

function lint(argv: readonly string[], input = '') {
  const { PATH = '', HOME = tmpdir() } = process.env
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bin/nomad-netdoctor.js', 'lint', ...argv], {
    encoding: 'utf8',
    input,
    env: { PATH, HOME, LANG: 'C.UTF-8' },
  })
  return { code: status, stdout, stderr }
}

const job = (port: string, label = 'http') => `job "web" {
  group "api" {
    network {
      port "${label}" {} # the only one
    }
    service {
      provider = "nomad"
      port     = "${port}" # as above
    }
    task "t" {
      driver = "exec"
    }
  }
}
`

test('--fix corrects what can only be meant, keeps comments and mode, and follows a link', () => {
  const file = write('real.nomad.hcl', job('htpp'))
  chmodSync(file, 0o640)
  const link = join(dir, 'link.nomad.hcl')
  symlinkSync('real.nomad.hcl', link)
  const { code, stdout } = lint([link, '--fix'])
  expect(stdout).toContain(`Fixed ${link}: Write port = "http" in service web-api-group (service-port-label-unknown)`)
  expect(code).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(job('http'))
  expect(statSync(file).mode & 0o777).toBe(0o640)
  expect(lstatSync(link).isSymbolicLink()).toBe(true)
  expect(readdirSync(dir).toSorted()).toEqual(['link.nomad.hcl', 'real.nomad.hcl'])
})

test('what is only likely is left to --unsafe-fixes', () => {
  const file = write('a.nomad.hcl', job('grpc'))
  expect(lint([file])).toMatchObject({ stdout: expect.stringContaining('1 can be fixed with --fix --unsafe-fixes') })
  expect(lint([file, '--fix']).code).toBe(1)
  expect(readFileSync(file, 'utf8')).toBe(job('grpc'))
  expect(lint([file, '--fix', '--unsafe-fixes']).code).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(job('http'))
})

test('--diff prints what would be done, for files and for the standard input, and writes nothing', () => {
  const file = write('a.nomad.hcl', job('htpp'))
  const { code, stdout, stderr } = lint([file, '--diff'])
  expect(stdout).toContain(`--- ${file}\n+++ ${file}\n@@ `)
  expect(stdout).toContain('-      port     = "htpp" # as above\n+      port     = "http" # as above\n')
  expect(stderr).toContain(`Would fix ${file}`)
  expect(code).toBe(1)
  expect(readFileSync(file, 'utf8')).toBe(job('htpp'))
  expect(lint(['-', '--diff'], job('htpp')).stdout).toContain('+      port     = "http"')
})

test('a silenced finding is not edited', () => {
  const silenced = `# netdoctor:ignore service-port-label-unknown on purpose\n${job('htpp')}`
  const file = write('a.nomad.hcl', silenced)
  expect(lint([file, '--fix']).code).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(silenced)
})

test('a file that cannot be written is said, and stays as it was', () => {
  const file = join(dir, 'a.nomad.hcl')
  writeFileSync(file, Buffer.from(`${job('htpp')}# \xe4\n`, 'latin1'))
  const before = readFileSync(file)
  const { code, stderr } = lint([file, '--fix'])
  expect(stderr).toContain('is not written: it holds bytes that are not UTF-8')
  expect(code).toBe(2)
  expect(readFileSync(file)).toEqual(before)
})

test.each([
  [['--unsafe-fixes'], 'needs --fix or --diff'],
  [['--fix', '--diff'], 'exclude each other'],
])('lint %j is wrong usage', (argv, said) => {
  expect(lint([write('a.nomad.hcl', job('http')), ...argv])).toMatchObject({
    code: 2,
    stderr: expect.stringContaining(said),
  })
})
test('--fix cannot write the standard input', () => {
  expect(lint(['-', '--fix'], job('htpp'))).toMatchObject({
    code: 2,
    stderr: expect.stringContaining('there is --diff'),
  })
})

test('what a dynamic block makes for each of its members is not rewritten for one of them', () => {
  const text = job('htpp').replace(
    /service \{[^}]*\}/,
    'dynamic "service" {\n      for_each = ["http", "htpp"]\n      content {\n        name = "s-${service.value}"\n        provider = "nomad"\n        port = service.value\n      }\n    }',
  )
  expect(text).toContain('dynamic')
  const file = write('dynamic.nomad.hcl', text)
  const { code, stdout } = lint([file, '--fix'])
  expect(code).toBe(1)
  expect(stdout).toContain('a dynamic block makes it for each of its members')
  expect(readFileSync(file, 'utf8')).toBe(text)
})

const group = (env: string) =>
  write(
    'v.nomad.hcl',
    `job "v" {\n  group "g" {\n    network {\n      mode = "bridge"\n      port "my-http" {}\n    }\n    task "t" {\n      driver = "docker"\n      config {\n        image = "x"\n        ports = ["my-http"]\n        args  = ["${env}"]\n      }\n    }\n  }\n}\n`,
  )

test('where the first step is by hand, the one that is an edit is shown beside it', () => {
  const { stdout } = lint([group('${NOMAD_PORT_my-http}')])
  expect(stdout).toContain('+        args  = ["${NOMAD_PORT_my_http}"]')
})

test('each variable that nothing sets is a finding, and only a name that is nearly right is rewritten', () => {
  const file = group('${NOMAD_PORT_my_htpp}:${NOMAD_PORT_metrics}')
  const { stdout } = lint([file, '--fix', '--unsafe-fixes'])
  expect(readFileSync(file, 'utf8')).toContain('${NOMAD_PORT_my_http}:${NOMAD_PORT_metrics}')
  expect(stdout).toContain('uses NOMAD_PORT_metrics, which nothing sets')
})

const byVariable = (more = '') =>
  `variable "label" {\n  default = "htpp"\n}\n${job('x').replace('"x"', 'var.label').replace('driver = "exec"', `driver = "exec"${more}`)}`

test('a value that comes from the default of a variable is corrected there', () => {
  const file = write('v.nomad.hcl', byVariable())
  expect(lint([file, '--fix']).code).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(byVariable().replace('htpp', 'http'))
})

test('a default that is used elsewhere is a change to look at', () => {
  const more = '\n      env {\n        LABEL = var.label\n      }'
  const file = write('v.nomad.hcl', byVariable(more))
  expect(lint([file, '--fix']).code).toBe(1)
  expect(lint([file]).stdout.replaceAll(/\s+/g, ' ')).toContain(
    'It changes the default of variable label, which is used in 2 places.',
  )
  expect(lint([file, '--fix', '--unsafe-fixes']).code).toBe(0)
  expect(readFileSync(file, 'utf8')).toBe(byVariable(more).replace('htpp', 'http'))
})

test('what is given from outside is changed there', () => {
  const file = write('v.nomad.hcl', byVariable())
  const values = write('prod.hcl', 'label = "htpp"\n')
  for (const [flag, value] of [
    ['--var', 'label=htpp'],
    ['--var-file', values],
  ] as const) {
    const { stdout, code } = lint([flag, value, file, '--fix', '--unsafe-fixes'])
    expect(code).toBe(1)
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain('the value of var.label is given by --var')
  }
  expect(readFileSync(file, 'utf8')).toBe(byVariable())
})

test('an edit of a host touches nothing else of its address, and no comment', () => {
  const text = (host: string, bind: string) => `job "shop" {
  group "shop" {
    network {
      mode = "bridge"
      port "http" { to = 8080 }
    }
    task "postgres" {
      driver = "docker"
      config { image = "postgres:16" }
    }
    task "web" {
      driver = "docker"
      config {
        image = "example/web:1"
        args  = ["--db", "postgres://postgres:postgres@${host}:5432/postgres", "--self", "http://127.0.0.1:8080/", "--listen", "${bind}:8080"]
      }
      env {
        DATABASE_URL = "postgres://postgres:postgres@${host}:5432/postgres"
        PGUSER       = "postgres"
      }
      template {
        destination = "local/app.ini"
        data        = <<EOF
# url = postgres://postgres@postgres:5432/
url = postgres://postgres@${host}:5432/?user=postgres
EOF
      }
    }
  }
}
`
  const file = write('url.nomad.hcl', text('postgres', '127.0.0.1'))
  expect(lint([file]).stdout).toContain(':18:54  breaks')
  lint([file, '--fix'])
  expect(readFileSync(file, 'utf8')).toBe(text('127.0.0.1', '127.0.0.1'))
  lint([file, '--fix', '--unsafe-fixes'])
  expect(readFileSync(file, 'utf8')).toBe(text('127.0.0.1', '0.0.0.0'))
})

const fixed = (text: string): string => {
  const file = write('f.nomad.hcl', text)
  lint([file, '--fix', '--unsafe-fixes'])
  return readFileSync(file, 'utf8')
}
const service = (name: string, call: string) => `job "s" {
  group "g" {
    network {
      mode = "bridge"
      port "http" { to = 8080 }
    }
    service {
      name     = "${name}"
      provider = "nomad"
      port     = "http"
    }
    task "web" {
      driver = "docker"
      config { image = "example/web:1" }
      template {
        destination = "local/c"
        data        = "{{ range nomadService \\"${call}\\" }}{{ .Address }}{{ end }}"
      }
    }
  }
}
`
test('a service is renamed everywhere in its job, or not at all', () => {
  expect(fixed(service('My_Api', 'My_Api'))).toBe(service('My-Api', 'My-Api'))
  const spelt = service('My_Api', 'x').replace('image =', 'hostname = "My_Api"\n image =')
  const told = spelt.replace('data ', 'env = true\n data ').replace('{{ range', 'NAME=My_Api {{ range')
  expect(fixed(told)).toBe(told)
})

test('a file that is named where it will be seen keeps its name', () => {
  const dump = (destination: string, args: string) => `job "d" {
  group "d" {
    task "d" {
      driver = "docker"
      config {
        image = "postgres:16"
        args  = ["${args}"]
      }
      template {
        destination = "${destination}"
        data        = "x"
      }
    }
  }
}
`
  expect(fixed(dump('dump.sh', '/local/dump.sh'))).toBe(dump('local/dump.sh', '/local/dump.sh'))
  expect(fixed(dump('dump.sh', '/dump.sh'))).toBe(dump('local/dump.sh', '/local/dump.sh'))
})
