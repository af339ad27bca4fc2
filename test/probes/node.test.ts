import { describe, expect, test } from 'vitest'
import type { Reply } from '../../src/ask/request.ts'
import { nodeProbes } from '../../src/probes/node/index.ts'
import { asking, refused, run, thing } from './ask.ts'
import { agent, command, ipAddr, onNode, save, ss } from './commands.ts'
import { folders, listed, ls, readings } from './node-readings.ts'

const client = thing('node', { node: 'n1', nodeName: 'c1' })
const probeOf = (id: string) => nodeProbes.find((probe) => probe.id === id)!
const look = async (id: string, answers: Readonly<Record<string, Reply>>) => {
  const found = await run(probeOf(id), client, asking(answers))
  return Object.values(found)[0]
}

test.each(readings)('%s reads what the client says', async (id, answers, value) => {
  const found = await look(id, answers)
  expect(found).toMatchObject({ known: true })
  if (!found?.known) return
  if (typeof value === 'object') expect(found.value).toMatchObject(value as object)
  else expect(found.value).toEqual(value)
  if (Array.isArray(value)) expect(found.value).toHaveLength(value.length)
  expect(found.seen.excerpt).not.toBe('')
})

describe('what is no answer is not known', () => {
  test.each(nodeProbes.map(({ id }) => id))('%s, when nothing was recorded', async (id) => {
    expect(await look(id, {})).toMatchObject({ known: false, why: 'not-recorded' })
  })

  const broken: readonly (readonly [
    what: string,
    id: string,
    answers: Readonly<Record<string, Reply>>,
    why: string,
  ])[] = [
    [
      'a command that needs root',
      'iptables-save',
      {
        [onNode('iptables-save', '-c')]: command(
          '',
          4,
          'Could not fetch rule set generation id: Permission denied (you must be root)',
        ),
      },
      'denied',
    ],
    [
      'a command that is not there',
      'nft-ruleset',
      { [onNode('nft', '-j', 'list', 'ruleset')]: command('', 127, 'nft: command not found') },
      'unsupported',
    ],
    [
      'rules that break off',
      'iptables-save',
      { [onNode('iptables-save', '-c')]: command(save.slice(0, 150)) },
      'failed',
    ],
    [
      'JSON that breaks off',
      'links',
      { [onNode('ip', '-j', '-d', 'addr', 'show')]: command(ipAddr.slice(0, 60)) },
      'failed',
    ],
    ['an empty list of interfaces', 'links', { [onNode('ip', '-j', '-d', 'addr', 'show')]: command('[]') }, 'failed'],
    [
      'no settings at all',
      'sysctls',
      { [onNode('sysctl', '-a', '-r', String.raw`^net\.(ipv4|ipv6|bridge|netfilter)`)]: command('') },
      'failed',
    ],
    ['only the TCP half of the sockets', 'listeners', { [onNode('ss', '-H', '-ltnpe')]: command(ss) }, 'not-recorded'],
    [
      'containers that are listed and not inspected',
      'containers',
      { [listed]: command('{"ID":"c1"}\n') },
      'not-recorded',
    ],
    ['a list of containers that breaks off', 'containers', { [listed]: command('{"ID":"c') }, 'failed'],
    [
      'docker that does not run',
      'docker-version',
      {
        [onNode('docker', 'version', '--format', '{{json .}}')]: command(
          '',
          1,
          'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.',
        ),
      },
      'offline',
    ],
    [
      'plug-ins in a folder nobody may name',
      'cni-binaries',
      { 'GET /v1/agent/self @n1': refused(403, 'Permission denied') },
      'denied',
    ],
    [
      'a folder that is not there',
      'cni-configs',
      {
        ...folders,
        [onNode('ls', '-l', '/etc/cni')]: command('', 2, "ls: cannot access '/etc/cni': No such file or directory"),
      },
      'not-found',
    ],
    [
      'one of two folders of plug-ins that may not be read',
      'cni-binaries',
      {
        ...agent({ CNIPath: '/opt/cni/plugins:/usr/libexec/cni' }),
        [onNode('ls', '-l', '/opt/cni/plugins')]: command(ls),
        [onNode('ls', '-l', '/usr/libexec/cni')]: command(
          '',
          2,
          "ls: cannot open directory '/usr/libexec/cni': Permission denied",
        ),
      },
      'denied',
    ],
    [
      'a listing without its first line',
      'cni-binaries',
      { ...folders, [onNode('ls', '-l', '/opt/cni/plugins')]: command('') },
      'failed',
    ],
  ]
  test.each(broken)('%s', async (_, id, answers, why) => {
    expect(await look(id, answers)).toMatchObject({ known: false, why })
  })

  test('a file of the CNI folder that may not be read has a name and no text', async () => {
    const found = await look('cni-configs', { ...folders, [onNode('ls', '-l', '/etc/cni')]: command(ls) })
    expect(found).toMatchObject({ known: true, value: [{ name: 'bridge' }, { name: 'my net.conflist' }] })
    expect(found?.known && JSON.stringify(found.value)).not.toContain('text')
  })
})
