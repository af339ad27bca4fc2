import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import type { Ask, Reply, Request } from '../../src/ask/request.ts'
import { outcomeOf } from '../../src/ask/attempt.ts'
import { connectSource, placeForbids } from '../../src/sources/connect.ts'
import { findNetns, netnsCommands, netnsSource } from '../../src/sources/netns.ts'
import { commands, nodeSource, type Commands } from '../../src/sources/node.ts'
import { machines, type Machine } from '../../src/sources/reach.ts'
import { spawn } from '../../src/sources/spawn.ts'
import { destination } from '../../src/sources/ssh.ts'

const node = '11111111-2222-3333-4444-555555555555'
const other = '99999999-2222-3333-4444-555555555555'
const alloc = 'aaaaaaaa-2222-3333-4444-555555555555'
const reply = (body: string, status = 0, stderr = ''): Reply => ({ at: '', ms: 0, status, body, stderr })
const refuseAll: Ask = () => Promise.resolve(reply('', -1, 'connect ECONNREFUSED'))
const api =
  (paths: Readonly<Record<string, unknown>>): Ask =>
  async (request) => {
    const found = 'path' in request ? paths[request.path] : undefined
    return found === undefined ? reply('not found', 404) : reply(JSON.stringify(found), 200)
  }
const yes = () => true
const no = () => false

/** Commands answered from a table; remembers what ran. */
function scripted(table: Readonly<Record<string, Reply>>): Commands & { ran: string[] } {
  const ran: string[] = []
  return {
    ran,
    run: async (_, argv) => {
      ran.push(argv.join(' '))
      return table[argv.join(' ')] ?? reply('', 127, `${argv[0]}: command not found`)
    },
  }
}
const at =
  (where: boolean): ((id: string) => Promise<Machine>) =>
  async (id) => ({ id, name: 'c1', address: '10.0.0.1', here: where })
const container = (mode: string, key = '/var/run/docker/netns/abc') =>
  reply(JSON.stringify([{ HostConfig: { NetworkMode: mode }, NetworkSettings: { SandboxKey: key } }]))
const dial = (on: Commands, request: Request, consent = yes) => connectSource(on, netnsCommands(on), consent)(request)

const stub = (NodeID: string, IP: string) => ({
  NodeID,
  NodeName: 'c7',
  AllocatedResources: { Shared: { Networks: [{ IP: '127.0.0.1' }, { IP }] } },
})

describe('which machine a node is', () => {
  const here = { HTTPAddr: '127.0.0.1:4646', Name: 'n1', Attributes: { 'unique.hostname': hostname() } }
  const own = api({ '/v1/agent/self': { stats: { client: { node_id: node } } } })
  it('is this one only when the agent here says its id, and name or address fit', async () => {
    const server = api({
      [`/v1/node/${node}`]: here,
      [`/v1/node/${other}`]: { ...here, HTTPAddr: '10.9.9.9:4646', Name: 'n2' },
    })
    const find = machines(server, [refuseAll, own])
    expect(await find(node)).toMatchObject({ here: true, name: 'n1' })
    expect(await find(other)).toEqual({ id: other, name: 'n2', address: '10.9.9.9', here: false })
  })
  it('is not this one when a tunnel brings a distant agent here', async () => {
    const far = {
      HTTPAddr: '127.0.0.1:4646',
      Name: 'far',
      Attributes: { 'unique.hostname': 'far-away', 'unique.network.ip-address': '10.9.9.9' },
    }
    expect(await machines(api({ [`/v1/node/${node}`]: far }), [own])(node)).toEqual({
      id: node,
      name: 'far',
      address: '10.9.9.9',
      here: false,
    })
  })
  it('is a host name for a machine without an agent, and this machine for localhost', async () => {
    expect(await machines(refuseAll, [])('x1')).toEqual({ id: 'x1', name: 'x1', address: 'x1', here: false })
    expect(await machines(refuseAll, [])('localhost')).toMatchObject({ here: true })
  })
  it('is told by its allocations to a token that may not read clients', async () => {
    const allocations = {
      '/v1/allocations?resources=true&task_states=true&namespace=*': [stub(other, '10.0.0.8'), stub(node, '10.0.0.7')],
    }
    expect(await machines(api(allocations), [])(node)).toEqual({
      id: node,
      name: 'c7',
      address: '10.0.0.7',
      here: false,
    })
  })
  it('is not known when the servers do not tell', async () => {
    expect(await machines(refuseAll, [])(node)).toMatchObject({ why: 'offline' })
    expect(await machines(api({}), [])(node)).toMatchObject({ why: 'not-found' })
  })
})

describe('commands on a node', () => {
  it('run on this machine without a shell, with plain words and a C locale', async () => {
    const ask = nodeSource(commands({ machine: at(true), ssh: null, sudo: false }), no)
    const found = await ask({ via: 'node', node, argv: ['ls', '-d', '/'] })
    expect(found).toMatchObject({ status: 0, body: '/\n' })
    const missing = await ask({ via: 'node', node, argv: ['ls', '-d', '/no-such;id'.replace(';', '-')] })
    expect(missing.status).toBeGreaterThan(0)
    expect(missing.stderr).toContain('No such file or directory')
  })
  it('run in a folder that every user may enter', async () => {
    const here = commands({ machine: at(true), ssh: null, sudo: false })
    expect((await here.run(node, ['pwd'])).body).toBe('/\n')
  })
  it('are refused when they are not on the list, or send packets without consent', async () => {
    const on = scripted({ 'getent hosts x': reply('1.2.3.4 x') })
    expect((await nodeSource(on, yes)({ via: 'node', node, argv: ['rm', '-rf', '/'] })).refusal?.why).toBe('not-asked')
    expect((await nodeSource(on, no)({ via: 'node', node, argv: ['getent', 'hosts', 'x'] })).refusal?.detail).toContain(
      'consent',
    )
    expect(on.ran).toEqual([])
    expect(await nodeSource(on, yes)({ via: 'node', node, argv: ['getent', 'hosts', 'x'] })).toMatchObject({
      status: 0,
    })
  })
  it('say how to enable them elsewhere', async () => {
    const { refusal } = await commands({ machine: at(false), ssh: null, sudo: false }).run(node, ['ip'])
    expect(refusal).toMatchObject({
      why: 'not-asked',
      detail: expect.stringContaining("--ssh 'user@{address}'") as string,
    })
  })
  it('go through ssh with sudo in front when it is set', async () => {
    const words: string[] = []
    const ssh = {
      run: async (_: Machine, argv: readonly string[]) => (words.push(...argv), reply('')),
      close: async () => {},
    }
    await commands({ machine: at(false), ssh, sudo: true }).run(node, ['ip', '-j'])
    expect(words).toEqual(['sudo', '-n', '--', 'ip', '-j'])
  })
})

describe('spawn', () => {
  it('tells exit codes, missing programs, time-outs and too much output', async () => {
    expect(await spawn(['false'])).toMatchObject({ status: 1 })
    expect(await spawn(['no-such-program-here'])).toMatchObject({
      status: 127,
      stderr: 'no-such-program-here: command not found',
    })
    const slow = await spawn(['sleep', '5'], { timeout: 50 })
    expect(slow).toMatchObject({ status: -1, stderr: expect.stringContaining('timed out: sleep') as string })
    expect((await spawn(['yes'], { most: 1000 })).refusal?.why).toBe('unsupported')
    expect((await spawn(['cat'], { input: 'hé\n' })).body).toBe('hé\n')
    expect((await spawn(['cat'])).body).toBe('')
    expect((await spawn(['/'])).status).toBe(126)
    expect((await spawn([''])).status).not.toBe(0)
  })
  it('gives children no token and a C locale', async () => {
    process.env['NOMAD_TOKEN'] = 'secret'
    const { body } = await spawn(['env'])
    delete process.env['NOMAD_TOKEN']
    expect(body).not.toContain('secret')
    expect(body).toContain('LC_ALL=C\n')
  })
})

describe('the ssh template', () => {
  const machine: Machine = { id: node, name: 'c1.example', address: '10.0.0.1', here: false }
  it('makes a destination of address, name or id', () => {
    expect(destination('root@{address}', machine)).toEqual({ options: [], to: 'root@10.0.0.1' })
    expect(destination('ssh -p 2222 -l ops {name}', machine)).toEqual({
      options: ['-p', '2222', '-l', 'ops'],
      to: 'c1.example',
    })
    expect(destination('{address}', { ...machine, address: 'fd00::1' })).toEqual({ options: [], to: 'fd00::1' })
  })
  it.each(['-oProxyCommand=id', 'a b', '$(id)', 'a;b', '', 'x\ny', "a'b"])('takes no name like %j', (name) => {
    expect(destination('{name}', { ...machine, name })).toBe('the name of that client is not a plain host name')
    expect(destination('u@{address}', { ...machine, name })).toMatchObject({ to: 'u@10.0.0.1' })
  })
  it('needs a destination', () => {
    for (const template of ['', '  ', 'ssh', '-v'])
      expect(destination(template, machine)).toContain('names no destination')
  })
})

describe('the network namespace of an allocation', () => {
  const ps = 'docker ps --no-trunc --format {{json .}}'
  const inspect = 'docker inspect 0123456789ab'
  it('is the one the agent made', async () => {
    expect(await findNetns(scripted({ 'ls /var/run/netns': reply(`x\n${alloc}\n`) }), node, alloc)).toBe(
      `/var/run/netns/${alloc}`,
    )
  })
  it('is the one the pause container holds', async () => {
    const row = JSON.stringify({ ID: '0123456789ab', Names: `nomad_init_${alloc}` })
    const on = scripted({
      'ls /var/run/netns': reply('', 2, "ls: cannot access '/var/run/netns': No such file or directory"),
      [ps]: reply(`${row}\nnot json\n`),
      [inspect]: container('none'),
    })
    expect(await findNetns(on, node, alloc)).toBe('/var/run/docker/netns/abc')
  })
  it('is a container of its own', async () => {
    const row = JSON.stringify({
      ID: '0123456789ab',
      Names: `server-${alloc}`,
      Labels: `com.hashicorp.nomad.alloc_id=${alloc}`,
    })
    const listed = { 'ls /var/run/netns': reply(''), [ps]: reply(row) }
    expect(await findNetns(scripted({ ...listed, [inspect]: container('bridge') }), node, alloc)).toBe(
      '/var/run/docker/netns/abc',
    )
    const hosts = await findNetns(scripted({ ...listed, [inspect]: container('host') }), node, alloc)
    expect(hosts).toMatchObject({
      refusal: { why: 'not-found', detail: expect.stringContaining('network of the host') as string },
    })
    const odd = await findNetns(
      scripted({ ...listed, [inspect]: container('bridge', '/run/../etc/passwd') }),
      node,
      alloc,
    )
    expect(odd).toMatchObject({ refusal: { why: 'not-found' } })
  })
  it('is not known when rights or reach are missing', async () => {
    expect(
      await findNetns(scripted({ 'ls /var/run/netns': reply('', 1, 'sudo: a password is required') }), node, alloc),
    ).toMatchObject({ status: 1 })
    expect(
      await findNetns(
        scripted({
          'ls /var/run/netns': reply(''),
          [ps]: reply('', 1, 'permission denied while trying to connect to the Docker daemon socket'),
        }),
        node,
        alloc,
      ),
    ).toMatchObject({ status: 1 })
    expect(await findNetns(scripted({}), node, '../../etc')).toMatchObject({ refusal: { why: 'not-asked' } })
  })
  it('is found once for many commands', async () => {
    const on = scripted({
      'ls /var/run/netns': reply(`${alloc}\n`),
      [`nsenter --net=/var/run/netns/${alloc} -- ip -j addr`]: reply('[]'),
    })
    const ask = netnsSource(on, netnsCommands(on), no)
    const request: Request = { via: 'netns', node, alloc, argv: ['ip', '-j', 'addr'] }
    expect(await Promise.all([ask(request), ask(request)])).toMatchObject([{ body: '[]' }, { body: '[]' }])
    expect(on.ran.filter((line) => line.startsWith('ls'))).toHaveLength(1)
    expect((await ask({ ...request, argv: ['ip', 'link', 'set', 'eth0', 'down'] })).refusal?.why).toBe('not-asked')
  })
})

describe('connection attempts', () => {
  const curl = 'curl -q -sS -v -g --noproxy * --max-filesize 1048576 --max-time'
  const open = 'timeout 3 bash -c exec 3<>"/dev/tcp/$0/$1" 10.0.0.1 80'
  const tcp: Request = { via: 'node', node, connect: { proto: 'tcp', host: '10.0.0.1', port: 80 } }
  const http: Request = { via: 'node', node, connect: { proto: 'http', host: 'fd00::1', port: 80, path: '/x?y=1' } }
  it('are not made without consent, nor to places that are none', async () => {
    const on = scripted({})
    expect((await dial(on, tcp, no)).refusal).toMatchObject({
      why: 'not-asked',
      detail: expect.stringContaining('consent') as string,
    })
    for (const host of ['-oX', 'a b', '$(id)', '', 'x;y', 'http://x'])
      expect((await dial(on, { ...tcp, connect: { proto: 'tcp', host, port: 80 } })).refusal?.why).toBe('not-asked')
    expect(on.ran).toEqual([])
    expect(placeForbids({ proto: 'http', host: 'x', port: 80, path: '/a b' })).toContain('path')
    expect(placeForbids({ proto: 'tcp', host: 'x', port: 0 })).toContain('port')
    for (const host of ['10.0.0.1', 'fd00::1', 'fe80::1%eth0', 'orders_api.service.consul', 'x1'])
      expect(placeForbids({ proto: 'tcp', host, port: 1 })).toBeNull()
  })
  it('take the tool that is there', async () => {
    const shell = scripted({ [open]: reply('') })
    expect(await dial(shell, tcp)).toMatchObject({ status: 0 })
    expect(shell.ran).toHaveLength(1)
    const knock = scripted({ 'nc -z -w 3 10.0.0.1 80': reply('') })
    expect(await dial(knock, tcp)).toMatchObject({ status: 0 })
    const talk = '* Trying\n> GET /\n* connect to 10.0.0.1 port 80 failed: Connection refused\ncurl: (7) Failed'
    const second = scripted({
      [open]: reply('', 1, 'bash: line 1: /dev/tcp/10.0.0.1/80: No such file or directory'),
      'nc -z -w 3 10.0.0.1 80': reply('', 1, "nc: invalid option -- 'z'"),
      [`${curl} 3 telnet://10.0.0.1:80`]: reply('', 7, talk),
    })
    expect(await dial(second, tcp)).toMatchObject({
      status: 7,
      stderr: '* connect to 10.0.0.1 port 80 failed: Connection refused\ncurl: (7) Failed',
    })
    expect((await dial(scripted({}), tcp)).refusal?.why).toBe('unsupported')
    const six = scripted({ [`${curl} 4 http://[fd00::1]:80/x?y=1`]: reply('ok') })
    expect(await dial(six, http)).toMatchObject({ body: 'ok' })
  })
  it('tell a place that stays silent from one that refuses', async () => {
    const silent = await dial(scripted({ [open]: reply('', 124) }), tcp)
    expect([outcomeOf(silent), silent.refusal]).toEqual(['timed-out', undefined])
    const refused = reply('', 1, '10.0.0.1: connect: Connection refused')
    expect(outcomeOf(await dial(scripted({ [open]: refused }), tcp))).toBe('refused')
  })
  it('are no reason to ask for consent where nothing can run', async () => {
    const shut = commands({ machine: at(false), ssh: null, sudo: false })
    let asked = 0
    const consent = () => {
      asked += 1
      return true
    }
    expect((await dial(shut, tcp, consent)).refusal?.detail).toContain('--ssh')
    expect((await nodeSource(shut, consent)({ via: 'node', node, argv: ['getent', 'hosts', 'x'] })).refusal?.why).toBe(
      'not-asked',
    )
    expect(asked).toBe(0)
  })
  it('keep missing rights apart from a network that refuses', async () => {
    const denied = scripted({ [open]: reply('', 1, 'sudo: a password is required') })
    expect((await dial(denied, tcp)).refusal?.why).toBe('denied')
    expect(denied.ran).toHaveLength(1)
  })
  it('do not take a docker that is down for a place that refuses', async () => {
    const on = scripted({
      'ls /var/run/netns': reply(''),
      'docker ps --no-trunc --format {{json .}}': reply('', 1, 'dial unix /var/run/docker.sock: connection refused'),
    })
    const made = await dial(on, { via: 'netns', node, alloc, connect: { proto: 'tcp', host: '10.0.0.1', port: 80 } })
    expect(made.refusal?.why).toBe('offline')
  })
  it('are made inside the namespace of an allocation', async () => {
    const on = scripted({
      'ls /var/run/netns': reply(`${alloc}\n`),
      [`nsenter --net=/var/run/netns/${alloc} -- ${open}`]: reply(''),
    })
    expect(
      await dial(on, { via: 'netns', node, alloc, connect: { proto: 'tcp', host: '10.0.0.1', port: 80 } }),
    ).toMatchObject({ status: 0 })
  })
})
