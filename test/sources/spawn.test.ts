import { describe, expect, it } from 'vitest'
import { spawn } from '../../src/sources/spawn.ts'

/** Somebody else keeps the output open: what ssh's shared connection does with the output of a client of its own. */
const keeps = (then: string) => ['sh', '-c', `echo begun; setsid sleep 60 & ${then}`]

describe('a command that does not end', () => {
  it.each([
    ['has ended, and its output is kept open by another', 'exec sleep 60'],
    ['does not hear the first signal', `trap '' TERM; sleep 60; sleep 60`],
    ['ended at once, and its output is kept open by another', 'exit 0'],
  ])('is too late when it %s', async (_, then) => {
    const start = performance.now()
    const reply = await spawn(keeps(then), { timeout: 2000 })
    expect(performance.now() - start).toBeLessThan(30_000)
    expect(reply).toMatchObject({ status: -1, body: 'begun\n' })
    expect(reply.stderr).toMatch(/^timed out: sh did not end within 2 s\n/)
  })
})
