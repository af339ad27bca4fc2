import { linesOf } from '../command.ts'
import { object, text } from '../json.ts'
import { Shape } from '../probe.ts'

/** Ids of `docker … ls --format {{json .}}`, in its order. Undefined (or a throw) when a line is not what it should be. */
export function idsOf(body: string, strict = false): readonly string[] | undefined {
  try {
    return linesOf(body).map((line) => text(object(JSON.parse(line))['ID'], 'ID'))
  } catch {
    if (strict) throw new Shape('a line is not a JSON object with an ID')
    return undefined
  }
}
