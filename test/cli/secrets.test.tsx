import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliDecompressSync } from 'node:zlib'
import { cleanup, render } from 'ink-testing-library'
import { afterEach, expect, test } from 'vitest'
import { redacted } from '../../src/ask/redact.ts'
import { submitted } from '../../src/cli/lint-fix.ts'
import { casePlace } from '../../src/cli/places.ts'
import { faultById } from '../../src/knowledge/faults/index.ts'
import { frame } from '../../src/run/state.ts'
import { storeOf } from '../../src/run/store.ts'
import { App } from '../../src/screens/app.tsx'
import '../../src/screens/index.ts'
import { program } from './program.ts'

afterEach(cleanup)

const secrets = [
  'zq7-Registry',
  'zq7-Template',
  'zq7-Yaml-one',
  'zq7-Environment',
  'zq7-Several',
  'zq7-Default',
] as const
const [registry, template, yaml, environment, several, byDefault] = secrets

/** A case whose job holds secrets next to what its fix changes, in every place where a job may hold them. */
function planted(): string {
  const from = 'cases/docker-ports-not-listed'
  const dir = mkdtempSync(join(tmpdir(), 'netdoctor-secrets-'))
  const inTemplate = `API_TOKEN=${template}\\npassword: ${yaml}\\n`
  const lines = brotliDecompressSync(readFileSync(join(from, 'replies.jsonl.br'))).toString()
  const kept = lines
    .trimEnd()
    .split('\n')
    .map((line) => {
      const reply = JSON.parse(line) as { ask: { path?: string }; body: string }
      if (reply.ask.path?.startsWith('/v1/job/orders-api/submission')) {
        const whole = JSON.parse(reply.body) as { Source: string }
        const args = `args    = ["-f", "-v", "-p", "8080", "-h", "/local"]`
        const auth = `auth {\n          password = "${registry}"\n        }`
        const note = `{ MY_SECRET = <<-EOT\n ${several}\n EOT\n }`
        const env = `env {\n        DB_PASSWORD = "${environment}"\n      }`
        const config = `${args}\n        ${auth}\n      }\n      ${env}`
        expect(whole.Source).toContain(`${args}\n      }`)
        whole.Source = `variable "db_password" {\n  default = "${byDefault}"\n}\n${whole.Source.replace(
          `${args}\n      }`,
          config,
        )
          .replace('orders ok\\n', inTemplate)
          .replace('    task "server" {', `    meta = ${note}\n    task "server" {`)}`
        return JSON.stringify({ ...reply, body: JSON.stringify(whole) })
      }
      const body = reply.body
        .replaceAll('"Env":null', `"Env":{"DB_PASSWORD":"${environment}"}`)
        .replaceAll('orders ok\\n', inTemplate)
      return JSON.stringify({ ...reply, body })
    })
  writeFileSync(join(dir, 'replies.jsonl'), `${kept.join('\n')}\n`)
  writeFileSync(join(dir, 'case.json'), readFileSync(join(from, 'case.json')))
  return dir
}

const dir = planted()
expect(secrets.filter((secret) => !readFileSync(join(dir, 'replies.jsonl'), 'utf8').includes(secret))).toEqual([])
const shownIn = (text: string): readonly string[] => secrets.filter((secret) => text.includes(secret))

test.each([['diagnose'], ['check'], ['path']])('%s shows no secret of a job, in text and in JSON', async (verb) => {
  for (const format of ['text', 'json']) {
    const { stdout, stderr, code } = await program([verb, '--case', dir, '--format', format])
    expect(code, stderr).toBe(1)
    expect(shownIn(stdout + stderr)).toEqual([])
    if (verb === 'diagnose') expect(stdout).toContain(`password = ${format === 'json' ? '\\"' : '"'}${redacted}`)
  }
})

test('the diff is proven, says that something is hidden, and a program finds no mark to write', async () => {
  const { stdout } = await program(['diagnose', '--case', dir, '--format', 'json'])
  const { findings } = JSON.parse(stdout) as { findings: { fix: Record<string, unknown>[] }[] }
  const step = findings[0]?.fix[0]
  expect(step).toMatchObject({ proven: true, note: expect.stringMatching(/^Secret values are hidden here/) })
  expect(JSON.stringify(step?.['changes'])).not.toContain(redacted)
})

test('no screen shows a secret: diagnosis, walk, survey, evidence, and raw replies', async () => {
  const place = await casePlace(dir)
  if (typeof place === 'string') throw new Error(place)
  const store = storeOf({
    place,
    cases: () => Promise.resolve([]),
    openCase: casePlace,
    copy: () => {},
    reader: () => Promise.resolve(submitted),
  })
  await store.act.enterCase(place)
  await expect.poll(() => store.getState().mended, { timeout: 20_000 }).not.toBeNull()
  const fault = 'docker-ports-not-listed'
  expect(faultById.has(fault)).toBe(true)
  const hiding = place.exchanges().filter(({ reply }) => reply.body.includes(redacted))
  expect(hiding.length).toBeGreaterThan(2)
  const replies = hiding.slice(0, 6).map(({ ask }) => frame('reply', ask))
  const frames = [frame('diagnosis', fault), frame('walk'), frame('survey'), frame('evidence'), ...replies]
  let all = ''
  for (const one of frames) {
    store.setState(({ stack: [home] }) => ({ stack: [home, one] }))
    const shown = render(<App store={store} terminal={{ depth: 1, light: false, colour: false, unicode: true }} />)
    Object.defineProperties(shown.stdout, { columns: { value: 200 }, rows: { value: 400 } })
    shown.stdout.emit('resize')
    await new Promise((done) => setTimeout(done, 30))
    all += shown.lastFrame() ?? ''
    shown.unmount()
  }
  expect(all).toContain(redacted)
  expect(all).toContain('ports   = ["http"]')
  expect(shownIn(all)).toEqual([])
  expect(shownIn(JSON.stringify(place.exchanges()))).toEqual([])
})
