// `npm run pictures [NAME...]`: pictures of the real program, taken from a terminal emulator cell by cell.
// CASES: folder of recorded cases. PICTURES: where the SVG files go. PNG: a folder for the same as pixels, if wanted.
import { mkdirSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Resvg } from '@resvg/resvg-js'
import { scenes } from './pictures/scenes.ts'
import { take } from './pictures/take.ts'

const out = process.env['PICTURES'] ?? join('docs', 'screens')
const require = createRequire(import.meta.url)
const fonts = dirname(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSansMono.ttf'))
const cases = process.env['CASES'] ?? 'cases'
const png = process.env['PNG']
const wanted = process.argv.slice(2)

process.chdir(join(import.meta.dirname, '..'))
mkdirSync(out, { recursive: true })
for (const scene of scenes) {
  const { name } = scene
  if (wanted.length > 0 && !wanted.some((part) => name.includes(part))) continue
  try {
    const svg = await take(scene, cases)
    writeFileSync(join(out, `${name}.svg`), svg)
    if (png !== undefined) writeFileSync(join(png, `${name}.png`), pixels(svg))
    console.log(name)
  } catch (error) {
    console.error(`${name}: ${error instanceof Error ? error.message : String(error)}`)
    process.exitCode = 1
  }
}

function pixels(svg: string): Uint8Array {
  const font = { fontDirs: [fonts], loadSystemFonts: false, defaultFontFamily: 'DejaVu Sans Mono' }
  return new Resvg(svg, { font, fitTo: { mode: 'zoom', value: 1.5 } }).render().asPng()
}
