import type { Key as InkKey } from 'ink'

/** The name of a key as the key lists spell it; a chunk of typed characters gives one name each. */
export function namesOf(input: string, key: InkKey): readonly string[] {
  if (key.eventType === 'release') return []
  const special = specialOf(key)
  if (special !== undefined) return [special]
  if (key.meta) return []
  if (key.ctrl) return [`ctrl-${input}`]
  return Array.from(input).flatMap((character) => nameOf(character))
}

function specialOf(key: InkKey): string | undefined {
  if (key.upArrow) return 'up'
  if (key.downArrow) return 'down'
  if (key.leftArrow) return 'left'
  if (key.rightArrow) return 'right'
  if (key.pageUp) return 'pageup'
  if (key.pageDown) return 'pagedown'
  if (key.home) return 'home'
  if (key.end) return 'end'
  if (key.return) return 'enter'
  if (key.escape) return 'esc'
  if (key.tab) return key.shift ? 'shift-tab' : 'tab'
  return key.backspace || key.delete ? 'backspace' : undefined
}

function nameOf(character: string): readonly string[] {
  if (character === '\r' || character === '\n') return ['enter']
  if (character === '\t') return ['tab']
  if (character === ' ') return ['space']
  const code = character.codePointAt(0) ?? 0
  if (code < 27) return [`ctrl-${String.fromCharCode(code + 96)}`]
  return code < 32 || code === 127 ? [] : [character]
}

/** The answer of a terminal that was asked for its background (OSC 11): whether that is bright. */
export function brightBackground(input: string): boolean | undefined {
  const found = /11;rgb:([0-9a-f]{2})[0-9a-f]*\/([0-9a-f]{2})[0-9a-f]*\/([0-9a-f]{2})/i.exec(input)
  if (!found) return undefined
  const [red = 0, green = 0, blue = 0] = found.slice(1).map((part) => Number.parseInt(part, 16))
  return 0.299 * red + 0.587 * green + 0.114 * blue > 128
}
