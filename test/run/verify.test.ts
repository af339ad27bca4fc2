import { expect, test } from 'vitest'
import type { Ask } from '../../src/ask/request.ts'
import { pictureOf } from '../../src/run/selectors.ts'
import { storeOf } from '../../src/run/store.ts'
import { subjectOf } from '../../src/run/subject.ts'
import { CaseError, openCase } from '../../src/sources/case.ts'

async function opened(dir: string): Promise<{ ask: Ask; info: Parameters<typeof subjectOf>[0] }> {
  const found = await openCase(dir)
  if (found instanceof CaseError) throw new Error(found.message)
  return found
}

test('after a repair everything is read again, and the fault is absent', async () => {
  const broken = await opened('cases/forward-jump-missing')
  const repaired = await opened('cases/forward-jump-missing-repaired')
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
  expect(pictureOf(store.getState())?.report.diagnosis?.fault).toBe('forward-jump-missing')
  await store.act.verify('forward-jump-missing')
  expect(store.getState().notice).toMatch(/^Gone: /)
  expect(pictureOf(store.getState())?.report.diagnosis).toBeNull()
})
