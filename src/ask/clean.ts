/* oxlint-disable no-control-regex */
/** Text from outside may hold terminal commands and direction marks; nothing of it reaches a screen uncleaned. */

// Strings (OSC, DCS, SOS, PM, APC) up to their end or the end of the line, then CSI, then two-byte escapes.
const sequences =
  /(?:\u001B[\]PX^_]|[\u0090\u0098\u009D-\u009F])[^\u0007\u001B\u009C\n]*(?:\u0007|\u001B\\|\u009C)?|(?:\u001B\[|\u009B)[0-?]*[ -/]*[@-~]?|\u001B[ -/]*[0-~]?/g
// C0 but tab and line feed, DEL, C1; marks that reorder, hide or separate; halves of characters.
const controls =
  /[\u0000-\u0008\u000B-\u001F\u007F-\u009F\u00AD\u061C\u180E\u200B\u200E\u200F\u2028-\u202E\u2060-\u206F\uFEFF\uFFF9-\uFFFB]|\p{Surrogate}|[\u{E0000}-\u{E007F}]/gu

/** Text without terminal commands and control characters; keeps line feeds and tabs, CR and CR LF become LF. */
export function clean(text: string): string {
  return text.replace(/\r\n?/g, '\n').replace(sequences, '').replace(controls, '')
}

/** The same for one line: line feeds and tabs become spaces. */
export function cleanLine(text: string): string {
  return clean(text).replace(/[\n\t]+/g, ' ')
}

/** The same characters written out as \uXXXX, inside a text of JSON, which may hold them in its strings alone. */
export const escapeControls = (json: string): string =>
  json.replace(controls, (found) =>
    Array.from({ length: found.length }, (_, i) => `\\u${found.charCodeAt(i).toString(16).padStart(4, '0')}`).join(''),
  )
