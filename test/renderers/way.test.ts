import { expect, test } from 'vitest'
import { spell } from '../../src/ask/request.ts'
import type { Attempt } from '../../src/knowledge/shapes/runtime.ts'
import { ascii } from '../../src/components/ascii.ts'
import { plainStyle } from '../../src/renderers/style.ts'
import { walksJson } from '../../src/renderers/way-json.ts'
import { pathText, waysLines } from '../../src/renderers/way.ts'
import type { PathWays } from '../../src/way/facts.ts'
import type { Tried } from '../../src/way/tried.ts'
import type { PathWalk } from '../../src/way/walked.ts'
import { nomadRules, twoClients } from '../way/site.ts'
import { called } from '../way/walks.ts'

const attempt: Attempt = {
  from: 'source-node',
  place: 'client c1-node-',
  host: '10.0.0.2',
  port: 25000,
  outcome: 'timed-out',
  ms: 3001,
}
const tried: readonly Tried[] = [{ attempt, namespace: 'c1', simulated: 'answered', late: false }]
const ways = (walk: PathWalk): PathWays => ({
  about: '',
  thing: '',
  walks: [walk],
  unknown: null,
  seen,
  tried,
  untried: null,
  capture: null,
  unwatched: null,
})
const seen = ['c1-node-id', 'c2-node-id'].map((node) => ({
  by: 'iptables-save',
  ask: spell({ via: 'node', node, argv: ['iptables-save', '-c'] }),
  request: `iptables-save -c   on node ${node}`,
  excerpt: '',
  at: '2026-01-01T00:00:00Z',
}))

test('as text: names, rules and what was measured from where', () => {
  const text = waysLines(ways(called(twoClients())), plainStyle).join('\n')
  expect(text).toContain('allocation web on c1 → tcp 10.0.0.2:25000   env API of task web')
  expect(text).toMatch(/◆ MASQUERADE +source 172\.26\.64\.7 becomes 10\.0\.0\.1/)
  expect(text.replaceAll(/\s+/g, ' ')).toContain(
    'nat CNI-DN-a1 rule 2: -A CNI-DN-a1 -p tcp -m tcp --dport 25000 -j DNAT --to-destination 172.26.64.9:8080',
  )
  expect(
    text.match(/measured +10\.0\.0\.2:25000 from the client: no answer, though the walk says: connected/g),
  ).toHaveLength(1)
})

test('what the very connection met comes before what the walk says of it', () => {
  const walk = called(twoClients())
  const own = [
    {
      attempt: { ...attempt, place: 'namespace' },
      namespace: walk.start.namespace,
      simulated: 'answered',
      late: false,
    },
  ] as const
  const text = waysLines({ ...ways(walk), tried: own }, plainStyle).join('\n')
  expect(text.indexOf('Tried from the namespace: no answer.')).toBeLessThan(text.indexOf('The packet arrives'))
  expect(text).toContain('Tried from the namespace: no answer.')
  const met = (tried: readonly Tried[]) => (walksJson({ ...ways(walk), tried })[0] as { met: string }).met
  expect(met(own)).toBe('silent')
  // One that stood is enough: what fails besides fails by chance.
  expect(met([...own, { ...own[0], attempt: { ...own[0].attempt, outcome: 'connected' } }])).toBe('answered')
  // Another place, another packet.
  expect(met(tried)).toBe('answered')
})

test('as text without Unicode, and without what a hostile name might do to a terminal', () => {
  const rules = nomadRules('172.26.64.9', 25000, 8080)
  const nat = (rules['nat'] ?? []).map((rule) => rule.replaceAll('dnat name: nomad', 'dnat \u001B[31m\u009B2Jname'))
  const walk = called(twoClients({ c2: { iptables: { ...rules, nat } } }))
  const hostile = ways({ ...walk, dial: { ...walk.dial, from: '\u001B]0;x\u0007env' } })
  const text = ascii(waysLines(hostile, plainStyle).join('\n'))
  // oxlint-disable-next-line no-control-regex -- exactly those are looked for
  expect(text).toMatch(/^[\u0020-\u007E\n]*$/)
})

test('as JSON: where another than the target answers, that is what the caller meets, measured or not', () => {
  const walk = { ...called(twoClients()), meant: ['allocation elsewhere'] }
  const stood = [
    { ...tried[0]!, attempt: { ...attempt, outcome: 'connected' }, namespace: walk.start.namespace },
  ] as const
  for (const all of [[], stood])
    expect(walksJson({ ...ways(walk), tried: all })).toMatchObject([{ outcome: 'elsewhere', met: 'elsewhere' }])
  const refused = [{ ...stood[0], attempt: { ...attempt, outcome: 'refused' } }] as const
  expect(walksJson({ ...ways(walk), tried: refused })).toMatchObject([{ outcome: 'elsewhere', met: 'refused' }])
})

test('as JSON: every hop with its place, rule, packet and the reply it came from', () => {
  const walk = called(twoClients())
  const printed = JSON.parse(JSON.stringify(walksJson(ways(walk))[0])) as {
    outcome: string
    measured: unknown[]
    ways: { verdict: string; there: Record<string, unknown>[]; back: unknown[] }[]
  }
  const [way] = printed.ways
  expect(printed.outcome).toBe('answered')
  expect(way?.there).toHaveLength(walk.traces[0]?.hops.length ?? 0)
  expect(way?.there.find(({ does }) => does === 'dnat')).toEqual({
    place: 'client c2',
    does: 'dnat',
    at: 'prerouting',
    by: 'iptables',
    in: 'eth0',
    table: 'nat',
    chain: 'CNI-DN-a1',
    rule: 2,
    text: '-A CNI-DN-a1 -p tcp -m tcp --dport 25000 -j DNAT --to-destination 172.26.64.9:8080',
    before: 'tcp 10.0.0.1 -> 10.0.0.2:25000',
    after: 'tcp 10.0.0.1 -> 172.26.64.9:8080',
    request: 'iptables-save -c   on node c2-node-id',
  })
  expect(printed.measured).toEqual([
    {
      place: 'client c1',
      host: '10.0.0.2',
      port: 25000,
      outcome: 'timed-out',
      ms: 3001,
      simulated: 'answered',
      agrees: false,
    },
  ])
})

test('a measurement that contradicts the walk is told as the finding it is', () => {
  const finding = {
    id: 'simulation-disagrees',
    about: 'path:web->api',
    verdict: 'present',
    severity: 'risks',
    sentence: 'the walk says answered, and the attempt timed out',
    evidence: [],
    fix: [],
    doc: '',
  } as const
  const counts = { judged: 1, present: 1, absent: 0, unknown: 0 }
  const report = { diagnosis: null, findings: [finding], unknown: [], steps: [], counts }
  const frame = {
    source: { kind: 'case', where: 'x' },
    subject: { from: 'web', to: 'api', port: null, symptom: 'unknown' },
  } as const
  const text = pathText([], report, frame, { fault: () => undefined, question: () => undefined }, plainStyle)
  expect(text).toMatch(/DIFFERS {2}simulation-disagrees[^]*the walk says answered, and the attempt timed out\./)
  expect(text).not.toContain('FOUND')
})
