import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start, type Session } from '../../test/terminal/pty.ts'
import type { Scene } from './scenes.ts'
import { svgOf } from './svg.ts'

/** The picture of a scene as SVG: the real program in a terminal emulator, read cell by cell. The same everywhere. */
export async function take({ args, columns = 120, rows = 40, env = {}, play }: Scene, cases: string): Promise<string> {
  const home = mkdtempSync(join(tmpdir(), 'netdoctor-picture-'))
  const argv = [process.execPath, 'bin/nomad-netdoctor.js', '--cases', cases, ...(args?.(cases) ?? [])]
  const session = start({
    argv,
    columns,
    rows,
    env: { ...nobodys(), HOME: home, NOMAD_ADDR: 'http://127.0.0.1:9', ...env },
  })
  try {
    await play(session)
    await settled(session)
    return svgOf(session.terminal, env['NETDOCTOR_THEME'] === 'light')
  } finally {
    session.kill()
    rmSync(home, { recursive: true, force: true })
  }
}

/** What the person at the terminal has set would show in the picture. */
const nobodys = (): Readonly<Record<string, undefined>> =>
  Object.fromEntries(
    Object.keys(process.env)
      .filter((name) => /^(NOMAD|CONSUL|NETDOCTOR|INK|LC|XDG|TERM|SSH)_/.test(name))
      .map((name) => [name, undefined]),
  )

/** Nothing moves any more. */
async function settled({ text }: Session): Promise<void> {
  let before = ''
  for (let calm = 0; calm < 8; calm = text() === before ? calm + 1 : 0) {
    before = text()
    await new Promise((done) => setTimeout(done, 60))
  }
}
