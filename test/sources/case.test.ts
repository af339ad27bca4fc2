import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { brotliCompressSync, gzipSync } from 'node:zlib'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { outcomeOf } from '../../src/ask/attempt.ts'
import { nomad } from '../../src/ask/nomad.ts'
import type { Connect, Request } from '../../src/ask/request.ts'
import { CaseError, openCase, type Case } from '../../src/sources/case.ts'

const info = {
  id: 'small',
  title: 'A small case',
  what: 'It does not answer',
  symptom: 'cannot-connect',
  subject: { from: { job: 'a', group: 'g', task: 't' }, to: { job: 'b', group: 'g' }, port: 'http' },
  truth: { state: 'broken', faults: ['secret-cause'] },
}
let dir = ''
let second = 0
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'netdoctor-case-'))
  await writeFile(join(dir, 'case.json'), JSON.stringify(info))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const line = (ask: object, body = '', status = 200, more: object = {}): string => {
  second = (second + 1) % 60
  return JSON.stringify({
    ask,
    at: `2026-11-21T00:00:${String(second).padStart(2, '0')}.000Z`,
    ms: 1,
    status,
    body,
    stderr: '',
    ...more,
  })
}
async function open(text: string | Buffer, name = 'replies.jsonl'): Promise<Case> {
  await writeFile(join(dir, name), text)
  const opened = await openCase(dir)
  if (opened instanceof CaseError) throw new Error(opened.message)
  return opened
}
async function broken(text: string | Buffer | undefined, name = 'replies.jsonl'): Promise<CaseError> {
  if (text !== undefined) await writeFile(join(dir, name), text)
  const opened = await openCase(dir)
  if (!(opened instanceof CaseError)) throw new Error('opened')
  return opened
}
const argv = (...words: string[]): Request => ({ via: 'node', node: 'n1', argv: words })
const dial = (connect: Connect): Request => ({ via: 'node', node: 'n1', connect })

describe('a case', () => {
  it('answers what was recorded, plain or compressed, with any line ends and encodings', async () => {
    const text = [line({ via: 'nomad', path: '/v1/nodes' }, 'ünï 日本'), line(argv('ip', '-j'), '[]', 0)].join('\r\n')
    for (const [name, content] of [
      ['replies.jsonl', text],
      ['replies.jsonl', `\uFEFF${text}\n\n`],
      ['replies.jsonl.gz', gzipSync(text)],
      ['replies.jsonl.br', brotliCompressSync(text)],
    ] as const) {
      for (const old of ['', '.gz']) await rm(join(dir, `replies.jsonl${old}`), { force: true })
      const found = await open(content, name)
      expect((await found.ask({ via: 'nomad', path: '/v1/nodes' })).body).toBe('ünï 日本')
      expect(await found.ask(argv('ip', '-j'))).toMatchObject({ status: 0, body: '[]' })
      expect(found.requests()).toHaveLength(2)
    }
  })
  it('tells nobody the truth', async () => {
    const found = await open('')
    expect(found.info).toMatchObject({ id: 'small', symptom: 'cannot-connect', subject: info.subject })
    expect(JSON.stringify(found.info)).not.toContain('secret-cause')
  })
  it('is open when nothing was recorded, and refuses each request by saying so', async () => {
    for (const [name, content] of [
      ['replies.jsonl', ''],
      ['replies.jsonl.gz', gzipSync('')],
      ['replies.jsonl.br', brotliCompressSync('')],
    ] as const) {
      for (const old of ['', '.gz']) await rm(join(dir, `replies.jsonl${old}`), { force: true })
      const found = await open(content, name)
      expect((await found.ask(nomad.nodes())).refusal?.why).toBe('not-recorded')
      expect(found.now).toBe('1970-01-01T00:00:00.000Z')
    }
  })
  it('takes the last of equal requests, and the newest time as now', async () => {
    const found = await open(
      [
        line(argv('uname'), 'old', 0),
        line(argv('uname'), 'new', 0, { at: '2027-01-01T00:00:00Z', tries: 2 }),
        line(argv('ls'), '', 0),
      ].join('\n'),
    )
    expect((await found.ask(argv('uname'))).body).toBe('new')
    expect(found.now).toBe('2027-01-01T00:00:00Z')
  })
  it('is indifferent to how a namespace or a name is spelt', async () => {
    const found = await open(
      [
        line({ via: 'nomad', path: '/v1/job/a%28b%29?namespace=default' }, 'd'),
        line({ via: 'nomad', path: '/v1/job/w/allocations?all=true&namespace=p' }, 'p'),
      ].join('\n'),
    )
    expect((await found.ask(nomad.job('a(b)'))).body).toBe('d')
    expect((await found.ask({ via: 'nomad', path: '/v1/job/w/allocations?namespace=p&all=true' })).body).toBe('p')
    expect((await found.ask(nomad.jobAllocations('w'))).refusal?.why).toBe('not-recorded')
  })
  it('answers a plan only for the job that was planned', async () => {
    const found = await open(
      line(
        {
          via: 'nomad',
          path: '/v1/job/w/plan',
          method: 'POST',
          body: { Job: { ID: 'w', Count: 1 }, Diff: true, PolicyOverride: false },
        },
        'planned',
      ),
    )
    expect((await found.ask(nomad.plan('w', { Count: 1, ID: 'w' }))).body).toBe('planned')
    expect((await found.ask(nomad.plan('w', { ID: 'w', Count: 2 }))).refusal?.why).toBe('not-recorded')
  })
  it('answers a docker inspect from a wider one of the same client', async () => {
    const found = await open(
      [
        line(argv('docker', 'inspect', 'c1', 'c2', 'c3'), '[3]', 0),
        line(argv('docker', 'network', 'inspect', 'n1'), '[1]', 0),
      ].join('\n'),
    )
    expect((await found.ask(argv('docker', 'inspect', 'c3', 'c1'))).body).toBe('[3]')
    expect((await found.ask(argv('docker', 'network', 'inspect', 'n1'))).body).toBe('[1]')
    for (const other of [
      argv('docker', 'inspect', 'c4'),
      argv('docker', 'inspect', 'c1', 'c4'),
      argv('docker', 'network', 'inspect', 'c1'),
    ])
      expect((await found.ask(other)).refusal?.why).toBe('not-recorded')
    expect((await found.ask({ via: 'node', node: 'n2', argv: ['docker', 'inspect', 'c1'] })).refusal?.why).toBe(
      'not-recorded',
    )
  })
  it('tells of a connection that was tried twice what both attempts met', async () => {
    const tried = (status: number, ...options: string[]) =>
      line(argv('curl', '-sS', ...options, 'http://10.0.0.1:80/'), '', status, {
        stderr: status === 28 ? 'curl: (28) Connection timed out after 3001 milliseconds' : '',
      })
    const met = async (...lines: string[]) =>
      outcomeOf(
        await (await open(lines.join('\n'))).ask(dial({ proto: 'http', host: '10.0.0.1', port: 80, path: '/' })),
      )
    expect(await met(tried(28), tried(0))).toBe('sometimes')
    expect(await met(tried(0), tried(28))).toBe('sometimes')
    expect(await met(tried(28), tried(28))).toBe('timed-out')
    // From another address it is another connection.
    expect(await met(tried(28, '--interface', '10.9.0.1'), tried(0))).toBe('connected')
  })
  it('answers connection requests from recorded attempts to the same place', async () => {
    const curl = (url: string, status: number, stderr = '', body = '') =>
      line(argv('curl', '-sS', '--max-time', '4', url), body, status, { stderr })
    const found = await open(
      [
        curl('http://10.0.0.1:80/', 0, '', 'ok'),
        curl('http://10.0.0.2:81/', 7, 'curl: (7) Failed to connect to 10.0.0.2 port 81 after 0 ms: x'),
        line(
          { via: 'task', alloc: 'a', task: 't', argv: ['sh', '-c', 'echo PING | nc -w 3 127.0.0.1 6379; echo rc=$?'] },
          '+PONG\nrc=0\n',
          0,
        ),
        line({ ...dial({ proto: 'udp', host: 'h', port: 53 }) }, 'x', 0),
      ].join('\n'),
    )
    expect(found.attempts().map(({ connect }) => connect.port)).toEqual([80, 81, 6379, 53])
    expect((await found.ask(dial({ proto: 'http', host: '10.0.0.1', port: 80 }))).body).toBe('ok')
    expect((await found.ask(dial({ proto: 'tcp', host: '10.0.0.1', port: 80 }))).body).toBe('ok')
    // Another path may answer differently; where no connection stands, it cannot.
    expect((await found.ask(dial({ proto: 'http', host: '10.0.0.1', port: 80, path: '/x' }))).refusal?.why).toBe(
      'not-recorded',
    )
    expect((await found.ask(dial({ proto: 'http', host: '10.0.0.2', port: 81, path: '/x' }))).status).toBe(7)
    expect((await found.ask(dial({ proto: 'udp', host: '10.0.0.1', port: 80 }))).refusal?.why).toBe('not-recorded')
    expect(
      (await found.ask({ via: 'node', node: 'n2', connect: { proto: 'tcp', host: '10.0.0.1', port: 80 } })).refusal
        ?.why,
    ).toBe('not-recorded')
    expect(
      (
        await found.ask({
          via: 'task',
          alloc: 'a',
          task: 't',
          connect: { proto: 'tcp', host: '127.0.0.1', port: 6379 },
        })
      ).body,
    ).toBe('+PONG\n')
  })
  it('keeps a recorded refusal', async () => {
    const refusal = { why: 'not-asked', detail: 'needs your consent' }
    const found = await open(line(argv('ss'), '', -1, { refusal }))
    expect((await found.ask(argv('ss'))).refusal).toEqual(refusal)
  })
  it('opens by one of its files', async () => {
    await open('')
    for (const name of ['case.json', 'replies.jsonl'])
      expect(await openCase(join(dir, name))).not.toBeInstanceOf(CaseError)
  })
})

describe('what is no case', () => {
  it.each([
    ['not json', '{"ask":', 'not JSON'],
    ['a half line', line(argv('ls')).slice(0, 40), 'not JSON'],
    ['a list', '[]', 'not an object'],
    ['no ask', '{}', '"ask" is not an object'],
    ['unknown via', line({ via: 'ftp', path: '/' }), '"ask.via" is "ftp"'],
    ['no node', line({ via: 'node', argv: ['ls'] }), '"ask.node"'],
    ['empty argv', line({ via: 'node', node: 'n', argv: [] }), 'argv'],
    ['no path', line({ via: 'nomad' }), '"ask.path"'],
    ['bad time', line(argv('ls'), '', 0, { at: 'noon' }), '"at"'],
    ['bad status', line(argv('ls'), '', 0, { status: 'ok' }), '"status"'],
    ['bad body', line(argv('ls'), '', 0, { body: {} }), '"body"'],
  ])('%s: names file and line', async (_, text, said) => {
    const error = await broken(`${line(argv('ip'))}\n${text}\n`)
    expect(error).toMatchObject({ file: join(dir, 'replies.jsonl'), line: 2 })
    expect(error.message).toContain(said)
    expect(error.message).toContain('replies.jsonl:2: ')
  })
  it('names a missing folder, a missing or half-written file, and a cut archive', async () => {
    const missing = await openCase(join(dir, 'nowhere'))
    expect(missing).toMatchObject({ message: `${join(dir, 'nowhere')}: no such file or folder` })
    expect((await broken(undefined)).message).toContain('expected replies.jsonl, or that compressed')
    const whole = Array.from({ length: 500 }, (_, i) => line(argv('ls', `${Math.sin(i)}`))).join('\n')
    for (const [name, pack] of [
      ['replies.jsonl.br', brotliCompressSync],
      ['replies.jsonl.gz', gzipSync],
    ] as const) {
      const packed = pack(whole)
      const cut = await broken(packed.subarray(0, packed.length / 2), name)
      expect(cut.message).toMatch(/replies\.jsonl\.(br|gz).*ends in the middle of its compressed data/)
      expect((await broken('not packed', name)).message).toContain(name)
    }
  })
  it.each([
    ['', 'is empty'],
    ['{"id": "x", "subj', 'is not JSON'],
    ['{"id": "x"}', '"subject"'],
    ['{"id": 5, "subject": {"to": null}}', '"id"'],
    ['{"id": "x", "subject": {"from": {}, "to": {"job": "b"}}}', '"subject.from": names nothing'],
  ])('case.json %s', async (text, said) => {
    await writeFile(join(dir, 'case.json'), text)
    const error = await broken('')
    expect(error.file).toBe(join(dir, 'case.json'))
    expect(error.message).toContain(said)
  })
  it('prints no control characters of a hostile file', async () => {
    // oxlint-disable-next-line no-control-regex
    expect((await broken('\u001B[31m{')).message).not.toMatch(/\u001B/)
    await rm(join(dir, 'case.json'))
    expect((await broken('')).message).toContain('is missing')
  })
})
