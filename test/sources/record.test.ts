import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { nodeCommands } from '../../src/ask/commands.ts'
import { consul } from '../../src/ask/consul.ts'
import { nomad } from '../../src/ask/nomad.ts'
import { describe as say, type Ask, type Reply, type Request } from '../../src/ask/request.ts'
import { capture } from '../../src/sources/capture.ts'
import type { CaseInfo } from '../../src/sources/case-info.ts'
import { CaseError, openCase } from '../../src/sources/case.ts'
import { recorder } from '../../src/sources/record.ts'

const info: CaseInfo = {
  id: 'mine',
  title: 't',
  what: 'w',
  symptom: 'cannot-connect',
  subject: { from: { job: 'a' }, to: { job: 'b' }, port: 'http' },
}
let dir = ''
beforeEach(async () => {
  dir = await mkdtemp(join(tmpdir(), 'nd-record-'))
})
afterEach(() => rm(dir, { recursive: true, force: true }))

const at = '2026-11-21T00:00:00.000Z'
const reply = (body: string, status = 200): Reply => ({ at, ms: 2, status, body })
const refusing: Ask = () => Promise.resolve({ ...reply('', -1), refusal: { why: 'not-asked', detail: 'no' } })

const echo: Ask = async (request) =>
  request.via === 'node'
    ? { ...reply('', -1), refusal: { why: 'not-asked', detail: 'no ssh' } }
    : { ...reply(`body of ${say(request)} \u2028 "x"\n`), stderr: 'e' }
const alloc = (ID: string, JobID: string, NodeID: string, state = 'running') => ({
  ID,
  JobID,
  NodeID,
  TaskGroup: 'g',
  Namespace: 'default',
  ClientStatus: state,
  CreateIndex: 1,
  TaskStates: { 't 1': { State: state } },
})

describe('a recording', () => {
  it('is a case that answers the same', async () => {
    const requests: Request[] = [
      nomad.nodes(),
      nomad.plan('a', { ID: 'a' }),
      consul.agent(),
      { via: 'node', node: 'n', argv: ['ip'] },
      { via: 'task', alloc: 'a', task: 't', connect: { proto: 'tcp', host: 'h', port: 1 } },
    ]
    const recording = recorder(echo, join(dir, 'case/'))
    const live = await Promise.all(requests.map(recording.ask))
    expect(await recording.finish(info)).toEqual({ dir: join(dir, 'case'), replies: 5 })
    const opened = await openCase(join(dir, 'case'))
    if (opened instanceof CaseError) throw new Error(opened.message)
    expect(opened.info).toEqual(info)
    expect(await Promise.all(requests.map(opened.ask))).toEqual(live)
    expect(opened.attempts()).toHaveLength(1)
    expect(await readdir(dir)).toEqual(['case'])
  })
  it('leaves nothing half: abandoned, or where something is already', async () => {
    const recording = recorder(refusing, join(dir, 'x'))
    await recording.ask(nomad.nodes())
    await recording.abandon()
    expect(await readdir(dir)).toEqual([])
    await mkdir(join(dir, 'full'))
    await writeFile(join(dir, 'full', 'file'), '')
    for (const place of ['full', 'full/file']) {
      const again = recorder(refusing, join(dir, place))
      await again.ask(nomad.nodes())
      expect(await again.finish(info)).toMatch(/exists already|not a directory/i)
    }
    expect(await readdir(dir)).toEqual(['full'])
    expect(await readdir(join(dir, 'full'))).toEqual(['file'])
    expect(await recorder(refusing, join(dir, 'full/file/x')).finish(info)).toContain('full/file/x')
  })
})

describe('a capture', () => {
  const world: Readonly<Record<string, unknown>> = {
    [nomad.nodes().via === 'nomad' ? '/v1/nodes?resources=true&os=true' : '']: [
      { ID: 'n1', Name: 'c1' },
      { ID: 'n2', Name: 'c2' },
      { ID: 'n3', Name: 'c3' },
    ],
    '/v1/allocations?resources=true&task_states=true&namespace=*': [
      alloc('a1', 'a', 'n1'),
      alloc('b1', 'b', 'n2'),
      alloc('b2', 'b', 'n2', 'failed'),
      alloc('z1', 'z', 'n3'),
    ],
    '/v1/services?namespace=*': [{ Namespace: 'prod', Services: [{ ServiceName: 's' }] }],
    '/v1/job/a': { ID: 'a', Version: 3 },
    '/v1/agent/self': {
      config: { Client: { CNIPath: '/opt/cni/bin:/usr/libexec/cni', CNIConfigDir: '/etc/cni/net.d' } },
    },
    '/v1/catalog/services': { web: [] },
  }
  const id = 'abcdef012345'
  const source: Ask = async (request) => {
    if ('path' in request) return request.path in world ? reply(JSON.stringify(world[request.path])) : reply('null')
    const line = 'argv' in request ? request.argv.join(' ') : ''
    if (line === 'ls -l /opt/cni/bin') return reply('total 1\n-rwxr-xr-x 1 root root 1 Jan 1 00:00 bridge\n', 0)
    if (line === 'ls -l /usr/libexec/cni') return reply('total 1\n-rwxr-xr-x 1 root root 1 Jan 1 00:00 portmap\n', 0)
    if (line === 'ls -l /etc/cni/net.d') return reply('total 1\n-rw-r--r-- 1 root root 1 Jan 1 00:00 x.conflist\n', 0)
    return reply(
      line.startsWith('docker ps') || line.startsWith('docker network ls') ? `{"Command":"x","ID":"${id}"}\n` : '',
      0,
    )
  }
  it('asks what the subject is about, widely and once', async () => {
    const asked: Request[] = []
    const count = await capture(
      (request) => {
        asked.push(request)
        return source(request)
      },
      { from: { job: 'a' }, to: { job: 'b', group: 'g' } },
    )
    const said = asked.map(say)
    expect(count).toBe(said.length)
    expect(new Set(said).size).toBe(said.length)
    const nodes = new Set(asked.flatMap((request) => (request.via === 'node' ? [request.node] : [])))
    expect([...nodes].toSorted()).toEqual(['n1', 'n2'])
    for (const argv of nodeCommands) expect(said).toContain(`${argv.join(' ')}   on node n1`)
    expect(said).toContain(`docker inspect ${id}   on node n1`)
    expect(said).toContain('env CNI_COMMAND=VERSION /opt/cni/bin/bridge   on node n2')
    expect(said).toContain('env CNI_COMMAND=VERSION /usr/libexec/cni/portmap   on node n2')
    expect(said).toContain('cat /etc/cni/net.d/x.conflist   on node n2')
    expect(said).toContain('GET /v1/job/a/submission?version=3')
    expect(said).toContain('POST /v1/job/a/plan')
    expect(said).toContain('GET /v1/client/fs/logs/b2?task=t%201&type=stderr&plain=true&origin=end&offset=20000')
    expect(said).toContain('env   in task t 1 of allocation a1')
    expect(said).not.toContain('env   in task t 1 of allocation b2')
    expect(said).toContain('iptables-save -c   in the network namespace of allocation b1')
    expect(said).toContain('GET /v1/service/s?namespace=prod')
    expect(said).toContain('consul GET /v1/health/service/web')
    expect(said.some((line) => line.includes('z1') || line.includes('/job/z'))).toBe(false)
  })
  it('ends when everything is refused', async () => {
    expect(await capture(refusing, { from: null, to: { job: 'b' } })).toBeGreaterThan(20)
  })
})
