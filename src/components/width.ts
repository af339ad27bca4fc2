/** How many columns a text takes. Plain text, nearly everything here, is counted without looking closer. */
import { plain } from './plain.ts'

const segmenter = new Intl.Segmenter()
const wide =
  /^(?:\p{Emoji_Presentation}|[\u1100-\u115F\u2E80-\u303E\u3041-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6]|[\u{1F300}-\u{1FAFF}]|[\u{20000}-\u{3FFFD}])/u
const none = /^\p{Mark}$/u

function widthOfCharacter(character: string): number {
  if (plain.test(character)) return character.length
  return wide.test(character) || character.includes('\uFE0F') ? 2 : none.test(character) ? 0 : 1
}

export function widthOf(text: string): number {
  if (plain.test(text)) return text.length
  let sum = 0
  for (const { segment } of segmenter.segment(text)) sum += widthOfCharacter(segment)
  return sum
}

/** The longest beginning of a text that fits into so many columns. */
export function take(text: string, columns: number): string {
  if (plain.test(text)) return text.slice(0, Math.max(0, columns))
  let sum = 0
  let end = 0
  for (const { segment, index } of segmenter.segment(text)) {
    sum += widthOfCharacter(segment)
    if (sum > columns) break
    end = index + segment.length
  }
  return text.slice(0, end)
}

/** The longest end of a text that fits into so many columns. */
export function takeEnd(text: string, columns: number): string {
  let end = ''
  for (const { segment } of [...segmenter.segment(text)].toReversed()) {
    if (widthOf(segment + end) > columns) break
    end = segment + end
  }
  return end
}
