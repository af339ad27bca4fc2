import { describe, expect, it } from 'vitest'
import { capabilitiesOf } from '../../src/ask/capability.ts'
import { consul } from '../../src/ask/consul.ts'
import { nomad } from '../../src/ask/nomad.ts'
import { refusalOf } from '../../src/ask/refusal.ts'
import type { Request, Why } from '../../src/ask/request.ts'

const command: Request = { via: 'node', node: 'n', argv: ['ip', '-j', 'addr'] }
const inTask: Request = { via: 'task', alloc: 'a', task: 't', argv: ['env'] }
const dial: Request = { via: 'node', node: 'n', connect: { proto: 'tcp', host: 'h', port: 1 } }
const inspect: Request = { via: 'node', node: 'n', argv: ['docker', 'inspect', 'a', 'b'] }
const networks: Request = { via: 'node', node: 'n', argv: ['docker', 'network', 'inspect', 'a'] }
const home = 'Could not chdir to home directory /nonexistent: No such file or directory\n'
const why = (request: Request, status: number, body = '', stderr = ''): Why | undefined =>
  refusalOf(request, { at: '', ms: 0, status, body, stderr })?.why
const denied = (request: Request) =>
  refusalOf(request, { at: '', ms: 0, status: 403, body: 'Permission denied' })?.detail

describe('refusalOf', () => {
  it.each<[Why | undefined, Request, number, string?, string?]>([
    [undefined, nomad.nodes(), 200, '[]'],
    ['denied', nomad.nodes(), 403, 'Permission denied'],
    ['denied', nomad.logs('a', 't', 'stdout'), 500, 'Permission denied'],
    ['denied', nomad.agent(), 500, 'ACL token not found or invalid workload identity: missing key ID header'],
    ['denied', nomad.leader(), 500, 'Server error authenticating request'],
    ['not-found', nomad.allocation('a'), 404, 'alloc not found'],
    ['offline', nomad.nodeMetadata('n'), 404, 'No path to node'],
    ['offline', nomad.nodeAgent('n'), -1, '', 'connect ECONNREFUSED 10.0.0.1:4646'],
    ['timed-out', nomad.nodeAgent('n'), -1, '', 'timed out after 10 s'],
    ['unsupported', consul.entries('service-intentions'), 500, 'invalid config entry kind: service-intentions'],
    ['failed', nomad.nodes(), 500, 'something broke'],
    [undefined, command, 0, ''],
    [undefined, inTask, 0, 'A=1\n'],
    ['failed', inTask, 0, 'A=1\nB='],
    [undefined, command, 0, '[]'],
    ['denied', command, 4, '', 'iptables-save: Permission denied (you must be root)'],
    ['denied', command, 1, '', 'sudo: a password is required'],
    ['denied', command, 1, 'This account is currently not available.', home],
    ['unsupported', command, 127, '', 'sh: nft: not found'],
    ['not-found', command, 1, '', 'cat: /proc/modules: No such file or directory'],
    [undefined, inspect, 1, '[{}]\n', `${home}Error: No such object: b\n`],
    [undefined, networks, 1, '[]\n', 'Error response from daemon: network a not found\n'],
    ['not-found', inspect, 1, '[{}]\n', 'Error: No such object: b\nError: something broke\n'],
    ['not-found', inspect, 1, '', 'Error: No such object: b\n'],
    ['offline', inspect, 1, '[]\n', 'Cannot connect to the Docker daemon at unix:///var/run/docker.sock.'],
    ['offline', command, 1, '', 'nsenter: cannot open /proc/29588/ns/cgroup: No such file or directory'],
    ['offline', inTask, 1, '', 'failed to exec into task: No path to node'],
    ['denied', inTask, 1, '', 'failed to exec into task: Permission denied'],
    [undefined, dial, 7, '', 'curl: (7) refused'],
    ['unsupported', dial, 127, '', 'curl: not found'],
  ])('%s: %j %d', (reason, request, status, body, stderr) => {
    expect(why(request, status, body, stderr)).toBe(reason)
  })
  it('keeps the reason of a source, and names the capability a token lacks', () => {
    const refusal = { why: 'not-asked', detail: 'needs your consent' } as const
    expect(refusalOf(inTask, { at: '', ms: 0, status: -1, body: '', refusal })).toBe(refusal)
    expect(denied(nomad.nodes())).toBe('HTTP 403: Permission denied: the token lacks node:read')
    expect(denied(consul.health('x'))).toBe('HTTP 403: Permission denied: the token lacks node:read and service:read')
    expect(denied(nomad.leader())).toBe('HTTP 403: Permission denied')
  })
  it.each<[Request, string, RegExp]>([
    [command, 'sudo: a password is required', /sudoers must let this user run ip without a password/],
    [{ via: 'netns', node: 'n', alloc: 'a', argv: ['ss'] }, 'sudo: a password is required', /run nsenter without/],
    [command, 'op is not in the sudoers file.', /sudoers must let this user run ip/],
    [command, 'permission denied while trying to connect to the Docker daemon socket', /root or the group docker/],
    [command, 'Permission denied (you must be root)', /needs root: give --sudo/],
  ])('%j %s: says which right is missing', (request, stderr, says) => {
    const refusal = refusalOf(request, { at: '', ms: 0, status: 1, body: '', stderr })
    expect(refusal).toMatchObject({ why: 'denied', detail: expect.stringMatching(says) as string })
  })
})

it.each<[Request, string[]]>([
  [nomad.node('n'), ['node:read']],
  [nomad.nodeMetadata('n'), ['node:read']],
  [nomad.nodeAgent('n'), ['agent:read']],
  [nomad.members(), ['node:read']],
  [{ via: 'nomad', path: '/v1/node/pools' }, ['node_pool:read']],
  [nomad.jobs(), ['namespace:list-jobs']],
  [nomad.job('jobs'), ['namespace:read-job']],
  [nomad.plan('j', {}), ['namespace:submit-job']],
  [nomad.logs('a', 't', 'stderr'), ['namespace:read-logs']],
  [nomad.files('a', '/'), ['namespace:read-fs']],
  [nomad.allocationChecks('a'), ['namespace:read-job']],
  [nomad.services(), ['namespace:read-job']],
  [nomad.scheduler(), ['operator:read']],
  [nomad.token(), []],
  [consul.agent(), ['agent:read']],
  [consul.intentions(), ['intentions:read']],
  [consul.catalogServices(), ['service:read']],
  [inTask, ['namespace:alloc-exec (of a raw_exec task: alloc-node-exec)']],
  [command, []],
])('capabilities of %j', (request, needs) => {
  expect(capabilitiesOf(request)).toEqual(needs)
})

it('says the errors that a line only counts', () => {
  const body = '1 error occurred:\n\t* Task group web validation failed: 1 error occurred:\n\t* no such port\n\n'
  const refusal = refusalOf(nomad.plan('web', {}), { at: '', ms: 0, status: 500, body })
  expect(refusal?.detail).toBe('HTTP 500: Task group web validation failed: no such port')
})

it('what ssh says beside what it is asked for is no reason', () => {
  const stderr = `Warning: Permanently added '10.0.0.1' (ED25519) to the list of known hosts.\r\n** WARNING: no post-quantum\n${home}ip: bad\n`
  expect(refusalOf(command, { at: '', ms: 0, status: 1, body: '', stderr })?.detail).toBe('exit code 1: ip: bad')
})
