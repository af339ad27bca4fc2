import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../src/ask/attempt.ts'
import { refusalOf } from '../../src/ask/refusal.ts'
import type { Connect, Reply, Request } from '../../src/ask/request.ts'
import type { Consent } from '../../src/sources/consent.ts'
import { execute } from '../../src/sources/exec.ts'
import { nomadSource } from '../../src/sources/nomad.ts'
import { spawn } from '../../src/sources/spawn.ts'
import { dialScript, readDial } from '../../src/sources/task-script.ts'
import { taskSource } from '../../src/sources/task.ts'
import { soon } from '../soon.ts'
import { certificate } from './certificate.ts'
import { exited, onExec, stderr, stdout, type Talk } from './exec-server.ts'
import { quick, serve } from './server.ts'

const request: Request = { via: 'task', alloc: 'aaaa', task: 'a task', argv: ['cat', "/etc/ho'sts"] }
const dial: Request = { via: 'task', alloc: 'aaaa', task: 't', connect: { proto: 'tcp', host: '10.0.0.1', port: 80 } }
const agree: Consent = () => true

async function ask(talk: (talk: Talk) => void, what: Request = request, consent: Consent = agree, status?: number) {
  const local = await serve((_, response) => response.end())
  const heard = onExec(local.server, talk, status)
  const endpoint = { ...local.endpoint, token: 'tok', region: 'eu' }
  const nomad = nomadSource(endpoint, quick)
  const reply = await taskSource(nomad, endpoint, consent)(what)
  await nomad.close()
  return { reply, heard }
}

const run = async (connect: Connect): Promise<Reply | null> => readDial(await spawn(dialScript(connect)))

describe('a command in a task', () => {
  it('goes out as one upgrade with the token, and comes back with output and exit code', async () => {
    let seen: Talk | undefined
    const { reply, heard } = await ask((talk) => {
      seen = talk
      talk.send(stdout('127.0.0.1 '))
      talk.send(stdout('localhöst\n'))
      talk.send(stderr('warn\n'))
      talk.send({ stdout: { close: true } })
      talk.send(exited(3))
    })
    expect(reply).toMatchObject({ status: 3, body: '127.0.0.1 localhöst\n', stderr: 'warn\n' })
    expect(seen?.request.headers['x-nomad-token']).toBe('tok')
    expect(seen?.request.url?.split('?')[0]).toBe('/v1/client/allocation/aaaa/exec')
    expect(Object.fromEntries(seen?.query ?? [])).toEqual({
      task: 'a task',
      tty: 'false',
      command: '["cat","/etc/ho\'sts"]',
      region: 'eu',
    })
    await soon(() => expect(heard).toEqual(['{"stdin":{"close":true}}']))
  })
  it('is not run without consent', async () => {
    let times = 0
    const { reply } = await ask(
      () => (times += 1),
      request,
      () => false,
    )
    expect(reply.refusal).toEqual({
      why: 'not-asked',
      detail: 'it runs inside the workload and needs your consent (--yes)',
    })
    expect(times).toBe(0)
  })
  it('is asked again when it succeeded without a word', async () => {
    let times = 0
    const late = await ask((talk) => {
      times += 1
      if (times === 3) talk.send(stdout('here'))
      talk.send(exited(0))
    })
    expect(late.reply).toMatchObject({ status: 0, body: 'here' })
    times = 0
    const never = await ask((talk) => {
      times += 1
      talk.send(exited(0))
    })
    expect(never.reply).toMatchObject({ status: 0, body: '' })
    expect(times).toBe(3)
  })
  it.each([
    ['Permission denied', 'denied'],
    ['No path to node', 'offline'],
    ['Unknown allocation "aaaa"', 'not-found'],
    ['exec: "x": executable file not found in $PATH', 'unsupported'],
  ])('that Nomad does not start is told with the reason: %s', async (reason, why) => {
    const { reply } = await ask((talk) => talk.close(1008, reason))
    expect(reply).toMatchObject({ status: 1, stderr: `failed to exec into task: ${reason}` })
    expect(refusalOf(request, reply)?.why).toBe(why)
  })
  it('that broke on the way is no answer', async () => {
    expect((await ask((talk) => talk.drop())).reply.status).toBe(-1)
    expect((await ask(() => {}, request, agree, 403)).reply.status).toBe(-1)
    expect((await ask((talk) => (talk.send('not json'), talk.send('null'), talk.send(exited(1))))).reply.status).toBe(1)
  })
  it('has a time-out', async () => {
    const local = await serve((_, response) => response.end())
    onExec(local.server, (talk) => talk.send(stdout('begun')))
    const nomad = nomadSource(local.endpoint, quick)
    const reply = await execute({
      nomad,
      endpoint: local.endpoint,
      alloc: 'a',
      task: 't',
      argv: ['sleep'],
      timeout: 2000,
    })
    await nomad.close()
    expect(reply).toMatchObject({ status: -1, body: 'begun', stderr: expect.stringContaining('timed out') as string })
  })
  it('goes over TLS with the same trust', async () => {
    const own = certificate()
    const local = await serve((_, response) => response.end(), own)
    onExec(local.server, (talk) => (talk.send(stdout('tls')), talk.send(exited(0))))
    const endpoint = { ...local.endpoint, tls: { ca: [own.cert] } }
    const nomad = nomadSource(endpoint, quick)
    expect(await taskSource(nomad, endpoint, agree)(request)).toMatchObject({ status: 0, body: 'tls' })
    await nomad.close()
  })
})

describe('a connection attempt from a task', () => {
  it('tells the exit code the script printed', async () => {
    const refused = await ask((talk) => {
      talk.send(stderr("nc: can't connect to remote host (10.0.0.1): Connection refused\n"))
      talk.send(stdout('\nrc=1\n'))
      talk.send(exited(0))
    }, dial)
    expect(refused.reply).toMatchObject({ status: 1, body: '' })
    expect(outcomeOf(refused.reply)).toBe('refused')
    const open = await ask((talk) => (talk.send(stdout('\nrc=124\n')), talk.send(exited(0))), dial)
    expect(outcomeOf(open.reply)).toBe('connected')
  })
  it('proves nothing when the script did not end', async () => {
    const cut = await ask((talk) => talk.send(exited(0)), dial)
    expect(cut.reply.refusal?.why).toBe('failed')
    const shell = await ask((talk) => talk.close(1011, 'exec: "sh": executable file not found in $PATH'), dial)
    expect(shell.reply.refusal?.why).toBe('unsupported')
  })
  it('takes no place that is none', async () => {
    const { reply } = await ask(() => {}, { ...dial, connect: { proto: 'tcp', host: '$(id)', port: 80 } })
    expect(reply.refusal?.why).toBe('not-asked')
  })
})

describe('the script of an attempt', () => {
  it('works in a real shell', async () => {
    const local = await serve((_, response) => response.end('hello'))
    const answered = await run({ proto: 'http', host: '127.0.0.1', port: local.port, path: '/x' })
    expect(answered && outcomeOf(answered)).toBe('answered')
    expect(answered?.body).toContain('hello')
    local.server.closeAllConnections()
    await new Promise((done) => local.server.close(done))
    const refused = await run({ proto: 'tcp', host: '127.0.0.1', port: local.port })
    expect(refused && outcomeOf(refused)).toBe('refused')
  })
  it('hands its words over untouched', async () => {
    const script = dialScript({ proto: 'http', host: '$(touch /tmp/x)', port: 80, path: '/`id`' })
    expect(script[2]).not.toContain('touch')
    expect(script.slice(3)).toEqual(['sh', 'http://$(touch /tmp/x):80/`id`', '$(touch /tmp/x)', '80', '/`id`'])
  })
  it('is not believed without its last line', () => {
    expect(readDial({ at: '', ms: 0, status: 0, body: 'half' })).toBeNull()
  })
})
