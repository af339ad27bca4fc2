import { expect, test } from 'vitest'
import { program } from './program.ts'

const asked = async (...words: readonly string[]): Promise<{ readonly note?: string }> => {
  const { code, stdout } = await program(['faults', ...words, '--format', 'json'])
  expect(code).toBe(0)
  return JSON.parse(stdout)
}

test('what several faults print, and what none does, is said to programs as well', async () => {
  expect((await asked('panic: runtime error: slice bounds out of range')).note).toMatch(/^No fault is known to print/)
  expect((await asked('dial tcp 10.0.0.1:8080: connect: connection refused')).note).toMatch(/^\d+ faults print this/)
  expect(await asked('qwxzv')).toMatchObject({ note: expect.stringMatching(/^no fault fits these words/), faults: [] })
  expect(await asked('missing-network')).not.toHaveProperty('note')
})

test('an id in capitals opens its page, and one that does not exist offers the nearest', async () => {
  expect((await program(['faults', 'WRONG-TO-PORT'])).stdout).toMatch(/ wrong-to-port · breaks /)
  const { code, stderr } = await program(['faults', 'Wrong-To-Prt'])
  expect({ code, stderr }).toMatchObject({ code: 2, stderr: expect.stringContaining('wrong-to-port') })
})

test('where those end that print a text stands on standard output, too', async () => {
  const rows = async (text: string) =>
    (await program(['faults', text])).stdout.split('\n').filter((row) => /^\S/.test(row))
  const refused = await rows('dial tcp 127.0.0.1:8500: connect: connection refused')
  const { stderr } = await program(['faults', 'dial tcp 127.0.0.1:8500: connect: connection refused'])
  expect(refused.indexOf('alike:')).toBe(Number(/^\d+/.exec(stderr)?.[0]))
  expect((await rows('rate limit exceeded'))[0]).toBe('alike:')
  expect(await rows('no such host')).toContain('with these words:')
  expect((await rows('bridge')).filter((row) => row.endsWith(':'))).toEqual([])
  expect((await rows('getaddrinfo ENOTFOUND redis')).filter((row) => row.endsWith(':'))).toEqual([])
})
