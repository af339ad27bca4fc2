import { fault, type Fault } from '../../src/knowledge/fault.ts'
import { askFact, askPerson } from '../../src/knowledge/tree/question.ts'

/** A handful of faults and questions, so that what a screen shows does not depend on what we know about networks. */
const common = {
  about: 'cluster',
  layer: 'port',
  explains: [],
  references: ['https://example.org/why'],
  since: '0.1.0',
  examples: [],
} as const

const found = fault({
  ...common,
  id: 'loopback-only',
  title: 'The server listens on loopback only',
  severity: 'breaks',
  heard: ['connect: connection refused'],
  needs: ['cluster.version'],
  holds: (known) => known['cluster.version'] === '2.0.5' && 'Only 127.0.0.1:8080 listens',
  byHand: 'In the namespace: ss -ltn.',
  because: 'Packets arrive at eth0 of the namespace, not at its loopback interface.',
  fix: () => [
    {
      do: 'Listen on all addresses',
      on: 'job file',
      diff: '-  args = ["127.0.0.1"]\n+  args = ["0.0.0.0"]',
      run: ['nomad', 'job', 'run', 'my shop.hcl'],
      risk: 'The allocation is replaced',
    },
  ],
})
const ruledOut = Array.from({ length: 5 }, (_, i) =>
  fault({
    ...common,
    id: `absent-${i}`,
    title: `Something else, number ${i}`,
    severity: 'breaks',
    heard: [`another message ${i}`],
    needs: ['cluster.version'],
    holds: () => false,
    byHand: 'Look.',
    because: 'It would.',
    fix: () => [],
  }),
)
const open = fault({
  ...common,
  id: 'not-known',
  title: 'The token is not what it should be',
  severity: 'breaks',
  heard: [],
  needs: ['cluster.acl'],
  holds: () => false,
  byHand: 'Run nomad acl token self.',
  because: 'Without rights nothing is seen.',
  fix: () => [],
})
const risk = fault({
  ...common,
  id: 'a-risk',
  title: 'There is only one server',
  severity: 'risks',
  heard: [],
  needs: ['cluster.leader'],
  holds: () => 'One server leads alone',
  byHand: 'Run nomad server members.',
  because: 'One server has no other to follow.',
  fix: () => [],
})

export const faultList: readonly Fault[] = [...ruledOut, open, risk, found]
export const faultById: ReadonlyMap<string, Fault> = new Map(faultList.map((one) => [one.id, one]))

const where = askFact<string, 'global' | 'other', 'cluster.region'>({
  id: 'region',
  ask: 'Which region: where does it happen?',
  why: 'It decides who leads.',
  reads: 'cluster.region',
  answer: (region) => (region === 'global' ? 'global' : 'other'),
  unsure: 'global',
  answers: {
    global: { label: 'the global one', then: ['a-risk', 'loopback-only'] },
    other: { label: 'another', then: [] },
  },
})
export const root = askPerson<string, 'cannot-connect' | 'unknown'>({
  id: 'symptom',
  ask: 'What do you see?',
  why: 'It tells how far things got.',
  unsure: 'unknown',
  answers: {
    'cannot-connect': { label: 'It cannot connect', then: [...ruledOut.map(({ id }) => id), 'not-known', where] },
    unknown: { label: 'I do not know', then: [where] },
  },
})
export const questions = [root, where]
export const faultOrder = faultList.map(({ id }) => id)
