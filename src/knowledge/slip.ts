/** Whether one name is a slip of the pen away from another. Pure. */

const meaningless = /[-_.](?:svc|srv|service|sidecar)$/

/** Letters swapped, left out, doubled or mistyped once, or a word more that says nothing; numbers tell names apart. */
export function slip(said: string, meant: string): boolean {
  if (said === meant || Math.min(said.length, meant.length) < 5) return false
  if (said.replace(meaningless, '') === meant.replace(meaningless, '')) return true
  if (said.replace(/\D/g, '') !== meant.replace(/\D/g, '')) return false
  let start = 0
  while (start < said.length && said[start] === meant[start]) start++
  let end = 0
  while (end < Math.min(said.length, meant.length) - start && said.at(-1 - end) === meant.at(-1 - end)) end++
  const [a, b] = [said.slice(start, said.length - end), meant.slice(start, meant.length - end)]
  // A last letter more is a plural, which may be another service.
  if (a.length + b.length === 1) return end > 0
  return (a.length === 1 && b.length === 1) || (a.length === 2 && a === `${b[1]}${b[0]}`)
}

/** Words of a name, to tell a misspelt or shortened name from one of somebody else. */
const words = (name: string): readonly string[] => name.toLowerCase().split(/[^a-z0-9]+/)

export const alike = (asked: string, own: string): boolean =>
  nearly(asked, own) || words(asked).some((word) => word.length > 2 && words(own).includes(word))

/** The same without a shared word, which all services of a job may have. */
export const nearly = (asked: string, own: string): boolean =>
  asked.includes(own) || own.includes(asked) || distance(asked, own) <= 2

/** Edit distance of two short names. */
function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, i) => i)
  for (let i = 0; i < a.length; i++) {
    const next = [i + 1]
    for (let j = 1; j <= b.length; j++)
      next.push(Math.min((row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1, (row[j - 1] ?? 0) + (a[i] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length] ?? 0
}
