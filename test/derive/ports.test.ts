import { describe, expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import type { Facts } from '../../src/knowledge/facts.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import type { GroupSpec, TaskSpec } from '../../src/knowledge/shapes/job.ts'
import type { Listener } from '../../src/knowledge/shapes/packet.ts'
import { group, record, service, task, meshed } from '../../src/knowledge/samples.ts'
import { worldOf, type GivenValues } from '../world.ts'

function derived<K extends keyof Facts>(key: K, given: GivenValues, port?: string): Held<Facts[K]> | undefined {
  const { world, thing } = worldOf('alloc', given)
  const own = { ...thing, names: port === undefined ? {} : { port } }
  const grown = derive({ ...world, things: new Map([...world.things, [own.id, own]]) }, derivations)
  return grown.facts.get(own.id)?.get(key) as Held<Facts[K]> | undefined
}

const docker = (config: TaskSpec['config'] = {}) => task({ config })
const exec = (config: TaskSpec['config'] = {}) => task({ driver: 'raw_exec', config })
const hosted = (...tasks: readonly TaskSpec[]): GroupSpec =>
  group({ network: { mode: '', ports: [{ label: 'http', to: 8080, hostNetwork: 'default' }] }, tasks })
const bridged = (...tasks: readonly TaskSpec[]): GroupSpec => group({ tasks })

const wanted = (spec: GroupSpec, port?: string) => {
  const held = derived('alloc.port-ways', { 'alloc.record': record('a1'), 'group.spec': spec }, port)
  return held?.known ? held.value.map((way) => way.wanted) : undefined
}

describe('alloc.port-ways: who maps a port, and where the process must listen', () => {
  test.each<[string, GroupSpec, 'portmap' | 'driver' | 'nobody', string, number]>([
    ['a bridge group: the CNI plug-in, to the number inside', bridged(docker()), 'portmap', 'group', 8080],
    ['exec in a bridge group as well', bridged(exec()), 'portmap', 'group', 8080],
    [
      'docker in host mode with its port listed: docker',
      hosted(docker({ ports: ['http'] })),
      'driver',
      'container',
      8080,
    ],
    ['docker in host mode without: nobody', hosted(docker()), 'nobody', 'container', 8080],
    [
      'docker in the namespace of the host: nobody, the host port itself',
      hosted(docker({ network_mode: 'host', ports: ['http'] })),
      'nobody',
      'host',
      25000,
    ],
    ['exec in host mode: nobody, the host port itself', hosted(exec()), 'nobody', 'host', 25000],
    [
      'docker with a network_mode of its own in a bridge group',
      bridged(docker({ network_mode: 'bridge' })),
      'portmap',
      'container',
      8080,
    ],
    [
      'podman stays in the group',
      bridged(task({ driver: 'podman', config: { network_mode: 'bridge' } })),
      'portmap',
      'group',
      8080,
    ],
    ['a driver nobody here knows', hosted(task({ driver: 'firecracker' })), 'nobody', 'unsure', 8080],
    [
      'tasks in two namespaces, and none says that it serves',
      { ...hosted(docker(), { ...exec(), name: 'other' }), services: [] },
      'nobody',
      'unsure',
      8080,
    ],
  ])('%s', (_, spec, mapper, namespace, inside) => {
    const held = derived('alloc.port-ways', { 'alloc.record': record('a1'), 'group.spec': spec })
    const [way] = held?.known ? held.value : []
    expect([way?.mapper, way?.namespace, way?.inside]).toEqual([mapper, namespace, inside])
  })

  test('wanted: by a service, or by the question; not for the mesh', () => {
    expect(wanted(group())).toEqual([true])
    expect(wanted(group({ services: [] }))).toEqual([false])
    expect(wanted(group({ services: [] }), 'http')).toEqual([true])
    expect(wanted(group({ services: [] }), '8080')).toEqual([true])
    expect(wanted(group({ services: [service({ connect: { native: false, gateway: true } })] }))).toEqual([false])
  })
})

const socket = (address: string, port: number, name = 'server'): Listener => ({
  proto: 'tcp',
  address,
  port,
  processes: [{ name, pid: 7 }],
})

const outside = (spec: GroupSpec, ...sockets: readonly Listener[]): GivenValues => ({
  'alloc.record': record('a1'),
  'group.spec': spec,
  'node.listeners': sockets,
})

const result = (status: string) => ({ check: 'c', service: 'orders', status, output: '' })
const withCheck = (spec: GroupSpec, port = ''): GroupSpec => ({
  ...spec,
  services: spec.services.map((one) => ({
    ...one,
    checks: [{ name: 'c', type: 'tcp', path: '', port, addressMode: '', expose: false }],
  })),
})

const known = (values: GivenValues) => derived('alloc.listening', values)?.known

const seen = (spec: GroupSpec, ...results: readonly string[]): GivenValues => ({
  'alloc.record': record('a1'),
  'group.spec': spec,
  'alloc.checks': results.map(result),
})

describe('alloc.listening: what the sockets show', () => {
  const inside = (...sockets: readonly Listener[]): GivenValues => ({
    'alloc.record': record('a1', { address: '172.26.64.3' }),
    'group.spec': bridged(docker()),
    'alloc.netns.listeners': sockets,
  })
  test.each<[string, GivenValues, string, readonly number[], boolean]>([
    ['on every address', inside(socket('*', 8080)), 'open', [], false],
    ['on the address of the allocation', inside(socket('172.26.64.3', 8080)), 'open', [], false],
    ['on loopback only', inside(socket('127.0.0.1', 8080)), 'loopback', [], false],
    ['on another port', inside(socket('*', 9090), socket('127.0.0.2', 19001)), 'closed', [9090], false],
    ['nowhere', inside(), 'closed', [], false],
    ['in the host namespace, on the host port', outside(hosted(exec()), socket('10.0.0.1', 25000)), 'open', [], false],
    [
      'in the host namespace, on what nobody maps',
      outside(hosted(exec()), socket('0.0.0.0', 8080), socket('*', 4646, 'nomad')),
      'closed',
      [],
      true,
    ],
    [
      'in the host namespace, by the name of its command',
      outside(hosted(exec({ command: '/usr/bin/server' })), socket('*', 9090), socket('*', 4646, 'nomad')),
      'closed',
      [9090],
      false,
    ],
    ['docker publishes nothing', outside(hosted(docker())), 'apart', [], false],
  ])('%s', (_, given, state, others, atTo) => {
    const held = derived('alloc.listening', given)
    const [port] = held?.known ? held.value : []
    expect([port?.state, port?.others, port?.atTo]).toEqual([state, others, atTo])
  })

  test.each<[string, GivenValues, readonly number[] | undefined]>([
    ['at another number', inside(socket('127.0.0.1', 9090), socket('127.0.0.1', 9091)), [9090, 9091]],
    ['beside a port that is open', inside(socket('*', 8080), socket('127.0.0.1', 9090)), [9090]],
    ['the resolver of docker', inside(socket('127.0.0.11', 41231)), undefined],
    [
      'a proxy of the mesh',
      {
        ...inside(socket('127.0.0.2', 19001)),
        'group.spec': { ...bridged(docker()), services: [meshed()] },
      },
      undefined,
    ],
    ['on the client', outside(hosted(exec()), socket('127.0.0.1', 9090)), undefined],
  ])('what listens on loopback only, where no port leads: %s', (_, given, expected) => {
    const held = derived('alloc.listening', given)
    expect(held?.known ? held.value[0]?.onLoopback : 'unknown').toEqual(expected)
  })

  test('what cannot be seen is not known: a check that passes through the very port settles it, and nothing else', () => {
    const unseen = hosted(docker({ ports: ['http'] }))
    expect(known(seen(unseen))).toBe(false)
    expect(known(seen(withCheck(unseen), 'failure'))).toBe(false)
    expect(known(seen(withCheck(unseen), 'success'))).toBe(true)
    expect(known(seen(withCheck(unseen, '9090'), 'success'))).toBe(false)
    expect(known(seen(withCheck(bridged(docker())), 'success'))).toBe(true)
    expect(known(seen(bridged(docker())))).toBe(false)
    const sockets = inside(socket('*', 9090))
    expect(known(sockets)).toBe(true)
    expect(known({ ...sockets, 'group.spec': withCheck(bridged(docker())) })).toBe(false)
  })
})
