import { describe, expect, it } from 'vitest'
import { outcomeOf } from '../../src/ask/attempt.ts'
import { attemptOf, connectOf, parseUrl } from '../../src/ask/connect.ts'
import type { Reply } from '../../src/ask/request.ts'

const reply = (body: string, status = 0, stderr = ''): Reply => ({
  at: '2026-11-21T00:00:00Z',
  ms: 1,
  status,
  body,
  stderr,
})
const http = (host: string, port: number, path = '/') => ({ proto: 'http', host, port, path })
const inTask = (script: string, answer: Reply) =>
  attemptOf({ via: 'task', alloc: 'a', task: 't', argv: ['sh', '-c', script] }, answer)

describe('connectOf', () => {
  it.each([
    [['curl', '-sS', '--max-time', '4', 'http://10.0.0.1:8080/'], http('10.0.0.1', 8080)],
    [['curl', '-sS', '-i', '--max-time', '4', 'http://10.0.0.1:8080/healthz'], http('10.0.0.1', 8080, '/healthz')],
    [['curl', '-sS', '-o', '/dev/null', '-w', '%{http_code}', '--max-time', '3', 'http://x:1/'], http('x', 1)],
    [['curl', '-sS', '--interface', '10.0.0.9', 'http://10.0.0.1/?a=b'], http('10.0.0.1', 80, '/?a=b')],
    [['curl', '-sS', '-g', 'http://[fd00:77::11]:4646/v1/agent/health'], http('fd00:77::11', 4646, '/v1/agent/health')],
    [['curl', 'telnet://127.0.0.1:6379'], { proto: 'tcp', host: '127.0.0.1', port: 6379 }],
    [['timeout', '3', 'nc', '-z', '-w', '2', '10.0.0.1', '53'], { proto: 'tcp', host: '10.0.0.1', port: 53 }],
    [['nc', '-zuw2', '10.0.0.1', '53'], { proto: 'udp', host: '10.0.0.1', port: 53 }],
    [['busybox', 'wget', '-qO', '-', '-T', '3', 'http://x:80/'], http('x', 80)],
    [['dig', '@10.0.0.1', '-p', '8600', 'a.service.consul'], null],
    [['nslookup', '-type=a', 'x'], null],
    [['nc', '$1', '$2'], null],
    [['curl', 'http://x:99999/'], null],
    [['curl'], null],
  ])('%j', (argv, place) => {
    expect(connectOf(argv)).toEqual(place)
  })
  it('reads a datagram sent by a script', () => {
    const script = 's=socket.socket(socket.AF_INET,socket.SOCK_DGRAM); s.sendto(b"x",("10.0.0.1",8125))'
    expect(connectOf(['python3', '-c', script])).toEqual({ proto: 'udp', host: '10.0.0.1', port: 8125 })
  })
  it('knows no place in nonsense', () => {
    for (const url of ['', 'http://', 'http://:80', 'gopher://x:1', 'http://x:0', 'http://x y:1/'])
      expect(parseUrl(url)).toBeNull()
  })
})

describe('attemptOf', () => {
  const viaFile = 'cat /local/upstreams.env; set -- $ORDERS; echo "GET / HTTP/1.0\n\n" | nc -w 3 $1 $2; echo rc=$?'

  it('takes the address from what the script printed, and the exit code from its last line', () => {
    const refused = inTask(
      viaFile,
      reply('ORDERS="10.0.0.1 8080"\n\nrc=1\n', 0, "nc: can't connect to remote host (10.0.0.1): Connection refused\n"),
    )
    expect(refused?.connect).toEqual({ proto: 'http', host: '10.0.0.1', port: 8080, path: '/' })
    expect(refused?.reply).toMatchObject({ status: 1, body: '' })
    expect(refused && outcomeOf(refused.reply)).toBe('refused')
    const answered = inTask(viaFile, reply('ORDERS="10.0.0.1 8080"\n\nHTTP/1.1 200 OK\r\n\r\nhi\nrc=0\n'))
    expect(answered?.reply.body).toBe('HTTP/1.1 200 OK\r\n\r\nhi\n')
  })
  it('is silent about attempts that never happened or whose place nobody printed', () => {
    expect(inTask(viaFile, reply('\nrc=1\n', 0, 'Usage: nc [-iN] [-wN] IPADDR PORT'))).toBeNull()
    expect(inTask(viaFile, reply('ORDERS="10.0.0.1 8080"\n\nrc=1\n', 0, 'Usage: nc [-iN]'))).toBeNull()
    expect(inTask('printf "GET / HTTP/1.0" | nc -w 3 $ORDERS; echo rc=$?', reply('HTTP/1.1 200 OK'))).toBeNull()
    expect(inTask('for i in $(curl -s http://x:1/); do curl -s http://x:1/$i; done', reply('{}'))).toBeNull()
  })
  it('reads pipes into nc and curl', () => {
    expect(inTask('echo PING | nc -w 3 127.0.0.1 6379; echo rc=$?', reply('+PONG\nrc=0\n'))?.connect).toEqual({
      proto: 'tcp',
      host: '127.0.0.1',
      port: 6379,
    })
    const piped = inTask(
      '(echo PING; sleep 1) | curl -sS --max-time 3 telnet://10.0.0.1:6379',
      reply('', 7, 'curl: (7) Failed to connect to 10.0.0.1 port 6379 after 0 ms: x'),
    )
    expect(piped && outcomeOf(piped.reply)).toBe('refused')
  })
})

describe('outcomeOf', () => {
  it.each([
    ['answered', reply('hi')],
    ['connected', reply('')],
    ['refused', reply('', 7, "curl: (7) Failed to connect to 1.2.3.4 port 1 after 0 ms: Couldn't connect to server")],
    [
      'unreachable',
      reply('', 7, "curl: (7) Failed to connect to 1.2.3.4 port 1 after 3054 ms: Couldn't connect to server"),
    ],
    ['unreachable', reply('', 1, "nc: can't connect to remote host (1.2.3.4): No route to host")],
    ['timed-out', reply('', 28, 'curl: (28) Connection timed out after 3000 milliseconds')],
    [
      'stalled',
      reply('200 0', 28, 'curl: (28) Operation timed out after 5000 milliseconds with 0 out of 217890 bytes received'),
    ],
    ['timed-out', reply('', 1, "nc: can't connect to remote host (1.2.3.4): Operation timed out")],
    ['empty', reply('', 52, 'curl: (52) Empty reply from server')],
    ['reset', reply('', 56, 'curl: (56) Recv failure: Connection reset by peer')],
    ['name-unknown', reply('', 6, 'curl: (6) Could not resolve host: x')],
    ['name-unknown', reply('', 1, "nc: bad address 'x'")],
    ['answered', reply('', 1, 'curl: (1) Received HTTP/0.9 when not allowed')],
    ['answered', reply('', 1, 'wget: server returned error: HTTP/1.0 404 Not Found')],
    ['unclear', reply('', 3, 'something else')],
  ] as const)('%s', (outcome, answer) => {
    expect(outcomeOf(answer)).toBe(outcome)
  })
})
