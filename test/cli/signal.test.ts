import { expect, test, vi } from 'vitest'
import { run } from '../../src/cli/index.ts'

test('a file that keeps the process busy cannot keep it from ending: the system ends it', async () => {
  const listens = vi.spyOn(process, 'once').mockReturnValue(process)
  vi.spyOn(process.stderr, 'write').mockReturnValue(true)
  const asked = () => listens.mock.calls.map(([event]) => event).filter((event) => event === 'SIGTERM')
  expect(await run(['lint', '--nope'])).toBe(2)
  expect(asked()).toEqual([])
  expect(await run(['nope'])).toBe(2)
  expect(asked()).toEqual(['SIGTERM'])
})
