import { describe, expect, it } from 'vitest'
import type { Request } from '../../src/ask/request.ts'
import { findNetns, netnsCommands, netnsSource } from '../../src/sources/netns.ts'
import { alloc, container, no, node, reply, scripted } from './scripted.ts'

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
