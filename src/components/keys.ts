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

/** Nobody may be left without a way back, out, or to the rest of the keys. */
const kept = ['esc', '?', 'q']

/** As many keys as fit, whole ones only; what is left out is behind `?`. */
export function footerLine(keys: readonly Shown[], columns: number): Line {
  const pieces = keys.map(({ press, does }) => {
    const name = press.length === 9 ? keyNames(press) : keyName(press[0] ?? '')
    const piece: Line = [span(name, 'accent'), span(` ${does}`, 'faint')]
    return { piece, width: lineWidth(piece) + 3, keeps: kept.some((one) => press.includes(one)) }
  })
  // The last one has no gap behind it.
  let room = columns + 3 - pieces.reduce((sum, { width, keeps }) => sum + (keeps ? width : 0), 0)
  const shown = pieces.filter(({ width, keeps }) => {
    if (keeps) return true
    if (width > room) return false
    room -= width
    return true
  })
  return shown.flatMap(({ piece }, i) => (i === 0 ? piece : [gap(3), ...piece]))
}
