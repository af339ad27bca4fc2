import { describe, expect, it } from 'vitest'
import { spawn } from '../../src/sources/spawn.ts'

/** Somebody else keeps the output open: what ssh's shared connection does with the output of a client of its own. */
const keeps = (then: string) => ['sh', '-c', `echo begun; setsid sleep 20 & ${then}`]

describe('a command that does not end', () => {
  it.each([
    ['has ended, and its output is kept open by another', 'exec sleep 20'],
    ['does not hear the first signal', `trap '' TERM; sleep 20; sleep 20`],
    ['ended at once, and its output is kept open by another', 'exit 0'],
  ])('is too late when it %s', async (_, then) => {
    const start = performance.now()
    const reply = await spawn(keeps(then), { timeout: 300 })
    expect(performance.now() - start).toBeLessThan(4000)
    expect(reply).toMatchObject({ status: -1, body: 'begun\n' })
    expect(reply.stderr).toMatch(/^timed out: sh did not end within 0.3 s\n/)
  })
})
