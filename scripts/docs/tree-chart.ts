/** One flowchart of a branch of the tree, in Mermaid: rhombus = question, box = fault, stadium = leaf. */
import { faultById } from '../../src/knowledge/faults/index.ts'
import type { Ladder, Question } from '../../src/knowledge/tree/question.ts'
import { whoAnswers, whoSettles, type Source } from './knowing.ts'
import { foot, rungs } from '../../src/knowledge/tree/places.ts'

/** Readable on a light and on a dark page alike. */
const colours: Readonly<Record<Source, string>> = {
  person: 'fill:#fff3bf,stroke:#b08900,color:#1f2328',
  'job file': 'fill:#e5dbff,stroke:#7048e8,color:#1f2328',
  API: 'fill:#d0ebff,stroke:#1971c2,color:#1f2328',
  node: 'fill:#d3f9d8,stroke:#2f9e44,color:#1f2328',
}
const className = (source: Source): string => source.replace(' ', '').toLowerCase()

export const label = (text: string): string =>
  `"${text.replaceAll('#', '#35;').replaceAll('"', '#quot;').replaceAll('<', '#lt;').replaceAll('>', '#gt;').replaceAll('`', "'").replaceAll('\n', ' ')}"`

/** From one question, along the answers that are followed, to the leaves. Equal ends of ladders are drawn once. */
export function chart(question: Question, follow: (question: Question, answer: string) => boolean): string {
  const lines: string[] = []
  const clicks: string[] = []
  const drawn = new Map<string, string>()
  const leaf = () => draw('unexplained', (id) => lines.push(`${id}(["Unexplained: nothing known explains it"]):::leaf`))

  function draw(key: string, make: (id: string) => void): string {
    const known = drawn.get(key)
    if (known !== undefined) return known
    const id = `n${drawn.size}`
    drawn.set(key, id)
    make(id)
    return id
  }

  function drawQuestion(asked: Question): string {
    return draw(`? ${asked.id}`, (id) => {
      lines.push(`${id}{${label(asked.ask)}}:::${className(whoAnswers(asked))}`)
      const ends = new Map<string, string[]>()
      for (const [answer, { label: said, then }] of Object.entries(asked.answers)) {
        if (!follow(asked, answer)) continue
        const end = drawLadder(then, 0)
        ends.set(end, [...(ends.get(end) ?? []), said])
      }
      for (const [end, said] of ends) lines.push(`${id} -->|${label(said.join(', or '))}| ${end}`)
    })
  }

  function drawLadder(ladder: Ladder, from: number): string {
    const faults = rungs(ladder).slice(from)
    const next = foot(ladder)
    const [fault] = faults
    if (fault === undefined) return next ? drawQuestion(next) : leaf()
    return draw(`${faults.join(' ')} ? ${next?.id ?? ''}`, (id) => {
      const known = faultById.get(fault)
      lines.push(`${id}[${label(known?.title ?? fault)}]${known ? `:::${className(whoSettles(known))}` : ''}`)
      clicks.push(`click ${id} href "../faults/${fault}.md"`)
      lines.push(`${id} --> ${drawLadder(ladder, from + 1)}`)
    })
  }

  drawQuestion(question)
  const classes = Object.entries(colours).map(([source, style]) => `classDef ${className(source as Source)} ${style}`)
  return ['flowchart TD', ...lines, ...clicks, ...classes, 'classDef leaf fill:#f1f3f5,stroke:#868e96,color:#1f2328']
    .map((line, i) => (i === 0 ? line : `  ${line}`))
    .join('\n')
}
