import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from 'vitest'
import { program } from './program.ts'

const file = join(mkdtempSync(join(tmpdir(), 'netdoctor-plain-')), 'web.nomad.hcl')
writeFileSync(
  file,
  'job "web" {\n  group "web" {\n    task "wéb" {\n      driver = "docker"\n      config {\n        ports = ["http"]\n      }\n    }\n  }\n}\n',
)
const recorded = ['--case', 'cases/wrong-to-port']
const calls: readonly (readonly string[])[] = [
  ['diagnose', ...recorded],
  ['diagnose', '--case', 'cases/connect-intention-denied-repaired'],
  ['check', ...recorded],
  ['path', ...recorded],
  ['path', ...recorded, '--what-if', 'c1: iptables -P FORWARD DROP'],
  ['lint', '--offline', file],
  ['faults'],
  ['faults', 'wrong-to-port'],
  ['faults', 'connection refused'],
  ...['diagnose', 'check', 'path', 'lint', 'faults', 'capture'].map((one) => [one, '--help']),
  ['--help'],
  ['diagnose', '--ssh', '-F conf root@{address}'],
]

describe.each(calls.map((argv) => [argv.join(' '), argv] as const))('%s', (_, argv) => {
  test('is ASCII with --plain, and where the locale is not UTF-8', async () => {
    for (const [extra, env] of [
      [['--plain'], {}],
      [[], { LC_ALL: 'C' }],
    ] as const) {
      // oxlint-disable-next-line no-await-in-loop -- one process after the other
      const { stdout, stderr } = await program([...argv, ...extra], env)
      expect(stdout + stderr).toMatch(/^[\n\u0020-\u007E]+$/)
    }
  })
})

test('no format of lint lets a name command the terminal', async () => {
  const hostile = join(mkdtempSync(join(tmpdir(), 'netdoctor-hostile-')), 'web.nomad.hcl')
  writeFileSync(
    hostile,
    'job "web" {\n  group "web" {\n    task "a\u009B2Jb\u202E" {\n      driver = "docker"\n      config {\n        ports = ["ht\u001B[31mtp"]\n      }\n    }\n  }\n}\n',
  )
  for (const format of ['text', 'json', 'sarif', 'junit', 'github']) {
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    const { stdout } = await program(['lint', '--offline', '--format', format, hostile])
    expect(stdout).toContain('docker-ports-unknown-label')
    // oxlint-disable-next-line no-control-regex -- exactly those are looked for
    expect(stdout).not.toMatch(/[\u0000-\u0009\u000B-\u001F\u007F-\u009F\u202E]/)
  }
})

test('data and diffs are the same for every terminal', async () => {
  const { stdout } = await program(['lint', '--offline', '--format', 'json', file], { LC_ALL: 'C' })
  expect(stdout).toContain('wéb')
})
