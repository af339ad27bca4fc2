// `tsx scripts/pictures.ts [NAME...]`: pictures of the real program, taken from a terminal emulator cell by cell.
// CASES: folder of recorded cases. PICTURES: where the SVG files go. PNG: a folder for the same as pixels, if wanted.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { start, type Session } from '../test/terminal/pty.ts'
import { scenes, type Scene } from './pictures/scenes.ts'
import { svgOf } from './pictures/svg.ts'

const root = join(import.meta.dirname, '..')
const out = process.env['PICTURES'] ?? join(root, 'docs', 'screens')
const require = createRequire(import.meta.url)
const fonts = dirname(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'))
const cases = process.env['CASES'] ?? join(root, 'cases')
const png = process.env['PNG']
const wanted = process.argv.slice(2)

mkdirSync(out, { recursive: true })
for (const scene of scenes) {
  if (wanted.length > 0 && !wanted.some((name) => scene.name.includes(name))) continue
  await take(scene)
}

async function take({ name, args, columns = 120, rows = 40, env = {}, play }: Scene): Promise<void> {
  const given = args?.(cases) ?? []
  const argv = [process.execPath, 'bin/nomad-netdoctor.js', '--cases', cases, ...given]
  const session = start({ argv, columns, rows, env: { NOMAD_ADDR: 'http://127.0.0.1:9', ...env } })
  try {
    await play(session)
    await settled(session)
    const svg = svgOf(session.terminal, env['NETDOCTOR_THEME'] === 'light')
    writeFileSync(join(out, `${name}.svg`), svg)
    if (png !== undefined) writeFileSync(join(png, `${name}.png`), pixels(svg))
    console.log(name)
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  } finally {
    session.kill()
  }
}

function pixels(svg: string): Uint8Array {
  const font = { fontDirs: [fonts], loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans Mono' }
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: 1.5 } }).render().asPng()
}

/** Nothing moves any more. */
async function settled({ text }: Session): Promise<void> {
  let before = ''
  for (let calm = 0; calm < 5; calm = text() === before ? calm + 1 : 0) {
    before = text()
    await new Promise((done) => setTimeout(done, 60))
  }
}
