import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { editedPlan } from '../../src/probes/nomad/edited-plan.ts'

const planned = (type: string, updates: Readonly<Record<string, number>>) => {
  const body = {
    Annotations: { DesiredTGUpdates: { srv: updates, cli: { Ignore: 1 } } },
    Diff: {
      TaskGroups: [
        { Type: type, Name: 'srv' },
        { Type: 'None', Name: 'cli' },
      ],
    },
    FailedTGAllocs: null,
    Warnings: '',
  }
  const ask: Ask = () => Promise.resolve({ at: '', ms: 1, status: 200, body: JSON.stringify(body) })
  const source = { source: 'job {}', format: 'hcl', variables: '', flags: {} } as const
  return editedPlan(ask, 'shop', 'default', source as never, 'job {}')
}

test.each([
  ['Edited', { DestructiveUpdate: 1 }, 'group srv: 1 replaced; group cli: nothing changes; everything finds a place'],
  // A failed allocation waits for its turn.
  [
    'Edited',
    { Ignore: 1 },
    'group srv: nothing at once, the next allocation has the edit; group cli: nothing changes; everything finds a place',
  ],
  ['None', { Ignore: 1 }, 'group srv: nothing changes; group cli: nothing changes; everything finds a place'],
])('what the servers would do with a group, %s, %o', async (type, updates, said) => {
  expect(await planned(type, updates)).toBe(said)
})
