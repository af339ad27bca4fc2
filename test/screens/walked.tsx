import { things } from '../../src/derive/things.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import type { Attempt } from '../../src/knowledge/shapes/runtime.ts'
import type { Topology } from '../../src/packet/walk/index.ts'
import { nomadRules, twoClients } from '../way/site.ts'
import { called, places } from '../way/walks.ts'
import { aim, facts, stage, type Stage } from './stage.tsx'

const seen = {
  by: 'path.walks',
  ask: '["node","@c1-node-id",["iptables-save","-c"]]',
  request: 'iptables-save -c   on node c1-node-',
  excerpt: '',
  at: '2026-01-01T04:13:07.000Z',
}
const inputs = [{ ...seen, ask: seen.ask.replace('c1', 'c2'), request: 'iptables-save -c   on node c2-node-' }]
const attempts: readonly Attempt[] = [
  { from: 'source', place: 'allocation web-allo', host: '10.0.0.2', port: 25000, outcome: 'timed-out', ms: 3000 },
  { from: 'target-node', place: 'client c2-node-', host: '172.26.64.9', port: 8080, outcome: 'connected', ms: 1 },
]

/** The screen over a world in which web calls api. */
export async function walked(topology: Topology, options: Parameters<typeof stage>[1] = {}): Promise<Stage> {
  const shown = await stage('path', options)
  const id = [...things(aim, facts).values()].find(({ kind }) => kind === 'path')?.id ?? ''
  const known = (value: unknown): Held<unknown> => ({ known: true, value, seen: { ...seen, inputs } })
  const held = new Map<string, Held<unknown>>([
    ['path.walks', known([called(topology)])],
    ['path.network', known({ topology, places })],
    ['path.attempts', known(attempts)],
  ])
  shown.store.setState({ facts: new Map<string, Map<string, Held<unknown>>>([...facts, [id, held]]) })
  await shown.keys()
  await new Promise((done) => setTimeout(done, 60))
  return shown
}

/** The second client drops what it would forward. */
export const dropping = twoClients({
  c2: { iptables: { ...nomadRules('172.26.64.9', 25000, 8080), filter: [':FORWARD DROP'] } },
})
