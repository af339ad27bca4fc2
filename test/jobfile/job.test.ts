import { expect, test } from 'vitest'
import { locationOf } from '../../src/knowledge/place.ts'
import type { JobSpec } from '../../src/knowledge/shapes/job.ts'
import { jobsIn } from '../../src/probes/job-file.ts'
import type { Given } from '../../src/jobfile/variables.ts'
import { file } from './parsed.ts'

async function spec(text: string, given?: Given): Promise<JobSpec> {
  const [job] = jobsIn(await file(text, given), 'web.nomad.hcl', text)
  if (!job || 'why' in job || !job.held.known) throw new Error(JSON.stringify(job))
  return job.held.value
}

const web = `
variable "image" {}
variable "ports" {
  default = { http = 8080, admin = 9000 }
}
job "web" {
  group "api" {
    count = 2
    network {
      mode = "bridge"
      dynamic "port" {
        for_each = var.ports
        labels   = [port.key]
        content {
          to = port.value
        }
      }
      port "fixed" {
        static = 80
      }
    }
    service {
      name = "api-\${TASKGROUP}"
      port = 8080
      check {
        type     = "http"
        path     = "/\${NOMAD_ALLOC_ID}"
        interval = "10s"
        timeout  = "2s"
      }
      connect {
        sidecar_service {
          proxy {
            upstreams {
              destination_name = "db"
              local_bind_port  = 5432
            }
          }
        }
      }
    }
    task "server" {
      driver = "docker"
      config {
        image = var.image
        ports = ["http"]
        volumes {
          enabled = true
        }
      }
      env = { PORT = 8080 }
      template {
        data        = <<-EOT
          line one
          {{ service "db" }}
        EOT
        destination = "local/x"
      }
      lifecycle {
        hook    = "prestart"
        sidecar = true
      }
      service {
        port = "http"
      }
    }
  }
  task "alone" {
    driver = "exec"
  }
}
`

test('a job is read as the API has it', async () => {
  const job = await spec(web)
  const [api, alone] = job.groups
  expect(job).toMatchObject({ id: 'web', namespace: 'default', type: 'service', spawns: false })
  expect(api?.count).toBe(2)
  expect(api?.network?.ports).toMatchObject([
    { label: 'fixed', static: 80 },
    { label: 'admin', to: 9000 },
    { label: 'http', to: 8080 },
  ])
  expect(api?.services[0]).toMatchObject({
    name: 'api-api',
    port: '8080',
    provider: 'consul',
    checks: [{ type: 'http', path: '/${NOMAD_ALLOC_ID}' }],
    connect: { sidecar: { upstreams: [{ destination: 'db', localBindPort: 5432 }] } },
  })
  const [server] = api?.tasks ?? []
  expect(server).toMatchObject({
    env: { PORT: '8080' },
    lifecycle: { hook: 'prestart', sidecar: true },
    templates: [{ destination: 'local/x', data: 'line one\n{{ service "db" }}\n' }],
    services: [{ name: 'web-api-server', port: 'http', level: 'task', task: 'server' }],
  })
  expect(server?.config['volumes']).toEqual([{ enabled: true }])
  expect(alone).toMatchObject({ name: 'alone', tasks: [{ name: 'alone', driver: 'exec' }] })
})

test('only what depends on a variable without a value cannot be read', async () => {
  const [task] = (await spec(web)).groups[0]?.tasks ?? []
  expect(task?.config['ports']).toEqual(['http'])
  expect(() => task?.config['image']).toThrow('variable "image" has no value')
  const given = new Map([['image', { text: 'redis:7', by: '--var image' }]])
  expect((await spec(web, given)).groups[0]?.tasks[0]?.config['image']).toBe('redis:7')
})

test('a switch that is not evaluable hides its block, a number only itself', async () => {
  const text = `variable "x" {}
job "a" {
  group "g" {
    count = var.x
    task "t" {
      driver = "exec"
      leader = var.x
    }
    network {
      port "p" {
        static = var.x
        to     = 1
      }
    }
  }
}
`
  const [group] = (await spec(text)).groups
  expect(() => group?.count).toThrow('has no value')
  expect(() => group?.network?.ports[0]?.static).toThrow('has no value')
  expect(group?.network?.ports[0]?.to).toBe(1)
  expect(group?.tasks[0]?.name).toBe('t')
  expect(() => group?.tasks[0]?.driver).toThrow('has no value')
})

test('blocks, attributes and lines of a text know where they stand', async () => {
  const job = await spec(web)
  const lines = web.split('\n')
  const at = (text: string) => {
    const line = lines.findIndex((content) => content.includes(text))
    return { file: 'web.nomad.hcl', line: line + 1, column: (lines[line]?.indexOf(text) ?? 0) + 1 }
  }
  const [api] = job.groups
  const [template] = api?.tasks[0]?.templates ?? []
  const fixed = api?.network?.ports[0]
  if (!api || !template || !fixed) throw new Error('not read')
  expect(locationOf(api)).toMatchObject(at('group "api"'))
  expect(locationOf(fixed)).toMatchObject(at('port "fixed"'))
  expect(locationOf([fixed, 'static'])).toMatchObject(at('static = 80'))
  expect(locationOf([template, 'data', 'service "db"'])).toMatchObject(at('service "db"'))
  expect(locationOf([fixed, 'to'])).toMatchObject(at('port "fixed"'))
})

test.each([
  ['job "a" {\n  check { type = "tcp" interval = "10s" }\n}\n', 2, 24, 'Invalid single-argument block definition'],
  ['job "a" {\n  x = \n}\n', 2, 7, 'Invalid expression'],
  ['job "a" {\n', 1, 9, 'Unclosed configuration block'],
  ['job "a" {\n  x = 1\n  x = 2\n}\n', 3, 3, 'Attribute redefined'],
])('%j is refused as Nomad refuses it', async (text, line, column, summary) => {
  const { problems, jobs } = await file(text)
  expect(jobs).toEqual([])
  expect(problems[0]).toMatchObject({ line, column, summary })
  expect(problems[0]?.detail).not.toBe('')
})

test('a heredoc without its end is told where it begins, and a second argument where the first one is', async () => {
  const open = await file('job "a" {\n  meta {\n    a = <<EOT\nb\n  EOT\n    c = <<-END\nd\n}\n')
  expect(open.problems).toMatchObject([{ line: 6, column: 9, summary: 'Unterminated template string' }])
  expect(open.problems[0]?.detail).toContain('END')
  const twice = await file('job "a" {\n  type = "batch"\n  type = "service"\n}\n')
  expect(twice.problems).toMatchObject([{ line: 3, column: 3, summary: 'Attribute redefined' }])
  expect(twice.problems[0]?.detail).toContain('line 2, column 3')
})

test('the listener of an exposed path is a label, which knows where it stands', async () => {
  const text = `job "pay" {
  group "api" {
    service {
      name = "pay"
      port = "9090"
      connect {
        sidecar_service {
          proxy {
            expose {
              path {
                path            = "/metrics"
                local_path_port = 9090
                listener_port   = "metrics"
              }
            }
          }
        }
      }
    }
    task "app" {
      driver = "docker"
    }
  }
}
`
  const [path] = (await spec(text)).groups[0]?.services[0]?.connect?.sidecar?.expose ?? []
  expect(path).toEqual({ path: '/metrics', localPort: 9090, listener: 'metrics' })
  expect(locationOf([path ?? {}, 'listener_port'])).toMatchObject({ line: 13, column: 17 })
})
