import { gap, lineWidth, span, type Line } from './line.ts'

const names: Readonly<Record<string, string>> = {
  up: '↑',
  down: '↓',
  left: '←',
  right: '→',
  pageup: 'PgUp',
  pagedown: 'PgDn',
  home: 'Home',
  end: 'End',
}

/** A key as people read it. */
export const keyName = (press: string): string => names[press] ?? press

/** The keys 1 to 9 are one key in nine places. */
export const keyNames = (press: readonly string[]): string =>
  press.length === 9 && press[0] === '1' ? '1-9' : press.map(keyName).join('  ')

interface Shown {
  readonly press: readonly string[]
  readonly does: string
}

/** As many keys as fit, whole ones only; what is left out is behind `?`, so that one stays. */
export function footerLine(keys: readonly Shown[], columns: number): Line {
  const pieces = keys.map(({ press, does }) => [
    span(press.length === 9 ? keyNames(press) : keyName(press[0] ?? ''), 'accent'),
    span(` ${does}`, 'faint'),
  ])
  const help = keys.findIndex(({ press }) => press.includes('?'))
  const reserve = help === -1 ? 0 : lineWidth(pieces[help] ?? []) + 3
  const shown: Line[] = []
  let used = 0
  pieces.forEach((piece, i) => {
    const width = lineWidth(piece) + (shown.length === 0 ? 0 : 3)
    const room = columns - (i < help ? reserve : 0)
    if (used + width > room) return
    shown.push(piece)
    used += width
  })
  return shown.flatMap((piece, i) => (i === 0 ? piece : [gap(3), ...piece]))
}
