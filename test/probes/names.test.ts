import { describe, expect, test } from 'vitest'
import { spell, type Reply } from '../../src/ask/request.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import { consulDefaultIntention } from '../../src/probes/consul/consul-default-intention.ts'
import { nodeConsulAnswers } from '../../src/probes/consul/node-consul-answers.ts'
import { consulDnsPort } from '../../src/probes/names/consul-dns-port.ts'
import { nodeLookups } from '../../src/probes/names/node-lookups.ts'
import { taskLookups } from '../../src/probes/names/task-lookups.ts'
import { asking, json, run, thing } from './ask.ts'

const path = thing('path')
const said = (status: number, body: string, stderr = ''): Reply => ({
  at: '2026-11-21T05:06:06Z',
  ms: 1,
  status,
  body,
  stderr,
})
const value = (held: Held<unknown> | undefined) => (held?.known ? held.value : held?.why)
const source = { 'source.alloc.record': { id: 'a1', node: 'n1' }, 'source.task.spec': { name: 'loop' } }
const inTask = (...argv: string[]) => spell({ via: 'task', alloc: 'a1', task: 'loop', argv })
const onNode = (...argv: string[]) => spell({ via: 'node', node: 'n1', argv })
const inNetns = (...argv: string[]) => spell({ via: 'netns', node: 'n1', alloc: 'a1', argv })

describe('names looked up in the task', () => {
  const given = { ...source, 'path.names': ['db.lan'] }
  const look = async (nslookup: Reply | undefined, getent?: Reply) => {
    const ask = asking({
      ...(nslookup ? { [inTask('nslookup', '-type=a', 'db.lan')]: nslookup } : {}),
      ...(getent ? { [inTask('getent', 'hosts', 'db.lan')]: getent } : {}),
    })
    return value((await run(taskLookups, path, ask, given))['path.lookups.task'])
  }

  test.each([
    [
      said(0, 'Server:\t\t10.0.0.1\nAddress:\t10.0.0.1:53\n\nName:\tdb.lan\nAddress: 10.0.0.9\n'),
      { outcome: 'found', addresses: ['10.0.0.9'], server: '10.0.0.1' },
    ],
    [
      said(1, "Server:\t\t10.0.0.1\nAddress:\t10.0.0.1:53\n\n** server can't find db.lan: NXDOMAIN\n"),
      { outcome: 'no-such-name', addresses: [], server: '10.0.0.1' },
    ],
    [
      said(1, "Server:\t\t10.0.0.1\nAddress:\t10.0.0.1:53\n\n** server can't find db.lan: REFUSED\n"),
      { outcome: 'refused', addresses: [], server: '10.0.0.1' },
    ],
    [
      said(1, ';; connection timed out; no servers could be reached\n', 'nslookup: read: Connection refused\n'),
      { outcome: 'no-server', addresses: [] },
    ],
  ])('nslookup %#', async (reply, found) => {
    expect(await look(reply)).toEqual([{ name: 'db.lan', ...found }])
  })

  test('getent where there is no nslookup', async () => {
    expect(await look(said(127, '', 'nslookup: not found'), said(2, ''))).toEqual([
      { name: 'db.lan', outcome: 'fails', addresses: [] },
    ])
    expect(await look(said(127, '', 'nslookup: not found'), said(0, '10.0.0.9  db.lan\n'))).toEqual([
      { name: 'db.lan', outcome: 'found', addresses: ['10.0.0.9'] },
    ])
  })

  test('an empty success, and no answer at all, prove nothing', async () => {
    expect(await look(said(0, ''), said(0, ''))).toBe('failed')
    expect(await look(undefined)).toBe('not-recorded')
  })

  test('nothing to look up is an answer', async () => {
    expect(
      value((await run(taskLookups, path, asking({}), { ...source, 'path.names': [] }))['path.lookups.task']),
    ).toEqual([])
  })
})

describe('what the client and the name server say of names that fail', () => {
  const lookups = [
    { name: 'db.lan', outcome: 'no-server', addresses: [] },
    { name: 'ok.lan', outcome: 'found', addresses: ['10.0.0.8'] },
  ]
  test('only failing names are asked on the client', async () => {
    const ask = asking({ [onNode('getent', 'hosts', 'db.lan')]: said(0, '10.0.0.9  db.lan\n') })
    const found = await run(nodeLookups, path, ask, { ...source, 'path.lookups.task': lookups })
    expect(value(found['path.lookups.node'])).toEqual([{ name: 'db.lan', outcome: 'found', addresses: ['10.0.0.9'] }])
  })
  test.each([
    [said(0, ';; Got answer:\n;; ->>HEADER<<- opcode: QUERY, status: NOERROR, id: 1\n'), ['10.0.0.1']],
    [said(9, ';; communications error to 10.0.0.1#8600: connection refused\n;; no servers could be reached\n'), []],
    [said(127, '', 'dig: command not found'), 'unsupported'],
  ])('port 8600 %#', async (reply, found) => {
    const ask = asking({ [inNetns('dig', '+time=2', '+tries=1', '@10.0.0.1', '-p', '8600', 'db.lan')]: reply })
    const given = { ...source, 'path.lookups.task': lookups, 'path.resolver': { servers: ['10.0.0.1'], searches: [] } }
    expect(value((await run(consulDnsPort, path, ask, given))['path.lookups.consul-port'])).toEqual(found)
  })
})

const agent = (addr: string) => ({ 'node.agent': { Consuls: [{ Addr: addr }] } })

describe('Consul beside the client', () => {
  const on = thing('node', { node: 'n1' })
  const gone = said(-1, '', "curl: (7) Failed to connect to 127.0.0.1 port 8500 after 0 ms: Couldn't connect to server")
  test.each([
    ['an answer', json({ Config: {} }), '127.0.0.1:8500', true],
    ['refused by its loopback', gone, '', false],
    ['refused, but Nomad looks elsewhere', gone, '10.0.0.5:8500', 'offline'],
    ['the client itself is away', said(-1, '', 'ssh: connect to host c1 port 22: No route to host'), '', 'offline'],
  ])('%s', async (_, reply, address, answers) => {
    const ask = asking({ 'consul GET /v1/agent/self @n1': reply })
    expect(value((await run(nodeConsulAnswers, on, ask, agent(address)))['node.consul.answers'])).toBe(answers)
  })
  test.each([
    [{ ACLsEnabled: false, ACLDefaultPolicy: 'deny' }, 'allow'],
    [{ ACLsEnabled: true, ACLDefaultPolicy: 'deny' }, 'deny'],
    [{ ACLsEnabled: true, ACLResolverSettings: { ACLDefaultPolicy: 'deny' } }, 'deny'],
    [{ ACLsEnabled: false, DefaultIntentionPolicy: 'deny' }, 'deny'],
    [{ ACLsEnabled: true }, 'failed'],
  ])('the default intention %#', async (DebugConfig, policy) => {
    const ask = asking({ 'consul GET /v1/agent/self': json({ DebugConfig }) })
    expect(value((await run(consulDefaultIntention, thing('cluster'), ask))['cluster.consul.default-intention'])).toBe(
      policy,
    )
  })
})
