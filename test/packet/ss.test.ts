import { expect, test } from 'vitest'
import { accepts, isLoopback, isWildcard, parseListeners, parseSockets } from '../../src/packet/ss.ts'
import type { Listener } from '../../src/packet/ss.ts'
import { sockets } from './samples.ts'
import { valueOf } from './value.ts'

const listener = (local: string, rest = ''): Listener =>
  valueOf(parseListeners(`LISTEN 0 5 ${local} 0.0.0.0:* ${rest}`, 'tcp'))[0]!

test('listeners with their processes; connected sockets are none', () => {
  expect(valueOf(parseListeners(sockets, 'tcp'))).toEqual([
    { proto: 'tcp', address: '0.0.0.0', port: 8088, processes: [{ name: 'docker-proxy', pid: 5152 }] },
    { proto: 'tcp', address: '::', port: 8088, processes: [{ name: 'docker-proxy', pid: 5159 }], v6only: true },
    {
      proto: 'tcp',
      address: '*',
      port: 4646,
      processes: [
        { name: 'nomad', pid: 191 },
        { name: 'no \\"mad', pid: 7 },
      ],
      v6only: false,
    },
    {
      proto: 'tcp',
      address: '127.0.0.53',
      port: 53,
      device: 'lo',
      processes: [{ name: 'python3', pid: 667 }],
      uid: 33,
    },
  ])
  expect(valueOf(parseSockets(sockets, 'tcp'))[4]).toMatchObject({
    state: 'ESTAB',
    local: { address: '::ffff:10.77.195.12', port: 4646 },
    peer: { port: 47244 },
    processes: [],
  })
})

test('a header, both protocols at once, and a line that is none', () => {
  const plain = `State  Recv-Q Send-Q Local Address:Port Peer Address:PortProcess
LISTEN 0      9                  *:9000             *:*          
`
  expect(valueOf(parseListeners(plain, 'tcp'))).toEqual([{ proto: 'tcp', address: '*', port: 9000, processes: [] }])
  expect(valueOf(parseListeners('udp UNCONN 0 0 [fe80::1]%eth0:546 [::]:*\n', 'tcp'))).toMatchObject([
    { proto: 'udp', address: 'fe80::1', device: 'eth0', port: 546 },
  ])
  expect(parseListeners('LISTEN 0 5 nonsense *:*\n', 'tcp')).toEqual({ ok: false, why: 'not a line of ss', line: 1 })
  expect(valueOf(parseListeners('', 'tcp'))).toEqual([])
})

test.each([
  ['*:80', '', '10.0.0.1', true],
  ['*:80', '', 'fd00::1', true],
  ['*:80', 'v6only:0', '127.0.0.1', true],
  ['0.0.0.0:80', '', '10.0.0.1', true],
  ['0.0.0.0:80', '', 'fd00::1', false],
  ['[::]:80', 'v6only:1', '10.0.0.1', false],
  ['[::]:80', '', '10.0.0.1', false],
  ['[::]:80', '', 'fd00::1', true],
  [':::80', '', '10.0.0.1', true],
  ['127.0.0.1:80', '', '10.0.0.1', false],
  ['127.0.0.1:80', '', '127.0.0.1', true],
  ['[::ffff:10.0.0.1]:80', '', '10.0.0.1', true],
  ['10.0.0.1:81', '', '10.0.0.1', false],
  ['*:80', '', 'not an address', false],
])('%s %s accepts %s port 80: %s', (local, rest, address, expected) => {
  expect(accepts(listener(local, rest), address, 80)).toBe(expected)
})

test('wildcard, loopback and device', () => {
  expect(['*:1', '0.0.0.0:1', '[::]:1', '10.0.0.1:1'].map((local) => isWildcard(listener(local)))).toEqual([
    true,
    true,
    true,
    false,
  ])
  expect(
    ['127.0.0.53%lo:1', '[::1]:1', '*:1', '[::ffff:127.0.0.1]:1'].map((local) => isLoopback(listener(local))),
  ).toEqual([true, true, false, true])
  const bound = listener('0.0.0.0%eth1:80')
  expect([
    accepts(bound, '10.0.0.1', 80),
    accepts(bound, '10.0.0.1', 80, 'eth1'),
    accepts(bound, '10.0.0.1', 80, 'eth0'),
  ]).toEqual([true, true, false])
})

test('a queue of connections that is full is told; one that is at its limit still takes one more', () => {
  const waiting = (line: string) => valueOf(parseListeners(`${line} 0.0.0.0:8080 0.0.0.0:*`, 'tcp'))[0]?.full
  expect(waiting('LISTEN 10 9')).toEqual({ waiting: 10, room: 9 })
  expect(waiting('LISTEN 9 9')).toBeUndefined()
  expect(valueOf(parseListeners('UNCONN 10 9 0.0.0.0:53 0.0.0.0:*', 'udp'))[0]?.full).toBeUndefined()
})
