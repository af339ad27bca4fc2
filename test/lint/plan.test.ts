import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text as whole } from 'node:stream/consumers'
import { afterEach, expect, test } from 'vitest'
import { program } from '../cli/program.ts'

const file = 'test/lint/server/web.nomad.hcl'
const vars = ['--var', 'ports=["http","metrics"]', '--var', 'image=api:1']
// What a Nomad 2.0.6 made of that file.
const parsed = readFileSync('test/lint/server/web.parsed.json', 'utf8')
const counts = { Place: 2, Stop: 0, Ignore: 0 }
const placed = {
  Annotations: { DesiredTGUpdates: { api: counts } },
  Diff: { TaskGroups: [{ Type: 'Added', Name: 'api' }] },
  FailedTGAllocs: null,
  Warnings: '',
}

interface Asked {
  readonly method: string
  readonly url: string
  readonly body: {
    readonly JobHCL?: string
    readonly Canonicalize?: boolean
    readonly Variables?: string
    readonly Job?: unknown
  }
}
type Answer = readonly [status: number, body: string]
const running: Server[] = []
afterEach(() => running.splice(0).forEach((server) => (server.closeAllConnections(), server.close())))

/** Servers that parse every file as `job`, and answer a plan with this. */
async function servers(plan: Answer = [200, JSON.stringify(placed)], job: Answer = [200, parsed]) {
  const asked: Asked[] = []
  const answer = async (request: IncomingMessage): Promise<Answer> => {
    const { method = '', url = '' } = request
    const sent = await whole(request)
    asked.push({ method, url, body: sent === '' ? {} : (JSON.parse(sent) as Asked['body']) })
    if (url.startsWith('/v1/status/leader')) return [200, '"127.0.0.1:4647"']
    if (method !== 'POST') return [404, 'not found']
    return url.startsWith('/v1/jobs/parse') ? job : plan
  }
  const server = createServer((request, response) => {
    void answer(request).then(([status, body]) => response.writeHead(status).end(body))
  })
  running.push(server)
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const plans = () => asked.filter(({ url }) => url.includes('/plan'))
  return { address, asked, plans }
}

interface Found {
  readonly findings: readonly {
    readonly id: string
    readonly fix: readonly {
      readonly diff?: string
      readonly plan?: string
      readonly unplanned?: string
      readonly proven?: true
    }[]
  }[]
}
const stepsOf = (stdout: string) =>
  (JSON.parse(stdout) as Found).findings.flatMap(({ fix }) => fix).filter(({ diff }) => diff !== undefined)

test('what the servers would do with an edit stands beside its diff', async () => {
  const { address, asked, plans } = await servers()
  const { code, stdout } = await program(['lint', file, ...vars, '--plain'], { NOMAD_ADDR: address })
  expect(code).toBe(1)
  expect(stdout).toContain("  The servers' plan: group api: 2 placed; everything finds a place.\n")
  expect(stdout).not.toContain('is not known')
  // Nothing is asked that changes anything.
  expect([...new Set(asked.map(({ method, url }) => `${method} ${url}`))].toSorted()).toEqual([
    'GET /v1/status/leader',
    'POST /v1/job/web/plan',
    'POST /v1/jobs/parse',
  ])
  // The edited text is read with the values given, and what was made of it is planned.
  const [edited] = asked.filter(({ body }) => body.Canonicalize === false)
  expect(edited?.body.JobHCL).not.toBe(readFileSync(file, 'utf8'))
  expect(edited?.body.Variables).toContain('image = "api:1"')
  expect(plans()[0]?.body).toEqual({ Job: JSON.parse(parsed) as unknown, Diff: true })
})

test('in JSON and SARIF, too', async () => {
  const { address } = await servers()
  const said = 'group api: 2 placed; everything finds a place'
  const data = await program(['lint', file, ...vars, '--format', 'json', '--address', address])
  expect(stepsOf(data.stdout).map(({ plan }) => plan)).toEqual([said, said])
  const log = await program(['lint', file, ...vars, '--format', 'sarif', '--address', address])
  const { runs } = JSON.parse(log.stdout) as {
    runs: { results: { fixes?: { properties?: { plan?: string } }[] }[] }[]
  }
  const fixes = runs.flatMap(({ results }) => results.flatMap((result) => result.fixes ?? []))
  expect(fixes.map(({ properties }) => properties?.plan)).toContain(said)
})

test.each<readonly [string, Answer, RegExp]>([
  ['no right', [403, 'Permission denied'], /was not planned: HTTP 403: .*submit-job/],
  ['trouble of theirs', [500, 'rpc error: eval broker disabled'], /was not planned: HTTP 500: rpc error: eval/],
  ['a reply cut short', [200, '{"Annotations": {"Des'], /not JSON \(21 characters, cut short\?\)/],
  ['a reply of another shape', [200, '{}'], /unexpected shape: Annotations is missing/],
])('%s is a reason beside the diff, and no error', async (_, plan, why) => {
  const { address } = await servers(plan)
  const { code, stdout, stderr } = await program(['lint', file, ...vars, '--format', 'json'], { NOMAD_ADDR: address })
  expect({ code, stderr }).toEqual({ code: 1, stderr: '' })
  const steps = stepsOf(stdout)
  expect(steps.length).toBeGreaterThan(0)
  for (const { plan: said, unplanned } of steps) {
    expect(said).toBeUndefined()
    expect(unplanned).toMatch(why)
  }
  const text = await program(['lint', file, ...vars, '--plain'], { NOMAD_ADDR: address })
  expect(text.stdout.replaceAll(/\s+/g, ' ')).toMatch(new RegExp(`The servers' plan is not known: .*${why.source}`))
})

test('an edited job that they refuse is refused in their words, which cannot act on a terminal', async () => {
  const { address } = await servers([
    500,
    '1 error occurred:\n\t* Task group api validation \u001B[31mfailed: no "x"\n',
  ])
  const { code, stdout } = await program(['lint', file, ...vars, '--plain'], { NOMAD_ADDR: address })
  expect(code).toBe(1)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    `The servers' plan: the edited job is refused: Task group api validation`,
  )
  expect(stdout).not.toContain('\u001B')
})

test('with --offline nothing is sent, and that is the reason', async () => {
  const { address, asked } = await servers()
  const argv = ['lint', file, ...vars, '--offline']
  const { stdout } = await program([...argv, '--format', 'json'], { NOMAD_ADDR: address })
  expect(stepsOf(stdout).map(({ unplanned }) => unplanned)).toEqual(
    Array(2).fill('with --offline no servers are asked'),
  )
  const text = await program([...argv, '--plain'], { NOMAD_ADDR: address })
  expect(text.stdout.match(/is not known: with --offline/g)).toHaveLength(1)
  expect(asked).toEqual([])
  expect((await program([...argv, '--address', address])).code).toBe(2)
})

test('servers that are not there are a reason; named with --address, they are wrong usage', async () => {
  const nobody = 'http://127.0.0.1:1'
  const { code, stdout } = await program(['lint', file, ...vars, '--plain'], { NOMAD_ADDR: nobody })
  expect(code).toBe(1)
  expect(stdout).toContain('What the servers would do with these edits is not known: no Nomad answers at http')
  expect(await program(['lint', file, '--address', nobody])).toMatchObject({ code: 2, stdout: '' })
})

test.each([['junit'], ['github']])('%s has no place for a diff: nothing is planned for it', async (format) => {
  const { address, plans } = await servers()
  await program(['lint', file, ...vars, '--format', format], { NOMAD_ADDR: address })
  expect(plans()).toEqual([])
})

const job = (name: string, more = '') => `job "${name}" {
${more}
  group "api" {
    network {
      port "http" {}
    }
    service {
      provider = "nomad"
      port     = "htpp"
    }
    task "t" {
      driver = "exec"
    }
  }
}
`
const folder = (...jobs: readonly string[]): string => {
  const dir = mkdtempSync(join(tmpdir(), 'netdoctor-plan-'))
  for (const [n, one] of jobs.entries()) writeFileSync(join(dir, `${n}.nomad.hcl`), one)
  return dir
}

test('--fix writes whatever the servers say, and --diff plans nothing', async () => {
  const { address, plans } = await servers([500, 'no'], [500, 'no'])
  const dir = folder(job('web'))
  await program(['lint', dir, '--diff'], { NOMAD_ADDR: address })
  expect(await program(['lint', dir, '--fix'], { NOMAD_ADDR: address })).toMatchObject({ code: 0 })
  expect(plans()).toEqual([])
  expect(readFileSync(join(dir, '0.nomad.hcl'), 'utf8')).toContain('port     = "http"')
})

test('the edits that are planned are bounded, and the others say so', async () => {
  const { address, plans } = await servers()
  const dir = folder(...Array.from({ length: 14 }, (_, n) => job(`web-${n}`)))
  const { stdout } = await program(['lint', dir, '--format', 'json'], { NOMAD_ADDR: address })
  expect(plans()).toHaveLength(12)
  expect(stepsOf(stdout).flatMap(({ unplanned = [] }) => unplanned)).toEqual(
    Array(2).fill('only the first 12 edits are planned'),
  )
})

test('a job is planned in the namespace of its file, else in the usual one, as nomad job plan does', async () => {
  const own = await servers(undefined, [200, '{"ID": "web", "Namespace": "shop"}'])
  await program(['lint', folder(job('web', '  namespace = "shop"'))], {
    NOMAD_ADDR: own.address,
    NOMAD_NAMESPACE: 'team',
  })
  expect(own.plans().map(({ url }) => url)).toEqual(['/v1/job/web/plan?namespace=shop'])
  const usual = await servers(undefined, [200, '{"ID": "web", "Namespace": null}'])
  await program(['lint', folder(job('web'))], { NOMAD_ADDR: usual.address, NOMAD_NAMESPACE: 'team' })
  expect(usual.plans().map(({ url }) => url)).toEqual(['/v1/job/web/plan?namespace=team'])
})

test('an edit of the file of an agent is no job, and the servers are not asked about it', async () => {
  const { address, plans } = await servers()
  const dir = mkdtempSync(join(tmpdir(), 'netdoctor-plan-'))
  const agent = join(dir, 'client.hcl')
  writeFileSync(agent, 'client {\n  enabled = true\n  network_interface = "docker0"\n}\n')
  const { stdout } = await program(['lint', agent, '--plain'], { NOMAD_ADDR: address })
  expect(stdout).toContain("The servers' plan is not known: servers plan jobs, and this file is none.")
  expect(plans()).toEqual([])
})
