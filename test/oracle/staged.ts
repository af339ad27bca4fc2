import { afterAll, beforeAll } from 'vitest'
import { Stage } from './apply.ts'
import { buildSite } from './build-site.ts'

/** A site of its own for the tests of one block, with iptables; gone after them. */
export function staged(): () => Stage {
  let stage: Stage
  beforeAll(async () => {
    stage = new Stage(await buildSite(), 'iptables')
  }, 60_000)
  afterAll(() => stage.site.stop())
  return () => stage
}
