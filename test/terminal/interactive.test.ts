import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, expect, test } from 'vitest'
import { start, type Session, type Started } from './pty.ts'
import { tinyCases } from './tiny-case.ts'

const { folder, dir } = tinyCases()
const home = mkdtempSync(join(tmpdir(), 'netdoctor-terminal-'))
afterAll(() => {
  rmSync(folder, { recursive: true, force: true })
  rmSync(home, { recursive: true, force: true })
})

let session: Session | undefined
afterEach(() => session?.kill())

const program = [process.execPath, 'bin/nomad-netdoctor.js']
// Nothing listens there, so that no cluster of the developer's machine is asked.
const nowhere = { NOMAD_ADDR: 'http://127.0.0.1:9', XDG_CACHE_HOME: home, HOME: home }

function open(args: readonly string[] = [], more: Partial<Started> = {}): Session {
  session = start({ argv: [...program, '--cases', folder, ...args], ...more, env: { ...nowhere, ...more.env } })
  return session
}

/** The same inside a shell that notes the settings of the terminal before and after. */
function openInShell(args: readonly string[]): Session {
  const command = [...program, '--cases', folder, ...args].join(' ')
  const script = `stty -g > ${home}/before; ${command}; echo "exit $?" > ${home}/code; stty -g > ${home}/after`
  session = start({ argv: ['/bin/sh', '-c', script], env: nowhere })
  return session
}
const noted = (name: string): string => readFileSync(join(home, name), 'utf8').trim()

/** The main screen is back, the cursor is seen, and the terminal is set as it was. */
async function expectRestored({ terminal, written }: Session): Promise<void> {
  await new Promise<void>((done) => terminal.write('', done))
  expect(terminal.buffer.active.type).toBe('normal')
  expect(written().lastIndexOf('\u001B[?25h')).toBeGreaterThan(written().lastIndexOf('\u001B[?25l'))
  expect(noted('after')).toBe(noted('before'))
}

test('starts without a cluster, and says so', async () => {
  const { until, type, exited } = open()
  await until(/What is wrong\?/)
  await until(/◌ no cluster[\s\S]*No cluster in reach[\s\S]*127\.0\.0\.1:9/)
  type('q')
  expect(await exited).toBe(0)
})

test('opens a recorded case from the list, walks it, and opens a step', async () => {
  const { until, type, exited } = open([], { columns: 80, rows: 24 })
  await until(/What is wrong\?/)
  type('c')
  await until(/web cannot reach api/)
  type('\r')
  await until(/What do you see\?[\s\S]*told/)
  await until(/UNDETERMINED/)
  type('\r')
  await until(/It tells how far things got/)
  type('\u001B')
  await until(/UNDETERMINED/)
  type('q')
  expect(await exited).toBe(0)
})

test('fits itself to another size, and says what it needs when that is too small', async () => {
  const { until, resize, text } = open(['--case', dir])
  await until(/UNDETERMINED/)
  await until(/┬/)
  resize(80, 24)
  await until(/^(?!.*┬)[\s\S]*UNDETERMINED/)
  expect(
    text()
      .split('\n')
      .every((line) => line.length <= 80),
  ).toBe(true)
  resize(40, 12)
  await until(/needs 60 columns/)
  resize(120, 40)
  await until(/┬[\s\S]*UNDETERMINED/)
})

test('whatever a terminal makes of what it shows while its size changes, nothing is left over', async () => {
  const { until, resize, text, type, terminal } = open(['--case', dir])
  await until(/UNDETERMINED/)
  const pause = () => new Promise((done) => setTimeout(done, 500))
  await pause()
  const before = text()
  resize(40, 10)
  await until(/needs 60 columns/)
  type('s')
  // Read while there is no room for it: a size that comes first would have it open something.
  await pause()
  terminal.write('\u001B[2;1Hleft over\u001B[5;7H')
  resize(120, 40)
  await until(/UNDETERMINED/)
  terminal.write('\u001B[9;1Hleft over\u001B[20;7H')
  resize(119, 40)
  resize(120, 40)
  await expect.poll(text, { timeout: 10_000 }).toBe(before)
})

test('q ends with 0 and the terminal as it was', async () => {
  const running = openInShell(['--case', dir])
  await running.until(/UNDETERMINED/)
  running.type('q')
  await running.exited
  expect(noted('code')).toBe('exit 0')
  await expectRestored(running)
})

test('Ctrl-C ends with 130 and the terminal as it was, also while text is typed', async () => {
  const running = openInShell(['--case', dir])
  await running.until(/UNDETERMINED/)
  running.type('s/abc')
  await running.until(/\/ abc/)
  running.type('\u0003')
  await running.exited
  expect(noted('code')).toBe('exit 130')
  await expectRestored(running)
})

test('keys that come in one chunk all count', async () => {
  const { until, type } = open()
  await until(/What is wrong\?/)
  await until(/No cluster in reach/)
  type('ggjjjk')
  await until(/▌ {3}A name does not resolve/)
})

test('copying goes through the terminal', async () => {
  const { until, type, written } = open(['--case', dir])
  await until(/UNDETERMINED/)
  type('d')
  await until(/Not settled/)
  type('Y')
  await until(/Copied: the diagnosis/)
  expect(written()).toContain('\u001B]52;c;')
})

test('read aloud: one column, words for marks, never the alternate screen', async () => {
  const { until, terminal, text, type, exited } = open(['--case', dir], { env: { INK_SCREEN_READER: 'true' } })
  await until(/UNDETERMINED/)
  expect(terminal.buffer.active.type).toBe('normal')
  expect(text()).toMatch(/Selected: /)
  expect(text()).toContain('It runs, but one caller (or everybody) cannot reach it')
  expect(text()).not.toMatch(/[│─▌✓]/)
  type('q')
  expect(await exited).toBe(0)
})

test.each([
  ['\u0003', 130],
  ['q', 0],
])('read aloud: what the shell says after %j has a line of its own', async (leave, code) => {
  const command = [...program, '--cases', folder, '--case', dir].join(' ')
  const argv = ['/bin/sh', '-c', `${command}; echo "exit $?"`]
  session = start({ argv, env: { ...nowhere, INK_SCREEN_READER: 'true' } })
  await session.until(/UNDETERMINED/)
  session.type(leave)
  await session.exited
  await session.until(new RegExp(`^exit ${code}$`, 'm'))
})
