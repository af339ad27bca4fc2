import { expect, test } from 'vitest'
import type { Ask, Reply, Request } from '../../src/ask/request.ts'
import { trialLine } from '../../src/knowledge/trial.ts'
import { diagnosed, recordings } from '../recordings.ts'

// A connection that failed, over routes and policy rules that were changed by hand.

const blocked = recordings.find(({ id }) => id === 'node-to-node-blocked')!
const [c1, c2] = ['e1158a1a-238b-9fff-e1fb-74b0ce66551b', 'c6a61e9e-50d9-27a1-67d4-706c86ff017f']

type Entry = Readonly<Record<string, unknown>>
/** The recording with more routes (`ip -4 route`) or policy rules (`ip rule`) on one client, or in the namespaces of its allocations. */
const withMore =
  (object: 'route' | 'rule', node: string, entries: readonly Entry[], via: Request['via'] = 'node') =>
  (ask: Ask): Ask =>
  async (request: Request): Promise<Reply> => {
    const reply = await ask(request)
    const own = 'argv' in request && request.via === via && 'node' in request && request.node === node
    if (!own || !request.argv.includes(object) || request.argv.includes('-6') || reply.status !== 0) return reply
    return { ...reply, body: JSON.stringify([...entries, ...(JSON.parse(reply.body) as Entry[])]) }
  }
const route = (type: string, dst: string, more: Entry = {}): Entry => ({
  type,
  dst,
  protocol: 'boot',
  flags: [],
  ...more,
})

const found = async (change?: (ask: Ask) => Ask) => {
  const { report } = await diagnosed(blocked, change)
  const finding = report.findings.find(({ id }) => id === 'route-stops-packet')
  const removal = finding?.fix.find(({ run }) => run?.includes('del'))
  return { report, finding, removal, diagnosis: report.diagnosis?.fault }
}

const address = await (async () => {
  const { report } = await found()
  return /(\d+\.\d+\.\d+\.\d+):\d+/.exec(report.findings[0]?.sentence ?? '')?.[1] ?? ''
})()
const network = `${address.split('.').slice(0, 2).join('.')}.0.0/16`

test.each<[name: string, change: (ask: Ask) => Ask, sentence: string, run: string]>([
  [
    "a blackhole on the source's client",
    withMore('route', c2, [route('blackhole', address)]),
    `On client c2 the route blackhole ${address}/32 drops a new connection`,
    `ip -4 route del blackhole ${address}/32`,
  ],
  [
    'a prohibition of another table',
    (ask) =>
      withMore('rule', c2, [{ priority: 100, src: 'all', table: '100' }])(
        withMore('route', c2, [route('prohibit', network, { table: '100', metric: 7 })])(ask),
      ),
    `On client c2 the route prohibit ${network} table 100 metric 7 turns away as prohibited`,
    `ip -4 route del prohibit ${network} metric 7 table 100`,
  ],
  [
    'a policy rule',
    withMore('rule', c2, [{ priority: 100, src: 'all', dst: address, action: 'unreachable' }]),
    `On client c2 the policy rule 100: from all to ${address}/32 unreachable turns away as unreachable`,
    `ip -4 rule del pref 100 to ${address}/32 unreachable`,
  ],
  [
    "the caller's own namespace",
    withMore('route', c2, [route('unreachable', address)], 'netns'),
    `the route unreachable ${address}/32 turns away as unreachable`,
    `ip -4 route del unreachable ${address}/32`,
  ],
  [
    "on the target's client, to the allocation",
    withMore('route', c1, [route('blackhole', '172.26.64.0/24')]),
    'On client c1 the route blackhole 172.26.64.0/24 drops a new connection',
    'ip -4 route del blackhole 172.26.64.0/24',
  ],
])('%s', async (name, change, sentence, run) => {
  const { report, diagnosis, finding, removal } = await found(change)
  expect(diagnosis).toBe('route-stops-packet')
  expect(finding?.sentence).toContain(sentence)
  expect(removal?.run?.join(' ')).toBe(run)
  expect(removal?.trial && trialLine(removal.trial)).toMatch(
    /is answered, where it now (is unreachable|gets no answer)/,
  )
  expect(removal?.proven).toBe(true)
  expect(report.findings.map(({ id }) => id)).not.toContain('node-to-node-blocked')
  expect(report.unknown.map(({ id }) => id)).not.toContain('route-stops-packet')
  // Told by ICMP from the way, or not at all: that nothing came back is no disagreement. A program is told by its own namespace.
  const differs = report.findings.some(({ id }) => id === 'simulation-disagrees')
  expect(differs).toBe(name === "the caller's own namespace")
})

const own = address.replace(/11$/, '12')

test.each(['0', '1'])('the answer, on its way back to the caller, with rp_filter %s', async (strict) => {
  const filtering =
    (ask: Ask): Ask =>
    async (request) => {
      const reply = await ask(request)
      const there = 'node' in request && request.node === c1 && request.via === 'node'
      return there ? { ...reply, body: reply.body.replace(/((?:all|eth0)\.rp_filter = )\d/g, `$1${strict}`) } : reply
    }
  const { report, diagnosis, finding, removal } = await found((ask) =>
    withMore('route', c1, [route('blackhole', own)])(filtering(ask)),
  )
  expect(diagnosis).toBe('route-stops-packet')
  expect(finding?.sentence).toContain(`On client c1 the route blackhole ${own}/32 drops the answer of ${address}:`)
  expect(removal?.proven).toBe(true)
  expect(report.findings.filter(({ id }) => id === 'rp-filter-strict').map(({ explainedBy }) => explainedBy)).toEqual(
    strict === '1' ? ['route-stops-packet'] : [],
  )
})

test('what forbids the way to others, or is less specific than the way, stops nothing', async () => {
  const others = [
    route('blackhole', '192.168.64.0/26', { protocol: 'bird' }),
    route('unreachable', network),
    route('prohibit', 'default', { metric: 900 }),
  ]
  const rules = [
    { priority: 100, src: 'all', dst: '192.168.0.0', dstlen: 16, action: 'prohibit' },
    { priority: 101, src: 'all', iif: 'wg0', iif_detached: null, action: 'blackhole' },
    { priority: 102, src: 'all', fwmark: '0x7', action: 'unreachable' },
  ]
  for (const node of [c1, c2]) {
    const { diagnosis, report } = await found((ask) =>
      withMore('rule', node, rules)(withMore('route', node, others)(ask)),
    )
    expect(diagnosis).toBe('node-to-node-blocked')
    expect([...report.findings, ...report.unknown].map(({ id }) => id)).not.toContain('route-stops-packet')
  }
})

test('a route and a rule that stop it are named both, and tried together', async () => {
  const { finding } = await found((ask) =>
    withMore('rule', c2, [{ priority: 100, src: 'all', dst: address, action: 'prohibit' }])(
      withMore('route', c2, [route('blackhole', address)])(ask),
    ),
  )
  const removals = finding?.fix.filter(({ run }) => run?.includes('del'))
  expect(removals?.map(({ run }) => run?.[2])).toEqual(['rule', 'route'])
  expect(removals?.map(({ trial }) => trial)).toMatchObject([
    { tried: true, after: 'answered', together: [expect.any(Number)] },
    { tried: true, after: 'answered', together: [expect.any(Number)] },
  ])
})

test('a client that does not forward is told beside the route', async () => {
  const still =
    (ask: Ask): Ask =>
    async (request) => {
      const reply = await ask(request)
      const there = 'node' in request && request.node === c1 && request.via === 'node'
      return there ? { ...reply, body: reply.body.replace(/(\.forwarding|ip_forward) = 1/g, '$1 = 0') } : reply
    }
  const { report } = await found((ask) => withMore('route', c1, [route('unreachable', '172.26.64.0/24')])(still(ask)))
  expect(report.findings.map(({ id }) => id)).toEqual(expect.arrayContaining(['route-stops-packet', 'ip-forward-off']))
})

test('routes that were not read leave it open', async () => {
  const refused =
    (ask: Ask): Ask =>
    async (request) => {
      const reply = await ask(request)
      const hidden = 'node' in request && request.node === c2 && 'argv' in request && request.argv.includes('route')
      return hidden && request.via === 'node' ? { ...reply, status: 1, body: '', why: 'forbidden' } : reply
    }
  const { report, finding } = await found(refused)
  expect(finding).toBeUndefined()
  expect(report.unknown.map(({ id }) => id)).toContain('route-stops-packet')
})
