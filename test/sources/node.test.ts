import { hostname } from 'node:os'
import { describe, expect, it } from 'vitest'
import { tools } from '../../src/sources/connect.ts'
import { commands, nodeSource } from '../../src/sources/node.ts'
import { machines, type Machine } from '../../src/sources/reach.ts'
import { spawn } from '../../src/sources/spawn.ts'
import { destination } from '../../src/sources/ssh.ts'
import { api, at, no, node, other, refuseAll, reply, scripted, stub, yes } from './scripted.ts'

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

describe('a command that is not done in time', () => {
  const late = reply('', -1, 'timed out: ssh did not end within 15 s\n')
  const look = ['ip', '-j', 'addr', 'show']
  /** Answers in turn; remembers what ran and for how long it might. */
  function slow(...answers: readonly (typeof late)[]) {
    const ran: (readonly [command: string, timeout: number | undefined])[] = []
    const ssh = {
      run: async (_: Machine, argv: readonly string[], options: { timeout?: number | undefined } = {}) => {
        ran.push([argv.join(' '), options.timeout])
        return answers[ran.length - 1] ?? reply('')
      },
      close: async () => {},
    }
    return { ran, on: commands({ machine: at(false), ssh, sudo: false, patience: 20_000 }) }
  }
  it('is done once more where the machine answers otherwise', async () => {
    const { ran, on } = slow(reply('fine'), late, reply('done'))
    await on.run(node, ['uname', '-r'])
    expect(await on.run(node, look)).toMatchObject({ body: 'done' })
    expect(ran).toEqual([['uname -r', 20_000], ...[1, 2].map(() => [look.join(' '), 20_000])])
  })
  it('is told with the flag that allows more, once it was late twice', async () => {
    const { ran, on } = slow(reply('fine'), late, late)
    await on.run(node, ['uname', '-r'])
    expect((await on.run(node, look)).stderr).toBe(
      'timed out: ssh did not end within 15 s; --ssh-timeout allows more\n',
    )
    expect(ran).toHaveLength(3)
  })
  it('is not repeated on a machine that never answered', async () => {
    const { ran, on } = slow(late, late)
    expect((await on.run(node, look)).stderr).toContain('--ssh-timeout')
    expect(ran).toHaveLength(1)
  })
  it.each([
    ['watches packets', ['tcpdump', '-i', 'any']],
    ['connects', [...tools({ proto: 'tcp', host: '10.0.0.1', port: 80 })[0]!]],
    ['looks a name up', ['getent', 'hosts', 'x']],
  ])('is not repeated when it %s, also inside a network namespace', async (_, argv) => {
    for (const words of [argv, ['nsenter', '--net=/run/netns/x', '--', ...argv]]) {
      const { ran, on } = slow(reply('fine'), late)
      await on.run(node, ['uname', '-r'])
      await on.run(node, words)
      expect(ran).toHaveLength(2)
    }
  })
  it('leaves less time to others of its program on that machine, until one of them is done', async () => {
    const { ran, on } = slow(reply('fine'), late, late, late, reply('done'), reply('done'))
    await on.run(node, ['uname', '-r'])
    for (const argv of [look, ['ip', 'link'], ['ss', '-H'], ['ip', 'rule'], ['ip', 'route']]) await on.run(node, argv)
    expect(ran.slice(1)).toEqual([
      [look.join(' '), 20_000],
      [look.join(' '), 20_000],
      ['ip link', 4000],
      ['ss -H', 20_000],
      ['ip rule', 4000],
      ['ip route', 20_000],
    ])
  })
  it('is repeated inside a network namespace when it only looks', async () => {
    const { ran, on } = slow(reply('fine'), late)
    await on.run(node, ['uname', '-r'])
    await on.run(node, ['nsenter', '--net=/run/netns/x', '--', ...look])
    expect(ran).toHaveLength(3)
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
