import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import type { Reply, Request } from '../../src/ask/request.ts'
import { outcomeOf } from '../../src/ask/attempt.ts'
import { attempt, placeForbids } from '../../src/sources/connect.ts'
import { commands, nodeSource } from '../../src/sources/node.ts'
import { alloc, at, dial, no, node, reply, scripted } from './scripted.ts'

describe('connection attempts', () => {
  const curl = 'curl -q -sS -v -g --noproxy * --max-filesize 1048576 --max-time'
  const open = `timeout 12 bash -c ${attempt} 10.0.0.1 80`
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
    const silent = await dial(scripted({ [open]: reply('', 110) }), tcp)
    expect([outcomeOf(silent), silent.refusal]).toEqual(['timed-out', undefined])
    // A machine that did not come to try says nothing about the network.
    const busy = await dial(scripted({ [open]: reply('', 124) }), tcp)
    expect([outcomeOf(busy), busy.stderr]).toEqual(['unclear', 'the machine was too busy to try within 9 s'])
    const refused = reply('', 1, '10.0.0.1: connect: Connection refused')
    expect(outcomeOf(await dial(scripted({ [open]: refused }), tcp))).toBe('refused')
  })
  it('have three seconds of their own, however long bash takes to start', { timeout: 30_000 }, () => {
    // Opening a pipe nobody reads waits, as a connection waits for its answer.
    const folder = mkdtempSync(join(tmpdir(), 'attempt-'))
    const waits = attempt.replace('3<>"/dev/tcp/$0/$1"', '3>"$0"')
    const begun = performance.now()
    const { status } = spawnSync('bash', ['-c', `mkfifo "$0"; sleep 2; ${waits}`, join(folder, 'pipe')])
    rmSync(folder, { recursive: true })
    expect(status).toBe(110)
    expect(performance.now() - begun).toBeGreaterThan(4900)
  })
  it('that get no answer are made once more, and both count', async () => {
    const twice = async (second: Reply) => {
      const lost: Record<string, Reply> = { [open]: reply('', 110) }
      const shell = scripted(lost)
      const on: typeof shell = {
        ...shell,
        run: async (machine, argv) => {
          const first = await shell.run(machine, argv)
          lost[open] = second
          return first
        },
      }
      const met = outcomeOf(await dial(on, tcp))
      expect(on.ran).toHaveLength(2)
      return met
    }
    expect(await twice(reply('', 110))).toBe('timed-out')
    expect(await twice(reply(''))).toBe('sometimes')
    expect(await twice(reply('', 1, '10.0.0.1: connect: Connection refused'))).toBe('unclear')
    expect(await twice(reply('', 127, 'bash: not found'))).toBe('timed-out')
    const watched = scripted({ [open]: reply('', 110) })
    const again: Request = { via: 'node', node, connect: { proto: 'tcp', host: '10.0.0.1', port: 80, again: true } }
    expect(outcomeOf(await dial(watched, again))).toBe('timed-out')
    expect(watched.ran).toHaveLength(1)
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
