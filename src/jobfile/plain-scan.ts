/** The words in which a plain text is read. */

/** The place behind what was read; undefined: not plain. */
export type End = number | undefined

/** HCL itself would give up on what is nested a few thousand deep. */
export const depths = 100

export const name = '[A-Za-z_][A-Za-z0-9_-]*'
/** Any character but those that end or change a text. */
export const harmless = String.raw`[^\0-\x08\x0B-\x1F\x7F\n\uFEFF$%]`
export const comment = `(?:#|//)(?:${harmless}|[$%])*`

/** A character that stands for itself; `$${` and `%%{` stand for what they show. */
export const literal = `(?:${harmless}|(?<!\\$)\\$\\$\\{|\\$(?!\\$*\\{)|(?<!%)%%\\{|%(?!%*\\{))`

export const sticky = (source: string): RegExp => new RegExp(source, 'y')
export const blank = sticky('[ \\t]*')
export const lines = sticky(`(?:[ \\t]*(?:${comment})?\\n)*[ \\t]*`)

/** The head of a `for`. */
export const each = sticky(`for[ \\t]+${name}(?:[ \\t]*,[ \\t]*${name})?[ \\t]+in[ \\t]+`)

export function after(pattern: RegExp, text: string, at: number): End {
  pattern.lastIndex = at
  return pattern.test(text) ? pattern.lastIndex : undefined
}
