import { faultById, faultList } from '../../src/knowledge/faults/index.ts'
import { searchFaults } from '../../src/run/search.ts'
import { dice, pasted, texts, type Text } from './pasted.ts'

/** Shares of pasted texts whose fault stands first, and among the first three; and what was missed. */
export function found(rounds: number, among: readonly Text[] = texts) {
  const missed: string[] = []
  let first = 0
  let three = 0
  let all = 0
  for (const text of among) {
    const right = new Set(
      text.faults.flatMap(
        (id) => faultById.get(id)?.id ?? faultList.find(({ aliases }) => aliases?.includes(id))?.id ?? [],
      ),
    )
    if (right.size === 0) continue
    for (let round = 0; round < rounds; round++) {
      const line = pasted(text, dice(round * 1009 + text.text.length * 31))
      const ids = searchFaults(line)
        .slice(0, 3)
        .map(({ fault }) => fault.id)
      const place = ids.findIndex((id) => right.has(id))
      all++
      if (place === 0) first++
      if (place >= 0) three++
      if (place !== 0)
        missed.push(
          `${place < 0 ? 'not found' : `place ${place + 1}`}: ${text.text} [${text.faults.join(' ')}] got ${ids.join(' ')}: ${JSON.stringify(line)}`,
        )
    }
  }
  return { first: first / all, three: three / all, all, missed }
}
