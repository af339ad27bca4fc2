import { afterEach, expect, test } from 'vitest'
import { start, type Session } from './pty.ts'

const program = [process.execPath, 'bin/nomad-netdoctor.js']
const shown = ['--case', 'cases/app-binds-loopback-only']
/** Colours of text and ground. Bold and faint are none: https://no-color.org */
// oxlint-disable-next-line no-control-regex
const colours = /\u001B\[(?:\d+[;:])*(?:3[0-9]|4[0-9]|9[0-7]|10[0-7])(?:[;:]\d+)*m/g

let session: Session | undefined
afterEach(() => session?.kill())

async function printed(argv: readonly string[], env: Readonly<Record<string, string>>): Promise<string> {
  session = start({ argv: [...program, ...argv], env })
  await session.exited
  return session.written()
}

test('text in a terminal has colours, and none with NO_COLOR, whatever FORCE_COLOR says', async () => {
  const argv = ['diagnose', ...shown]
  expect(await printed(argv, {})).toMatch(colours)
  expect(await printed(argv, { NO_COLOR: '1' })).not.toMatch(colours)
  expect(await printed(argv, { NO_COLOR: '1', FORCE_COLOR: '3' })).not.toMatch(colours)
  expect(await printed([...argv, '--no-color'], { FORCE_COLOR: '3' })).not.toMatch(colours)
})

test.each([{ NO_COLOR: '1' }, { NO_COLOR: '1', FORCE_COLOR: '3' }])(
  'the interface paints nothing with %o',
  async (env: Readonly<Record<string, string>>) => {
    session = start({ argv: [...program, ...shown], env })
    await session.until(/FOUND/)
    session.type('d')
    await session.until(/We saw/)
    session.type('q')
    expect(await session.exited).toBe(0)
    expect(session.written().match(colours) ?? []).toEqual([])
  },
)
