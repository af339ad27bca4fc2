import { cleanup, render } from 'ink-testing-library'
import { vi } from 'vitest'
import type { Held } from '../../src/knowledge/fact.ts'
import type { Subject } from '../../src/knowledge/subject.ts'
import type { Exchange, Place } from '../../src/run/place.ts'
import { frame, type Aim } from '../../src/run/state.ts'
import { storeOf, type Store } from '../../src/run/store.ts'
// The other screens arrive at once.
import '../../src/screens/index.ts'
import { App } from '../../src/screens/app.tsx'
import type { Terminal } from '../../src/theme.ts'

vi.mock('../../src/knowledge/faults/index.ts', () => import('./knowledge.ts'))
vi.mock('../../src/knowledge/tree/index.ts', () => import('./knowledge.ts'))

const at = '2026-01-01T04:13:07.000Z'
const spelled = '["nomad","/v1/agent/self"]'
const seen = { by: 'agent', ask: spelled, request: 'GET /v1/agent/self', excerpt: '"Version": "2.0.5"', at }
const known = (value: unknown): Held<unknown> => ({ known: true, value, seen })

export const exchanges: readonly Exchange[] = [
  {
    ask: spelled,
    request: 'GET /v1/agent/self',
    reply: { at, ms: 12, status: 200, body: '{"Name":"c1","Version":"2.0.5"}' },
  },
  {
    ask: '["nomad","/v1/acl/token/self"]',
    request: 'GET /v1/acl/token/self',
    reply: { at, ms: 3, status: 403, body: 'Permission denied' },
  },
]

export const facts = new Map([
  [
    'cluster',
    new Map<string, Held<unknown>>([
      ['cluster.version', known('2.0.5')],
      ['cluster.region', known('global')],
      ['cluster.leader', known('10.0.0.1')],
      ['cluster.acl', { known: false, why: 'denied', detail: 'HTTP 403: Permission denied' }],
      [
        'cluster.nodes',
        known([
          {
            id: 'aaaaaaaa',
            name: 'c1',
            status: 'ready',
            eligible: true,
            address: '10.0.0.11',
            datacenter: 'dc1',
            version: '2.0.5',
          },
        ]),
      ],
      [
        'cluster.jobs',
        known([
          { id: 'shop', namespace: 'default', type: 'service', status: 'running', groups: ['web', 'api'] },
          { id: 'orders', namespace: 'team', type: 'service', status: 'running', groups: ['api'] },
        ]),
      ],
      ['cluster.services', known([{ name: 'orders-api', namespace: 'default', tags: [] }])],
    ]),
  ],
])
export const subject: Subject = {
  from: null,
  to: { kind: 'outside', address: '10.0.0.9' },
  port: 80,
  symptom: 'cannot-connect',
}
export const aim: Aim = { kind: 'path', subject }

export const place: Place = {
  kind: 'live',
  where: 'http://lab1:4646 · ns default · read-only',
  connect: () => () =>
    Promise.resolve({ at, ms: 0, status: -1, body: '', refusal: { why: 'not-recorded', detail: 'nothing here' } }),
  forget: () => {},
  exchanges: () => exchanges,
}

export const rich: Terminal = { depth: 24, light: false, colour: true, unicode: true }
export const copied: string[] = []

export interface Stage {
  readonly store: Store
  /** What is seen, without colours. */
  readonly text: () => string
  readonly raw: () => string
  readonly keys: (...names: readonly string[]) => Promise<void>
}

const tick = (ms: number): Promise<void> => new Promise((done) => setTimeout(done, ms))

/** A screen on a terminal of a size, over the small knowledge and hand-made facts. */
export async function stage(
  screen: string,
  options: { columns?: number; rows?: number; terminal?: Terminal; arg?: string; from?: Place; known?: boolean } = {},
): Promise<Stage> {
  const { columns = 80, rows = 24, terminal = rich, arg = '', from = place, known: held = true } = options
  const cases = [
    { dir: '/cases/one', id: 'one', title: 'web cannot reach api', what: 'Every request of web is refused.' },
  ]
  const store = storeOf({
    place: from,
    cases: () => Promise.resolve(cases),
    openCase: () => Promise.resolve('no such case'),
    copy: (text) => void copied.push(text),
  })
  if (held) store.setState({ facts, aim })
  if (screen !== 'home') store.setState(({ stack: [home] }) => ({ stack: [home, frame(screen, arg)] }))
  const shown = render(<App store={store} terminal={terminal} />)
  Object.defineProperties(shown.stdout, { columns: { value: columns }, rows: { value: rows } })
  shown.stdout.emit('resize')
  const raw = () => shown.lastFrame() ?? ''
  /** Until nothing moves: a busy machine takes its time. */
  const settled = async () => {
    let before: string | undefined
    await tick(50)
    for (let turn = 0; turn < 20 && before !== raw(); turn++) {
      before = raw()
      await tick(15)
    }
  }
  await settled()
  return {
    store,
    raw,
    // oxlint-disable-next-line no-control-regex
    text: () => raw().replaceAll(/\u001B\[[0-9;]*m/g, ''),
    async keys(...names) {
      for (const name of names) {
        shown.stdin.write(name)
        await settled()
      }
    },
  }
}

export const key = { enter: '\r', esc: '\u001B', up: '\u001B[A', down: '\u001B[B', tab: '\t', backspace: '\u007F' }
export { cleanup }
