import { describe, expect, test } from 'vitest'
import { needsConsent } from '../../src/ask/consent.ts'
import { spell, type Reply } from '../../src/ask/request.ts'
import { workloadProbes } from '../../src/probes/workload/index.ts'
import { asking, json, run, thing } from './ask.ts'
import { command, inNetns, inTask, ipAddr, ipRoute, save, ss, sysctl } from './commands.ts'

const alloc = thing('alloc', { alloc: 'a1', node: 'n1', nodeName: 'c1' })
const probeOf = (id: string) => workloadProbes.find((probe) => probe.id === id)!
const tasks = [
  { name: 'server', state: 'running' },
  { name: 'setup', state: 'dead' },
]
const look = async (id: string, answers: Readonly<Record<string, Reply>>) => {
  const found = await run(probeOf(id), alloc, asking(answers), { 'alloc.record': { tasks } })
  return Object.values(found)[0]
}

const stuck = `CLOSE-WAIT 1      79640  [::ffff:172.26.64.2]:8080 [::ffff:10.0.0.12]:40656 timer:(on,2.112ms,5)
	 ts sack bbr rto:6528 backoff:5 rtt:0.056/0.024 mss:1448 pmtu:1500 bytes_sent:24807 bytes_acked:191 unacked:12 retrans:1/5 lost:12
ESTAB      0      0      [::ffff:172.26.64.2]:8080 [::ffff:10.0.0.12]:43780 timer:(keepalive,119min,0)
	 ts sack bbr rto:204 rtt:0.056/0.045 mss:1448 pmtu:1500 bytes_acked:191
`

const readings: readonly (readonly [id: string, answers: Readonly<Record<string, Reply>>, value: object])[] = [
  [
    'alloc-links',
    { [inNetns('ip', '-j', '-d', 'addr', 'show')]: command(ipAddr) },
    [{ name: 'lo' }, { name: 'eth0', addresses: [{ address: '172.26.64.2' }] }],
  ],
  [
    'alloc-routes',
    { [inNetns('ip', '-j', '-4', 'route', 'show', 'table', 'all')]: command(ipRoute) },
    [{ dst: 'default', family: 4 }],
  ],
  ['alloc-routes6', { [inNetns('ip', '-j', '-6', 'route', 'show', 'table', 'all')]: command('[]') }, []],
  ['alloc-iptables', { [inNetns('iptables-save', '-c')]: command(save) }, { complete: true }],
  [
    'alloc-sysctls',
    { [inNetns('sysctl', '-a', '-r', String.raw`^net\.(ipv4|ipv6|bridge|netfilter)`)]: command(sysctl) },
    { 'net.ipv4.ip_forward': '1' },
  ],
  [
    'alloc-listeners',
    { [inNetns('ss', '-H', '-ltnpe')]: command(ss), [inNetns('ss', '-H', '-lunpe')]: command('') },
    [{ port: 8080 }],
  ],
  [
    'alloc-connections',
    { [inNetns('ss', '-Htnio')]: command(stuck) },
    [{ peer: '10.0.0.12', port: 8080, waiting: 79_640, mss: 1448, acknowledged: 191 }],
  ],
  [
    'alloc-env',
    { [inTask('server', 'env')]: command('PATH=/bin\nTEXT=one\ntwo=2 words\nmore\n') },
    { server: { PATH: '/bin', TEXT: 'one', two: '2 words\nmore' } },
  ],
  [
    'alloc-resolv-conf',
    { [inTask('server', 'cat', '/etc/resolv.conf')]: command('nameserver 10.0.0.2\n') },
    { server: 'nameserver 10.0.0.2\n' },
  ],
  [
    'alloc-hosts-file',
    { [inTask('server', 'cat', '/etc/hosts')]: command('127.0.0.1 localhost\n') },
    { server: '127.0.0.1 localhost\n' },
  ],
]

test.each(readings)('%s reads what the allocation says', async (id, answers, value) => {
  const found = await look(id, answers)
  expect(found).toMatchObject({ known: true, value })
})

describe('what is no answer is not known', () => {
  const own = workloadProbes.filter(({ about }) => about === 'alloc')
  test.each(own.map(({ id }) => id))('%s, when nothing was recorded', async (id) => {
    expect(await look(id, {})).toMatchObject({ known: false, why: 'not-recorded' })
  })

  test('an empty success of a task proves nothing', async () => {
    expect(await look('alloc-env', { [inTask('server', 'env')]: command('') })).toMatchObject({
      known: false,
      why: 'failed',
    })
  })

  test('without a running task there is nobody to ask', async () => {
    const found = await run(probeOf('alloc-env'), alloc, asking({}), { 'alloc.record': { tasks: [] } })
    expect(found['alloc.env']).toMatchObject({ known: false, why: 'not-found' })
  })

  test('one task that may not be entered hides them all', async () => {
    const both = [
      { name: 'server', state: 'running' },
      { name: 'side', state: 'running' },
    ]
    const ask = asking({
      [inTask('server', 'env')]: command('A=1\n'),
      [inTask('side', 'env')]: command('', 1, 'permission denied'),
    })
    const found = await run(probeOf('alloc-env'), alloc, ask, { 'alloc.record': { tasks: both } })
    expect(found['alloc.env']).toMatchObject({ known: false, why: 'denied' })
  })

  test('only tasks are entered with consent', () => {
    expect(workloadProbes.filter(({ cost }) => cost === 'intrusive').map(({ id }) => id)).toEqual([
      'alloc-env',
      'alloc-hosts-file',
      'alloc-resolv-conf',
      'path-attempts',
      'path-capture',
    ])
  })
})

const document = (host: string, address: string) =>
  json({
    AllocatedResources: { Shared: { Ports: [{ Label: 'http', Value: 25_001, To: 8080, HostIP: host }] } },
    NetworkStatus: { Address: address },
  })
const path = (links: Readonly<Record<string, string | null>>, names: object) => ({ ...thing('path', names), links })
const attempt = (via: object, host: string, port: number): string =>
  spell({ ...via, connect: { proto: 'tcp', host, port } } as Parameters<typeof spell>[0])
describe('connection attempts', () => {
  const world = {
    'GET /v1/allocation/a1': document('10.0.0.11', '172.26.64.2'),
    'GET /v1/allocation/a2': document('10.0.0.12', '172.26.64.3'),
  }
  const ends = {
    'source.alloc': 'alloc:a2',
    'source.node': 'node:n2',
    'target.alloc': 'alloc:a1',
    'target.node': 'node:n1',
  }

  test('are made from both ends, to the host port and to the allocation; those not recorded are left out', async () => {
    const answers = {
      ...world,
      [attempt({ via: 'netns', node: 'n2', alloc: 'a2' }, '10.0.0.11', 25_001)]: command(
        '',
        28,
        'Connection timed out',
      ),
      [attempt({ via: 'node', node: 'n1' }, '172.26.64.2', 8080)]: command('hello'),
    }
    const found = await run(probeOf('path-attempts'), path(ends, { port: 'http' }), asking(answers))
    expect(found['path.attempts']).toMatchObject({
      known: true,
      value: [
        { from: 'source', host: '10.0.0.11', port: 25_001, outcome: 'timed-out' },
        { from: 'target-node', host: '172.26.64.2', port: 8080, outcome: 'answered' },
      ],
    })
  })

  test('of a machine outside go to the address it dials', async () => {
    const outside = path(
      { 'source.alloc': null, 'source.node': null, 'target.alloc': 'alloc:a1', 'target.node': 'node:n1' },
      { port: 'http', caller: 'outside:x1', dials: '10.88.0.11' },
    )
    const answers = {
      ...world,
      [attempt({ via: 'node', node: 'x1' }, '10.88.0.11', 25_001)]: command('', 28, 'Connection timed out'),
    }
    const found = await run(probeOf('path-attempts'), outside, asking(answers))
    expect(found['path.attempts']).toMatchObject({
      known: true,
      value: [{ from: 'source', place: 'x1', host: '10.88.0.11', outcome: 'timed-out' }],
    })
  })

  test('go by TCP to what is dialled, and nowhere where the path goes by UDP', async () => {
    const tried = async (dials: string, protocol: string) => {
      const outside = path(
        { 'source.alloc': null, 'source.node': null, 'target.alloc': 'alloc:a1', 'target.node': 'node:n1' },
        { port: 'http', caller: 'outside:x1', dials },
      )
      const answers = {
        ...world,
        [attempt({ via: 'node', node: 'x1' }, '10.88.0.11', 25_001)]: command('', 28, 'Connection timed out'),
        [attempt({ via: 'node', node: 'x1' }, 'udp:10.88.0.11', 25_001)]: command('', 28, 'Connection timed out'),
      }
      const { 'path.attempts': held } = await run(probeOf('path-attempts'), outside, asking(answers), {
        'path.protocol': protocol,
      })
      return held?.known ? (held.value as readonly { host: string }[]).map(({ host }) => host) : undefined
    }
    expect(await tried('tcp:10.88.0.11', 'tcp')).toContain('10.88.0.11')
    expect(await tried('udp:10.88.0.11', 'udp')).toEqual([])
  })

  test('to a target outside go to its address', async () => {
    const outwards = path(
      { 'source.alloc': 'alloc:a2', 'source.node': 'node:n2', 'target.alloc': null, 'target.node': null },
      { address: '10.0.0.200:9000' },
    )
    const answers = { ...world, [attempt({ via: 'node', node: 'n2' }, '10.0.0.200', 9000)]: command('hello') }
    const found = await run(probeOf('path-attempts'), outwards, asking(answers))
    expect(found['path.attempts']).toMatchObject({
      known: true,
      value: [{ from: 'source-node', host: '10.0.0.200', outcome: 'answered' }],
    })
  })

  test.each([
    [{ address: '10.0.0.200', dials: '10.0.0.200:9000' }, ['10.0.0.200:9000']],
    [{ address: '10.0.0.200:9000', dials: 'tcp:10.0.0.201' }, ['10.0.0.200:9000']],
    [{ address: '10.0.0.200:9000', dials: 'db.example.com:5432' }, ['db.example.com:5432']],
    [{ address: '10.0.0.200:9000', dials: 'udp:10.0.0.200:53' }, []],
  ])('to a target outside go to what is dialled there: %j', async (names, expected) => {
    const links = { 'source.alloc': null, 'source.node': 'node:n2', 'target.alloc': null, 'target.node': null }
    const answers = Object.fromEntries(
      ['10.0.0.200:9000', 'db.example.com:5432'].map((door) => {
        const [host = '', port] = door.split(':')
        return [attempt({ via: 'node', node: 'n2' }, host, Number(port)), command('hello')]
      }),
    )
    const { 'path.attempts': held } = await run(probeOf('path-attempts'), path(links, names), asking(answers))
    const tried = held?.known ? (held.value as readonly { host: string; port: number }[]) : []
    expect(tried.map(({ host, port }) => `${host}:${port}`)).toEqual(expected)
  })

  test('to a client go to its address, when a port is named', async () => {
    const links = { 'source.alloc': null, 'source.node': 'node:n2', 'target.alloc': null, 'target.node': 'node:n1' }
    const nodes = json([
      { ID: 'n1', Address: '10.0.0.11', Status: 'ready' },
      { ID: 'n2', Address: '10.0.0.12', Status: 'ready' },
    ])
    const answers = {
      'GET /v1/nodes?os=true&resources=true': nodes,
      [attempt({ via: 'node', node: 'n2' }, '10.0.0.11', 18_080)]: command('hello'),
    }
    const found = await run(probeOf('path-attempts'), path(links, { port: 18_080 }), asking(answers))
    expect(found['path.attempts']).toMatchObject({
      known: true,
      value: [{ from: 'source-node', host: '10.0.0.11', port: 18_080, outcome: 'answered' }],
    })
    const unnamed = await run(probeOf('path-attempts'), path(links, {}), asking(answers))
    expect(unnamed['path.attempts']).toMatchObject({ known: false, why: 'not-found' })
  })

  test('from a client that cannot be entered are made in the calling task instead, unless nobody agreed', async () => {
    const inside = spell({
      via: 'task',
      alloc: 'a2',
      task: 'loop',
      connect: { proto: 'tcp', host: '10.0.0.11', port: 25_001 },
    })
    const from = { port: 'http', task: 'loop' }
    const answers = { ...world, [inside]: command('', 1, 'nc: connect: Connection refused') }
    const found = await run(probeOf('path-attempts'), path(ends, from), asking(answers))
    expect(found['path.attempts']).toMatchObject({
      value: [{ from: 'source', place: 'task loop of allocation a2', host: '10.0.0.11', outcome: 'refused' }],
    })
    const never = { ...command('', -1), refusal: { why: 'not-asked', detail: needsConsent } } as const
    const denied = { ...answers, [attempt({ via: 'netns', node: 'n2', alloc: 'a2' }, '10.0.0.11', 25_001)]: never }
    const none = await run(probeOf('path-attempts'), path(ends, from), asking(denied))
    expect(none['path.attempts']).toMatchObject({ known: false, why: 'not-asked' })
  })

  test('of which none was recorded are not known', async () => {
    const found = await run(probeOf('path-attempts'), path(ends, { port: 'http' }), asking(world))
    expect(found['path.attempts']).toMatchObject({ known: false, why: 'not-recorded' })
  })

  test('between nobody are not known', async () => {
    const found = await run(probeOf('path-attempts'), path({}, {}), asking({}))
    expect(found['path.attempts']).toMatchObject({ known: false, why: 'not-found' })
  })
})
