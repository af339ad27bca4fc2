import { expect, test } from 'vitest'
import { isWatch, isWatching } from '../../src/ask/packets.ts'
import type { Ask, Reply, Request } from '../../src/ask/request.ts'
import { pathCapture } from '../../src/probes/workload/path-capture.ts'
import { twoClients } from '../way/site.ts'
import { called } from '../way/walks.ts'

const at = '2026-01-01T00:00:00.000Z'
const line = '08:49:54.6 eth0 In  IP 10.0.0.1.40000 > 10.0.0.2.25000: Flags [S], seq 1, win 64240, length 0\n'
const thing = { id: 'path', kind: 'path', about: 'path', links: {}, many: {}, names: {} } as const
const listening = 'listening on any, link-type LINUX_SLL2\n'

async function captured(answer: (request: Request) => Partial<Reply>, walk = called(twoClients())) {
  const asked: Request[] = []
  const ask: Ask = (request) => {
    asked.push(request)
    return Promise.resolve({ at, ms: 1, status: 0, body: '', ...answer(request) })
  }
  const given = { 'path.walks': [walk] }
  const found = pathCapture.parse(await pathCapture.read(ask, thing, given), thing, given)
  return { asked, capture: found['path.capture'] }
}

test('each namespace of the way is watched, and the connection is tried on its own', async () => {
  const { asked, capture } = await captured((request) =>
    'argv' in request ? { status: 124, body: line, stderr: listening } : { status: 28, stderr: 'timed out' },
  )
  const watched = asked.flatMap((request) => ('argv' in request ? [request] : []))
  expect(watched.every(({ argv }) => isWatch(argv))).toBe(true)
  expect(new Set(watched.map(({ argv }) => argv.at(-1)))).toEqual(
    new Set([
      'tcp and (((src host 172.26.64.7 or src host 10.0.0.1) and ((dst host 10.0.0.2 and dst port 25000) or (dst host 172.26.64.9 and dst port 8080))) or ((dst host 172.26.64.7 or dst host 10.0.0.1) and ((src host 10.0.0.2 and src port 25000) or (src host 172.26.64.9 and src port 8080))))',
    ]),
  )
  expect(watched.map(({ via }) => via).toSorted()).toEqual(['netns', 'netns', 'node', 'node'])
  expect(asked.find((request) => 'connect' in request)).toMatchObject({
    via: 'netns',
    alloc: 'web-alloc-id',
    connect: { host: '10.0.0.2', again: true },
  })
  expect(capture).toMatchObject({ known: true, value: { outcome: 'timed-out' } })
})

test('where nobody agreed nothing is known, and it says why', async () => {
  const refusal = { why: 'not-asked', detail: 'it watches packets and needs your consent (--yes)' } as const
  const { capture } = await captured(() => ({ status: -1, refusal }))
  expect(capture).toMatchObject({ known: false, why: 'not-asked', detail: refusal.detail })
})

test('where nothing was read of the source nothing is watched, and it says why that is', async () => {
  const walk = called(twoClients())
  const { namespace } = walk.start
  const { asked, capture } = await captured(() => ({}), {
    ...walk,
    traces: walk.traces.map((one) => ({ ...one, hops: [], tuple: { ...one.tuple, src: '' } })),
    unread: [{ namespace, what: 'ip -j addr', why: 'ssh: connect to host 10.0.0.1 port 22: Connection refused' }],
  })
  expect(asked).toEqual([])
  expect(capture).toMatchObject({
    known: false,
    detail: expect.stringMatching(
      /^nothing was read of .*: ssh: connect to host 10\.0\.0\.1 port 22: Connection refused$/,
    ),
  })
})

test('one namespace without tcpdump does not hide the others; output that is cut is not read', async () => {
  const { capture } = await captured((request) => {
    if (!('argv' in request)) return { status: 0 }
    if (request.via === 'netns') return { status: 127, stderr: 'timeout: failed to run command tcpdump: No such file' }
    return {
      status: 124,
      stderr: listening,
      body: 'node' in request && request.node === 'c1-node-id' ? line : line.slice(0, 30),
    }
  })
  const { watches } = (
    capture as { value: { watches: { namespace: string; packets: unknown[] | null; why?: string }[] } }
  ).value
  expect(watches.map(({ namespace, packets, why }) => [namespace, packets?.length ?? why])).toEqual([
    ['web', expect.stringMatching(/exit code 127/) as unknown],
    ['c1', 1],
    ['c2', expect.stringMatching(/cut short/) as unknown],
    ['api', expect.stringMatching(/exit code 127/) as unknown],
  ])
})

test('tcpdump that never listened has seen nothing', async () => {
  const { capture } = await captured((request) =>
    'argv' in request ? { status: 124, stderr: 'sudo: a password is required' } : {},
  )
  expect(capture).toMatchObject({ known: false, why: 'denied' })
})

test('all is asked for at once, so that one yes lets all begin', async () => {
  const asked: Request[] = []
  const given = { 'path.walks': [called(twoClients())] }
  void pathCapture.read((request) => (asked.push(request), new Promise(() => {})), thing, given)
  await Promise.resolve()
  expect(asked.every(isWatching)).toBe(true)
  expect(asked.map((request) => ('connect' in request ? 'attempt' : 'look')).toSorted()).toEqual([
    'attempt',
    'look',
    'look',
    'look',
    'look',
  ])
})
