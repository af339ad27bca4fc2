import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { program } from './program.ts'

/** The file of a job that its servers refused, as far as its networking goes. */
const refused = `# kept
job "orders-api" {
  group "api" {
    network {
      mode = "host" # why not
    }
    service {
      name = "orders-api"
      port = "8080"
      connect {
        sidecar_service {}
      }
    }
    task "server" {
      driver = "docker"
      config {
        image = "lab/busybox:1"
      }
    }
  }
}
`
const write = (text: string): string => {
  const file = join(mkdtempSync(join(tmpdir(), 'nd-job-file-')), 'orders.nomad.hcl')
  writeFileSync(file, text)
  return file
}

test('a job that was never registered has its edit in the file that is named', async () => {
  const file = write(refused)
  const argv = ['--case', 'test/recordings/connect-not-bridge', '--job-file', file, '--format', 'json']
  const { findings } = JSON.parse((await program(['diagnose', ...argv])).stdout) as {
    findings: { id: string; fix: { diff?: string; proven?: boolean }[] }[]
  }
  expect(findings[0]?.id).toBe('connect-not-bridge')
  const step = findings[0]?.fix[0]
  expect(step?.proven).toBe(true)
  expect(step?.diff).toContain(`+++ ${file}`)
  expect(step?.diff).toContain('+      mode = "bridge" # why not')
})

test('a case whose jobs are all registered has no use for a file, and says so', async () => {
  const { code, stderr } = await program(['diagnose', '--case', 'cases/wrong-to-port', '--job-file', write(refused)])
  expect(code).toBe(2)
  expect(stderr).toContain('this case holds no job that was read from a file and not registered')
})
