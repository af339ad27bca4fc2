const dense = (text: string): string => text.replaceAll(/\s+/g, '')

/**
 * The line of a reply that an excerpt is about, or -1. The reply may be spaced and broken otherwise, and of an object the
 * excerpt may hold only some members: then the first member that is found counts. An excerpt in words of its own leads
 * to the line that holds most of them.
 */
export function lineOf(text: readonly string[], excerpt: string): number {
  const [first = ''] = excerpt.split('\n').filter((one) => one.trim() !== '')
  const ends: number[] = []
  let whole = ''
  for (const one of text) {
    whole += dense(one)
    ends.push(whole.length)
  }
  const members = first.split(/[,{}[\]…]/).filter((one) => /[:=]\s*\S/.test(one))
  for (const piece of [first, ...first.split('…'), ...members].map(dense).filter(({ length }) => length > 5)) {
    const start = whole.indexOf(piece)
    if (start !== -1) return ends.findIndex((end) => end > start)
  }
  return closest(text, excerpt)
}

/** How far from a line its neighbours still speak of the same thing. */
const near = 4

/** The rarer a word is in the reply, the more it says; a word close by counts half. */
function closest(text: readonly string[], excerpt: string): number {
  const words = text.map((one) => new Set(wordsIn(one)))
  const own = text.map(() => 0)
  for (const word of new Set(wordsIn(excerpt))) {
    const at = words.flatMap((line, i) => (line.has(word) ? [i] : []))
    for (const i of at) own[i] = (own[i] ?? 0) + 1 / at.length
  }
  const around = (i: number): number =>
    own.slice(Math.max(0, i - near), i + near + 1).reduce((sum, one) => sum + one, 0)
  let best = -1
  let most = 0
  own.forEach((score, i) => {
    const all = score === 0 ? 0 : score + (around(i) - score) / 2
    if (all > most) [best, most] = [i, all]
  })
  return best
}

/** Names, numbers and addresses. */
const wordsIn = (text: string): readonly string[] =>
  text.toLowerCase().match(/[\p{L}\d_][\p{L}\d_.-]*[\p{L}\d_]|\d+/gu) ?? []
