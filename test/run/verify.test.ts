import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { pictureOf } from '../../src/run/selectors.ts'
import { storeOf } from '../../src/run/store.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { shownGone } from '../../src/run/verified.ts'
import { CaseError, openCase } from '../../src/sources/case.ts'

async function opened(dir: string): Promise<{ ask: Ask; info: Parameters<typeof subjectOf>[0] }> {
  const found = await openCase(dir)
  if (found instanceof CaseError) throw new Error(found.message)
  return found
}

/** A store that looks at a cluster before a repair, and at the repaired one when everything is forgotten. */
async function repairing(fault: string) {
  const broken = await opened(`cases/${fault}`)
  const repaired = await opened(`cases/${fault}-repaired`)
  let world = broken.ask
  const place = {
    kind: 'live',
    where: 'http://a:4646',
    connect: () => (request: Parameters<Ask>[0]) => world(request),
    forget: () => (world = repaired.ask),
    exchanges: () => [],
  } as const
  const nothing = { cases: () => Promise.resolve([]), openCase: () => Promise.resolve(''), copy: () => {} }
  const store = storeOf({ place, ...nothing })
  await store.act.lookAt({ kind: 'path', subject: subjectOf(broken.info) })
  return store
}

test('after a repair everything is read again, and the fault is absent', async () => {
  const store = await repairing('forward-jump-missing')
  expect(pictureOf(store.getState())?.report.diagnosis?.fault).toBe('forward-jump-missing')
  await store.act.verify('forward-jump-missing')
  expect(store.getState().notice).toMatch(/^Gone: /)
  expect(pictureOf(store.getState())?.report.diagnosis).toBeNull()
})

test.each(['wrong-to-port', 'app-binds-loopback-only'])(
  'what shows that %s is gone is of the allocation in its place, also on a third look',
  async (fault) => {
    const store = await repairing(fault)
    const targets = () => [
      ...new Set(pictureOf(store.getState())?.scope.flatMap(({ links }) => links['target.alloc'] ?? [])),
    ]
    const [before] = targets()
    for (const look of [2, 3]) {
      await store.act.verify(fault)
      const state = store.getState()
      const own = targets()
      expect(own, `look ${look}`).not.toContain(before)
      const shown = pictureOf(state)?.verdicts.filter((one) => one.fault === fault && own.includes(one.thing)) ?? []
      expect(shown.map(({ verdict }) => verdict)).toEqual(own.map(() => 'absent'))
      const asks = shown.flatMap((one) => (one.verdict === 'absent' ? one.evidence : [])).map(({ ask }) => ask)
      expect(shownGone(state, fault).map(({ ask }) => ask)).toEqual([...new Set(asks)])
    }
  },
)
