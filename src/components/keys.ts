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

interface Piece {
  readonly says: Line
  readonly keeps: boolean
}

/** As many keys as fit, whole ones only, closer together where that shows more; what is left out is behind `?`. */
export function footerLine(keys: readonly Shown[], columns: number): Line {
  const pieces = keys.map(({ press, does }): Piece => {
    const name = press.length === 9 ? keyNames(press) : keyName(press[0] ?? '')
    const says: Line = [span(name, 'accent'), span(` ${does}`, 'faint')]
    return { says, keeps: kept.some((one) => press.includes(one)) }
  })
  const [loose, tight] = [fitting(pieces, columns, 3), fitting(pieces, columns, 2)]
  const [shown, between] = tight.length > loose.length ? [tight, 2] : [loose, 3]
  return shown.flatMap(({ says }, i) => (i === 0 ? says : [gap(between), ...says]))
}

function fitting(pieces: readonly Piece[], columns: number, between: number): readonly Piece[] {
  const width = ({ says }: Piece): number => lineWidth(says) + between
  // The last one has no gap behind it.
  let room = columns + between - pieces.reduce((sum, one) => sum + (one.keeps ? width(one) : 0), 0)
  return pieces.filter((one) => {
    if (one.keeps) return true
    if (width(one) > room) return false
    room -= width(one)
    return true
  })
}
