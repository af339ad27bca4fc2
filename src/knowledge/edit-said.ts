/** Edits of what a task says of a place: in the words that say it, and nowhere else in their text. */
import { reword, type Edit } from './edit.ts'
import type { TaskText } from './shapes/job.ts'
import type { Called, Said } from './shapes/said.ts'

/** `from` where the place is said becomes `to`; undefined where it does not stand there in one piece. */
export function resaid({ at }: Pick<Said | Called, 'at'>, from: string, to: string): readonly Edit[] | undefined {
  if (!Array.isArray(at) || from === '') return undefined
  const [block, name, said, behind] = at as unknown as readonly [object, string, string?, string?]
  if (said === undefined) return [reword(block, name, from, to)]
  return said.includes(from)
    ? [
        reword(
          block,
          name,
          said,
          said.replace(from, () => to),
          behind,
        ),
      ]
    : undefined
}

/** A variable of Nomad as the text of a place has it: templates ask for it, the rest is filled in. */
export function filledIn({ at }: Pick<Said | Called, 'at'>, variable: string): string {
  const [block] = Array.isArray(at) ? (at as unknown as readonly [Partial<TaskText>]) : []
  return block?.kind === 'template' ? `{{ env "${variable}" }}` : `\${${variable}}`
}
