import { once } from 'node:events'
import { mkdtempSync, rmSync } from 'node:fs'
import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, expect, test } from 'vitest'
import { jobLines, listed, program, smallCase } from './program.ts'

const servers: Server[] = []
afterEach(() => {
  for (const server of servers.splice(0)) server.close()
})

const noTrace = /\n\s+at .*[(:]\d+|Error:|node:internal/

/** A call that must end with code 2, one clear message, and nothing on standard output. */
async function refused(argv: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<string> {
  const { code, stdout, stderr } = await program(argv, env)
  expect({ code, stdout }).toEqual({ code: 2, stdout: '' })
  expect(stderr).not.toMatch(noTrace)
  expect(stderr).toMatch(/^nomad-netdoctor: /)
  return stderr
}

test('an unknown command, flag, format, symptom and fault name the nearest', async () => {
  expect(await refused(['diagnos'])).toMatch(/"diagnos"[\s\S]*diagnose/)
  expect(await refused(['diagnose', '--form', 'web'])).toMatch(/--form[\s\S]*--from/)
  expect(await refused(['diagnose', '--ssh', '-F conf root@{address}'])).toMatch(/--ssh has no value.*--ssh=/)
  expect(await refused(['faults', 'missing-netwrk'])).toMatch(/missing-netwrk[\s\S]*missing-network/)
  const dir = smallCase([listed('web', 'api'), ...jobLines('web'), ...jobLines('api')])
  expect(await refused(['diagnose', '--case', dir, '--format', 'jsn'])).toMatch(/jsn[\s\S]*json/)
  expect(await refused(['diagnose', '--case', dir, '--symptom', 'outsid'])).toMatch(/outsid[\s\S]*outside/)
  expect(await refused(['diagnose', '--case', dir, '--port'])).toMatch(/--port/)
  rmSync(dir, { recursive: true })
})

test('what is near to nothing still says where all names stand', async () => {
  expect(await refused(['bogus'])).toMatch(/no command "bogus"\n  All commands: nomad-netdoctor --help/)
  expect(await refused(['diagnose', '--bogus'])).toMatch(/unknown flag --bogus\n  All flags: .*--help/)
})

test('a port outside 1-65535 is wrong usage, wherever it stands', async () => {
  const dir = smallCase([listed('web', 'api'), ...jobLines('web'), ...jobLines('api')])
  const wrong = [
    ['--port', '99999999'],
    ['--port', '0'],
    ['--port=-1'],
    ['--from', 'outside:192.0.2.1:65536'],
    ['--to', 'outside:[2001:db8::1]:70000'],
    ['--dials', 'c1:70000'],
    ['--dials', ':0'],
    ['--dials', 'udp:70000'],
    ['--dials', '65536'],
  ]
  for (const flags of wrong)
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    expect(await refused(['diagnose', '--case', dir, ...flags])).toMatch(/ports are numbers from 1 to 65535/)
  const told = smallCase([listed('web', 'api'), ...jobLines('web'), ...jobLines('api')], {
    subject: { from: { job: 'web' }, to: { job: 'api' }, port: 70_000 },
  })
  expect(await refused(['diagnose', '--case', told])).toMatch(/case small: port 70000: ports are numbers/)
  for (const one of [dir, told]) rmSync(one, { recursive: true })
})

test('an address that is none is wrong usage, wherever it stands', async () => {
  const dir = smallCase([listed('web', 'api'), ...jobLines('web'), ...jobLines('api')])
  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['--dials', '10.0.0.999:80', /--dials 10\.0\.0\.999:80: 10\.0\.0\.999 is no address/],
    ['--dials', '10.0.0:80', /10\.0\.0 is no address/],
    ['--dials', '[fd00::zz]:80', /fd00::zz is no IPv6 address/],
    ['--dials', 'udp:10.0.0.999:53', /10\.0\.0\.999 is no address/],
    ['--dials', 'udp:', /that is no address, name or port/],
    ['--dials', 'db:5432:1', /that is no address, name or port/],
    ['--to', 'outside:10.0.0.999:80', /10\.0\.0\.999 is no address/],
    ['--from', 'outside:banana', /--from outside:banana: who calls from outside is told by an address/],
  ]
  for (const [flag, said, message] of wrong)
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    expect(await refused(['diagnose', '--case', dir, flag, said])).toMatch(message)
  rmSync(dir, { recursive: true })
})

test('a target that nobody names is asked for, and --all beside a name is refused', async () => {
  const dir = smallCase([listed('web', 'api'), ...jobLines('web'), ...jobLines('api')], {
    subject: { from: null, to: null, port: null },
  })
  for (const command of ['path', 'diagnose'])
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    expect(await refused([command, '--case', dir, '--from', 'web'])).toMatch(
      /say whom web\/web cannot reach: --to NAME/,
    )
  expect(await refused(['check', '--case', dir, '--all', '--job', 'web'])).toMatch(/--job and --all exclude each other/)
  expect(await refused(['check', '--case', dir, '--node', 'c1', '--all'])).toMatch(/--node and --all exclude/)
  rmSync(dir, { recursive: true })
})

test('a client is named with or without what it is, and the nearest names can be given as they are offered', async () => {
  const check = ['check', '--case', 'cases/wrong-to-port', '--node']
  const [, offered = ''] = /there is no node "c8"\n +Did you mean: (\S+),/.exec(await refused([...check, 'c8'])) ?? []
  for (const name of [offered, `node:${offered}`]) {
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    const { code, stdout } = await program([...check, name])
    expect({ code, first: stdout.split('\n')[0] }).toEqual({
      code: 1,
      first: expect.stringContaining(`client ${offered} `),
    })
  }
})

test('a job with more groups says how to name one, and check takes all of them', async () => {
  const [job] = jobLines('pay')
  const body = job?.body as { readonly TaskGroups: readonly object[] }
  const groups = ['ledger', 'card'].map((Name) => ({ ...body.TaskGroups[0], Name }))
  const lines = [
    listed('pay'),
    { path: '/v1/job/pay', body: { ...body, TaskGroups: groups } },
    ...jobLines('pay').slice(1),
  ]
  const dir = smallCase(lines, { subject: { from: null, to: { job: 'pay', group: 'card' }, port: null } })
  const said = await refused(['diagnose', '--case', dir, '--to', 'pay', '--symptom', 'not-placed'])
  expect(said).toMatch(/has 2 groups: say which, as in pay\/ledger\n.*pay\/card\n.*check --job pay\n/)
  expect((await program(['check', '--case', dir, '--job', 'pay'])).code).not.toBe(2)
  rmSync(dir, { recursive: true })
})

test('without a terminal the bare program says what works there; a screen that was asked for is refused', async () => {
  const { code, stdout, stderr } = await program([])
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' })
  expect(stdout).toMatch(/nomad-netdoctor diagnose --from A --to B/)
  expect(await refused(['--plain'])).toMatch(/needs a terminal.*diagnose/)
})

test('a case that is missing or half written is said with its place', async () => {
  expect(await refused(['diagnose', '--case', '/nowhere/at/all'])).toMatch(/\/nowhere\/at\/all/)
  const empty = mkdtempSync(join(tmpdir(), 'netdoctor-empty-'))
  expect(await refused(['diagnose', '--case', empty])).toMatch(/case\.json|replies/)
  const half = smallCase([listed('web')], '{"id": "x", "titl')
  expect(await refused(['check', '--case', half])).toMatch(/case\.json.*not JSON/)
  const nameless = smallCase([listed('web')], '{"title": "x"}')
  expect(await refused(['check', '--case', nameless])).toMatch(/case\.json: "id" is missing\n/)
  const notJson = smallCase(
    `${JSON.stringify({ ask: { via: 'nomad', path: '/v1/jobs' }, at: '2026-11-21T05:00:00.000Z', ms: 0, status: 200, body: '' })}\n{"ask": oops\n`,
  )
  expect(await refused(['diagnose', '--case', notJson])).toMatch(/replies\.jsonl:2/)
  for (const dir of [empty, half, nameless, notJson]) rmSync(dir, { recursive: true })
})

test('a source or target that does not exist offers the nearest names', async () => {
  const dir = smallCase([listed('web', 'api', 'other'), ...jobLines('web'), ...jobLines('api')])
  expect(await refused(['diagnose', '--case', dir, '--to', 'ap'])).toMatch(/no job "ap"[\s\S]*api/)
  expect(await refused(['diagnose', '--case', dir, '--to', 'api/apo'])).toMatch(/group[\s\S]*api/)
  expect(await refused(['diagnose', '--case', dir, '--from', 'web/web/mian'])).toMatch(/task[\s\S]*main/)
  expect(await refused(['diagnose', '--case', dir, '--to', 'a//b'])).toMatch(/a\/\/b/)
  rmSync(dir, { recursive: true })
})

test('a case that asks about what its recording does not hold is no case', async () => {
  const subject = { from: { job: 'web' }, to: { job: 'apo' }, port: null }
  const dir = smallCase([listed('web', 'api', 'other'), ...jobLines('web'), ...jobLines('api')], { subject })
  expect(await refused(['diagnose', '--case', dir])).toMatch(/to apo: there is no job "apo"[\s\S]*api/)
  expect((await program(['diagnose', '--case', dir, '--to', 'api'])).code).not.toBe(2)
  rmSync(dir, { recursive: true })
})

test('where nothing may be read, the reason is all that is said', async () => {
  const server = createServer((_, response) => response.writeHead(403).end('Permission denied')).listen(0, '127.0.0.1')
  await once(server, 'listening')
  servers.push(server)
  const { port } = server.address() as AddressInfo
  const ask = ['diagnose', '--to', 'api', '--address', `http://127.0.0.1:${port}`]
  const { code, stdout } = await program(ask)
  const unknown = await program([...ask, '--token', 'abc'])
  server.close()
  expect(code).toBe(3)
  expect(stdout.split('\n').length).toBeLessThan(10)
  expect(stdout).toMatch(/nothing of api can be read\.\n {2}not allowed: HTTP 403: no token is set/)
  expect(unknown.stdout).toMatch(/nothing of api can be read\.\n {2}not allowed: HTTP 403/)
  expect(unknown.stdout).not.toContain('no token is set')
})

test('a reply of the wrong shape makes facts unknown, never healthy', async () => {
  const dir = smallCase([
    listed('web', 'api'),
    { path: '/v1/job/api', body: '{"ID": 7}' },
    { path: '/v1/job/web', body: '<html>' },
  ])
  const { code, stdout, stderr } = await program(['diagnose', '--case', dir, '--format', 'json'])
  expect({ code, stderr }).toEqual({ code: 3, stderr: '' })
  const report = JSON.parse(stdout) as { diagnosis: unknown; steps: { by: string }[] }
  expect(report.diagnosis).toBeNull()
  expect(report.steps.some(({ by }) => by === 'assumed')).toBe(true)
  rmSync(dir, { recursive: true })
})

test('an address that refuses, a bad address and a missing file are said in one line', async () => {
  expect(await refused(['diagnose', '--to', 'api', '--address', 'http://127.0.0.1:9'])).toMatch(
    /127\.0\.0\.1:9.*refused/,
  )
  expect(await refused(['diagnose', '--to', 'api'], { NOMAD_ADDR: 'htp:/x y' })).toMatch(/NOMAD_ADDR/)
  expect(await refused(['diagnose', '--to', 'api', '--ca-cert', '/no/such.pem'])).toMatch(/--ca-cert.*\/no\/such\.pem/)
})

test.each([
  ['a proxy that limits requests', 429, 'rate limited', /HTTP 429: rate limited[\s\S]*try again/],
  ['a server in trouble', 500, 'No cluster leader', /HTTP 500: No cluster leader[\s\S]*another one/],
  ['a page that asks for a login', 200, '<html>login</html>', /HTML page[\s\S]*NOMAD_ADDR/],
])('%s is told from a cluster that is not there', async (_, status, body, said) => {
  const server = createServer((__, response) => response.writeHead(status).end(body))
  servers.push(server)
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const stderr = await refused(['check', '--address', address])
  expect(stderr).toMatch(/does not answer as Nomad does at http/)
  expect(stderr).toMatch(said)
})

test('a token without rights ends undetermined, and names what it lacks', async () => {
  const server = createServer((request, response) => {
    response.statusCode = request.url?.startsWith('/v1/status/leader') ? 200 : 403
    response.end(response.statusCode === 200 ? '"127.0.0.1:4647"' : 'Permission denied')
  })
  servers.push(server)
  await new Promise<void>((done) => void server.listen(0, '127.0.0.1', done))
  const address = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
  const { code, stdout, stderr } = await program([
    'diagnose',
    '--from',
    'web/web',
    '--to',
    'api/api',
    '--address',
    address,
  ])
  expect(stderr).toBe('')
  expect(code).toBe(3)
  expect(stdout).toMatch(/Undetermined/)
  expect(stdout).toMatch(/read-job/)
})

test('where one reason keeps most unknown, it stands at the top, and long runs are folded', async () => {
  const dir = smallCase([listed('web', 'api'), ...jobLines('web'), ...jobLines('api')])
  const { code, stdout } = await program(['diagnose', '--case', dir, '--from', 'web', '--to', 'api'])
  expect(code).toBe(3)
  const [head = ''] = stdout.split('The way here')
  expect(head.replaceAll(/\s+/g, ' ')).toMatch(/Undetermined: .*The reason for most of it: not recorded: \S/)
  expect(stdout).toMatch(/^ {4}\? \d+ not settled: [a-z0-9-]+, /m)
  rmSync(dir, { recursive: true })
})

test('names with control sequences are shown harmless', async () => {
  const evil = 'a\u001B[31mpi\u0007\u202E'
  const dir = smallCase([listed('web', evil), ...jobLines('web')], { title: `see \u001B]0;owned\u0007this` })
  const shown = await refused(['diagnose', '--case', dir, '--to', `ap${evil}`])
  const text = await program(['diagnose', '--case', dir])
  // eslint-disable-next-line no-control-regex
  for (const out of [shown, text.stdout]) expect(out).not.toMatch(/[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u202E]/)
  rmSync(dir, { recursive: true })
})

test('both formats end with the same code', async () => {
  const dir = smallCase([listed('web', 'api'), ...jobLines('web'), ...jobLines('api')])
  const [text, json] = await Promise.all([
    program(['diagnose', '--case', dir]),
    program(['diagnose', '--case', dir, '--format', 'json']),
  ])
  expect(text.code).toBe(json.code)
  rmSync(dir, { recursive: true })
})

test('a port number that the target does not have names those it has', async () => {
  for (const command of ['path', 'diagnose'])
    expect(await refused([command, '--case', 'cases/bridge-healthy', '--port', '99'])).toMatch(
      /--port 99: orders-api has no port 99.*its ports are 8080, \d+\n.*http/,
    )
  const { code } = await program(['path', '--case', 'cases/bridge-healthy', '--port', '8080'])
  expect(code).toBe(0)
})

test('a case that is not there: the shipped one of that name, or of a near one, as a path that works', async () => {
  expect(await refused(['diagnose', '--case', 'wrong-to-port'])).toBe(
    'nomad-netdoctor: wrong-to-port: no such file or folder\n  Did you mean: cases/wrong-to-port\n',
  )
  expect(await refused(['check', '--case', 'cases/wrong-to-prt'])).toMatch(/Did you mean: cases\/wrong-to-port\b/)
  expect(await refused(['check', '--case', 'test'])).not.toContain('Did you mean')
})

test('without a terminal a case is offered the command that prints its diagnosis', async () => {
  expect(await refused(['--case', 'cases/wrong-to-port'])).toMatch(
    /nomad-netdoctor diagnose --case cases\/wrong-to-port\n/,
  )
})

test('of a reply with an unexpected shape it is said which one', async () => {
  const [job] = jobLines('api')
  const lines = [listed('web', 'api'), ...jobLines('web'), ...(job ? [job] : [])]
  const [shape, cut] = ['{}', '[{"ID":'].map((body) =>
    smallCase([...lines, { path: '/v1/job/api/allocations?all=true', body }]),
  )
  for (const [dir, said] of [
    [shape, /the reply to GET \/v1\/job\/api\/allocations\S* has an unexpected shape: reply is not a list/],
    [cut, /the reply to GET \/v1\/job\/api\/allocations\S* is not JSON/],
  ] as const) {
    // oxlint-disable-next-line no-await-in-loop -- one process after the other
    const { stdout } = await program(['diagnose', '--case', dir ?? ''])
    expect(stdout.replaceAll(/\s+/g, ' ')).toMatch(said)
    rmSync(dir ?? '', { recursive: true })
  }
})
