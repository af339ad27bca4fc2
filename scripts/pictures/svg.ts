import type { IBufferCell, Terminal } from '@xterm/headless'

const cellWidth = 8.43
const cellHeight = 16.3
const margin = 12
interface Paper {
  readonly ground: string
  readonly ink: string
}
const dark: Paper = { ground: '#0d1117', ink: '#d6dde6' }
const light: Paper = { ground: '#ffffff', ink: '#1f2328' }
/** The sixteen colours of a common dark terminal. */
const base = [
  '#484f58',
  '#ff7b72',
  '#3fb950',
  '#d29922',
  '#58a6ff',
  '#bc8cff',
  '#39c5cf',
  '#b1bac4',
  '#6e7681',
  '#ffa198',
  '#56d364',
  '#e3b341',
  '#79c0ff',
  '#d2a8ff',
  '#56d4dd',
  '#f0f6fc',
] as const

interface Run {
  readonly x: number
  readonly columns: number
  readonly text: string
  readonly style: string
  readonly fill: string
  readonly back: string | null
}

/** The picture of a terminal: backgrounds as rectangles, text as runs of one style held to their columns. */
export function svgOf({ buffer: { active }, cols, rows }: Terminal, bright: boolean): string {
  const paper = bright ? light : dark
  const width = cols * cellWidth + 2 * margin
  const height = rows * cellHeight + 2 * margin
  const lines = Array.from({ length: rows }, (_, y) => runsOf(active, cols, y, paper).flatMap((run) => draw(run, y)))
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width.toFixed(1)}" height="${height.toFixed(1)}" font-family="'DejaVu Sans Mono',Menlo,Consolas,monospace" font-size="14">`,
    `<rect width="100%" height="100%" rx="8" fill="${paper.ground}"/>`,
    ...lines.flat(),
    '</svg>',
  ].join('\n')
}

function runsOf(active: Terminal['buffer']['active'], cols: number, y: number, paper: Paper): readonly Run[] {
  const line = active.getLine(active.viewportY + y)
  const runs: Run[] = []
  for (let x = 0; x < cols; x++) {
    const cell = line?.getCell(x)
    if (!cell || cell.getWidth() === 0) continue
    const run = runOf(cell, x, paper)
    const last = runs.at(-1)
    const same = last && last.style === run.style && run.columns === 1 && last.columns === last.text.length
    if (same) runs[runs.length - 1] = { ...last, columns: last.columns + 1, text: last.text + run.text }
    else runs.push(run)
  }
  return runs
}

function runOf(cell: IBufferCell, x: number, { ground, ink }: Paper): Run {
  const front = colour(cell.getFgColor(), cell.isFgRGB(), cell.isFgPalette()) ?? ink
  const behind = colour(cell.getBgColor(), cell.isBgRGB(), cell.isBgPalette())
  const inverse = cell.isInverse() !== 0
  const fill = inverse ? (behind ?? ground) : front
  const back = inverse ? front : behind
  const weight = cell.isBold() !== 0 ? ' font-weight="bold"' : ''
  const faint = cell.isDim() !== 0 ? ' opacity="0.6"' : ''
  return {
    x,
    columns: cell.getWidth(),
    text: cell.getChars() || ' ',
    fill,
    back,
    style: `fill="${fill}"${weight}${faint} ${back ?? ''}`,
  }
}

function colour(value: number, rgb: boolean, palette: boolean): string | null {
  if (rgb) return `#${value.toString(16).padStart(6, '0')}`
  return palette ? (base[value] ?? '#808080') : null
}

function draw({ x, columns, text, style, back }: Run, y: number): string[] {
  const left = (margin + x * cellWidth).toFixed(2)
  const top = margin + y * cellHeight
  const width = (columns * cellWidth).toFixed(2)
  const box =
    back === null
      ? []
      : [`<rect x="${left}" y="${top.toFixed(2)}" width="${width}" height="${cellHeight}" fill="${back}"/>`]
  if (text.trim() === '') return box
  const attributes = style.replace(/ #[0-9a-f]{6}$/, '').trim()
  return [
    ...box,
    `<text x="${left}" y="${(top + 12.8).toFixed(2)}" textLength="${width}" lengthAdjust="spacingAndGlyphs" xml:space="preserve" ${attributes}>${escaped(text)}</text>`,
  ]
}

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
