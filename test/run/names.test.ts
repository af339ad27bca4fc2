import { describe, expect, test } from 'vitest'
import type { Ask, Reply } from '../../src/ask/request.ts'
import { checkName, NameError, parseName } from '../../src/run/names.ts'
import { realNames } from '../../src/run/real-names.ts'
import { nameCaller, nameSide } from '../../src/run/register.ts'
import { CaseError, openCase } from '../../src/sources/case.ts'

describe('a client', () => {
  const nodes = [
    { id: 'aaaa1111-0000-0000-0000-000000000000', name: 'c1' },
    { id: 'aaaa2222-0000-0000-0000-000000000000', name: 'c2' },
  ]
  const named = (text: string) => {
    const found = parseName(`node:${text}`)
    return found instanceof NameError ? found : checkName(text, found, { nodes })
  }
  test('is named by its name, its id, or the first characters of its id', () => {
    expect(named('c1')).toEqual({ kind: 'node', node: 'c1' })
    for (const id of ['aaaa2222', 'AAAA2', 'aaaa2222-0000-0000-0000-000000000000'])
      expect(named(id)).toEqual({ kind: 'node', node: 'aaaa2222-0000-0000-0000-000000000000' })
  })
  test('that is not unique, or that nobody has, offers those there are', () => {
    expect(named('aaaa')).toMatchObject({ offers: [expect.stringContaining('c1'), expect.stringContaining('c2')] })
    expect(named('c3')).toMatchObject({ message: 'there is no node "c3"', offers: ['node:c1', 'node:c2'] })
  })
})

test('a group may have a slash in its own name', () => {
  const parsed = parseName('odd/api v2/é.x')
  if (parsed instanceof NameError) throw new Error(parsed.message)
  const group = (name: string) => ({ name, tasks: ['server'] })
  const named = (...names: string[]) => checkName('odd/api v2/é.x', parsed, { groups: names.map(group) })
  expect(named('web', 'api v2/é.x')).toEqual({
    kind: 'workload',
    namespace: 'default',
    job: 'odd',
    group: 'api v2/é.x',
  })
  expect(named('web', 'api v2')).toBeInstanceOf(NameError)
})

describe('a name where every namespace is looked at', () => {
  const jobs = [
    ['default', 'web'],
    ['team-a', 'web'],
    ['team-a', 'api'],
  ] as const
  const answers: Readonly<Record<string, unknown>> = {
    '/v1/jobs?meta=true&namespace=*': jobs.map(([Namespace, ID]) => ({
      ID,
      Name: ID,
      Namespace,
      Type: 'service',
      Status: 'running',
    })),
    '/v1/services?namespace=*': [
      { Namespace: 'team-a', Services: [{ ServiceName: 'db', Tags: [] }] },
      { Namespace: 'default', Services: [{ ServiceName: 'cache', Tags: [] }] },
    ],
  }
  const reply = (status: number, body: string): Reply => ({ at: '2026-01-01T00:00:00Z', ms: 1, status, body })
  const ask =
    (consulStatus: number): Ask =>
    (request) => {
      const known = request.via === 'nomad' ? answers[request.path] : undefined
      if (request.via === 'consul')
        return Promise.resolve(reply(consulStatus, consulStatus === 200 ? '{}' : 'Permission denied'))
      return Promise.resolve(known === undefined ? reply(404, 'not found') : reply(200, JSON.stringify(known)))
    }
  const named = (text: string, namespace = '*', consulStatus = 200) =>
    nameSide(text, { ask: ask(consulStatus), namespace })
  test('is that of the one namespace that has it', async () => {
    expect(await named('api')).toMatchObject({ namespace: 'team-a', job: 'api' })
    expect(await named('service:db')).toEqual({ kind: 'service', namespace: 'team-a', service: 'db' })
    expect(await named('team-a:web/g')).toMatchObject({ namespace: 'team-a', job: 'web', group: 'g' })
  })
  test('that several have, or none, offers those there are', async () => {
    expect(await named('web/g')).toMatchObject({
      message: 'web is in 2 namespaces: say which',
      offers: ['web/g', 'team-a:web/g'],
    })
    expect(await named('apo')).toMatchObject({
      message: 'there is no job "apo"',
      offers: expect.arrayContaining(['team-a:api']),
    })
  })
  test('of a service that Consul may have is not called wrong when Consul refuses', async () => {
    expect(await named('service:other', 'default')).toMatchObject({ message: 'there is no service "other"' })
    expect(await named('service:other', 'default', 403)).toEqual({
      kind: 'service',
      namespace: 'default',
      service: 'other',
    })
  })
})

describe('what is offered for a name that nobody has', () => {
  const known = {
    namespaces: ['default', 'shop', 'team-a', 'team-b'],
    jobs: [
      { id: 'web', namespace: 'default' },
      { id: 'api', namespace: 'team-a' },
      { id: 'shop', namespace: 'default' },
      ...['one', 'two', 'six'].map((id) => ({ id, namespace: 'default' })),
    ],
    services: [
      { name: 'api', namespace: 'default' },
      { name: 'api', namespace: 'team-a' },
    ],
    groups: [{ name: 'front', tasks: ['main'] }],
  }
  const asked = (text: string) => {
    const named = parseName(text)
    return named instanceof NameError ? named : checkName(text, named, known)
  }
  test('can be typed as it stands, the nearest first whatever its namespace', () => {
    expect(asked('apy')).toMatchObject({ offers: expect.arrayContaining(['team-a:api']) })
    expect((asked('apy') as NameError).offers[0]).toBe('team-a:api')
    expect(asked('service:apii')).toMatchObject({ offers: ['service:api', 'team-a:service:api'] })
    expect(asked('team-a:service:apii')).toMatchObject({ offers: ['team-a:service:api', 'service:api'] })
    expect(asked('team-a:api/frnt')).toMatchObject({ offers: ['team-a:api/front'] })
    expect(asked('web/front/mian')).toMatchObject({ offers: ['web/front/main'] })
  })
  test('is in the namespaces that have it, where the namespace is the one that nobody has', () => {
    expect(asked('team-x:api/front')).toMatchObject({
      message: 'there is no namespace "team-x"; the nearest are team-a, team-b, default, shop',
      offers: ['team-a:api/front'],
    })
    expect(asked('team-x:service:api')).toMatchObject({ offers: ['team-a:service:api', 'service:api'] })
    expect((asked('team-x:apy') as NameError).offers[0]).toBe('team-a:api')
    expect(asked('team-b:web')).toMatchObject({ message: 'there is no job "web" in namespace team-b', offers: ['web'] })
  })
  test('is typed with its namespace where names without one mean another', () => {
    const there = (text: string) => {
      const named = parseName(text, 'team-a')
      return named instanceof NameError ? named : checkName(text, named, known, 'team-a')
    }
    expect(there('web/front')).toMatchObject({
      message: 'there is no job "web" in namespace team-a',
      offers: expect.arrayContaining(['default:web/front']),
    })
    expect((there('web/front') as NameError).offers[0]).toBe('default:web/front')
    expect(there('service:apii')).toMatchObject({ offers: ['team-a:service:api', 'default:service:api'] })
  })
  test('is of the namespace asked about, or near enough', () => {
    expect(asked('team-a:x/y')).toMatchObject({ offers: ['team-a:api'] })
    expect(asked('team-b:x/y')).toMatchObject({ offers: [] })
  })
  test('is outside where it is an address', () => {
    for (const place of ['10.77.83.12:18080', '[fd00::1]:80', 'db.example:5432'])
      expect(asked(place)).toMatchObject({ message: `${place} is an address: say so`, offers: [`outside:${place}`] })
    expect((asked('10.77.83.12') as NameError).offers[0]).toBe('outside:10.77.83.12')
  })
})

test('a caller at the address of a client is that client', async () => {
  const body = JSON.stringify([
    { ID: '6f2a81b8-0000-4000-8000-000000000000', Name: 'c1', Status: 'ready', Address: '10.0.0.11' },
  ])
  const ask: Ask = (request) =>
    Promise.resolve({
      at: '2026-01-01T00:00:00Z',
      ms: 1,
      ...(request.via === 'nomad' && request.path.startsWith('/v1/nodes')
        ? { status: 200, body }
        : { status: 404, body: '' }),
    })
  const named = (text: string) => nameCaller(text, { ask, namespace: 'default' })
  expect(await named('outside:10.0.0.11')).toEqual({ kind: 'node', node: 'c1' })
  expect(await named('outside:10.0.0.99')).toEqual({ kind: 'outside', address: '10.0.0.99' })
  expect(await named('outside')).toEqual({ kind: 'outside' })
  expect(await named('outside:c1')).toEqual({ kind: 'node', node: 'c1' })
  expect(await named('outside:[2001:db8::9]:4000')).toEqual({ kind: 'outside', address: '[2001:db8::9]:4000' })
  for (const none of ['outside:c2', 'outside:banana', 'outside::80']) {
    // oxlint-disable-next-line no-await-in-loop -- one after the other
    const wrong = await named(none)
    expect(wrong).toMatchObject({ message: expect.stringMatching(/is told by an address, as in outside:10\.0\.0\.9/) })
    expect(wrong).toBeInstanceOf(NameError)
  }
})

test('a service whose registration is gone is known by the job file that declares it', async () => {
  const opened = await openCase('test/recordings/nsd-registration-missing')
  if (opened instanceof CaseError) throw new Error(opened.message)
  const register = { ask: opened.ask, namespace: 'default' }
  expect(await nameSide('service:orders-api', register)).toMatchObject({ kind: 'service', service: 'orders-api' })
  const { offers } = (await nameSide('service:orders-apy', register)) as NameError
  expect(offers[0]).toBe('service:orders-api')
})

describe('a name with control characters', () => {
  const known = {
    jobs: [
      { id: 'ev\u001B[31mil', namespace: 'default' },
      { id: 'evil', namespace: 'other' },
      { id: 'a\u001B[1mb', namespace: 'default' },
      { id: 'a\u001B[2mb', namespace: 'default' },
      { id: 'plain', namespace: 'default' },
    ],
    groups: [{ name: 'c\u001B[1mli', tasks: ['t\u001B[1mask'] }],
  }
  test('is meant by what is shown of it, with its group and task', () => {
    expect(realNames({ namespace: 'default', job: 'evil', group: 'cli', task: 'task' }, known)).toEqual({
      namespace: 'default',
      job: 'ev\u001B[31mil',
      group: 'c\u001B[1mli',
      task: 't\u001B[1mask',
    })
  })
  test('is not where another one has just that name, or several read alike', () => {
    expect(realNames({ namespace: 'other', job: 'evil' }, known)).toEqual({ namespace: 'other', job: 'evil' })
    expect(realNames({ namespace: 'default', job: 'ab' }, known)).toEqual({ namespace: 'default', job: 'ab' })
    expect(realNames({ namespace: 'default', job: 'plain' }, known)).toEqual({ namespace: 'default', job: 'plain' })
  })
  test('can be typed as it is offered', async () => {
    const body = JSON.stringify([
      { ID: 'ev\u001B[31mil', Name: 'x', Namespace: 'default', Type: 'service', Status: 'running' },
    ])
    const ask: Ask = (request) =>
      Promise.resolve(
        request.via === 'nomad' && request.path === '/v1/jobs?meta=true&namespace=*'
          ? { at: '', ms: 1, status: 200, body }
          : { at: '', ms: 1, status: 404, body: 'not found' },
      )
    expect(await nameSide('evil/cli', { ask, namespace: 'default' })).toMatchObject({ job: 'ev\u001B[31mil' })
  })
})

describe('a run that a periodic or parameterized job started', () => {
  test('is named by its own name, the name of that job in front', () => {
    expect(parseName('per/periodic-1796066220/hit/run')).toEqual({
      namespace: 'default',
      job: 'per/periodic-1796066220',
      group: 'hit',
      task: 'run',
    })
    expect(parseName('mail/dispatch-1796065990-bd8d2f1e')).toMatchObject({ job: 'mail/dispatch-1796065990-bd8d2f1e' })
    expect(parseName('web/periodic-table')).toMatchObject({ job: 'web', group: 'periodic-table' })
  })

  const listed = [
    ['per', '', 1],
    ['per/periodic-2', 'per', 3],
    ['per/periodic-1', 'per', 2],
  ].map(([ID, ParentID, CreateIndex]) => ({ ID, ParentID, CreateIndex, Status: 'dead' }))
  const ask: Ask = (request) =>
    Promise.resolve({
      at: '2026-01-01T00:00:00Z',
      ms: 1,
      ...(request.via === 'nomad' && request.path === '/v1/jobs?meta=true&namespace=*'
        ? { status: 200, body: JSON.stringify(listed) }
        : { status: 404, body: 'not found' }),
    })
  test('is who calls, where the job itself is named as the caller, and nobody else', async () => {
    const at = { ask, namespace: 'default' }
    expect(await nameCaller('per/hit', at)).toMatchObject({ job: 'per/periodic-2', group: 'hit' })
    expect(await nameCaller('per/periodic-1/hit', at)).toMatchObject({ job: 'per/periodic-1', group: 'hit' })
    expect(await nameSide('per/hit', at)).toMatchObject({ job: 'per', group: 'hit' })
  })
})
