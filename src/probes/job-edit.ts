/** Edits of a fault as changes of a text: what it was given, exchanged for the place where that stands in the file. */
import type { Field, Spot, TextChange } from '../jobfile/change.ts'
import { Inner, type Edit, type EditedAttribute } from '../knowledge/edit.ts'
import { placeOf } from '../knowledge/place.ts'

/** Undefined where something does not stand in a file. */
export function changesOf(edits: readonly Edit[]): readonly TextChange[] | undefined {
  try {
    return edits.map(changeOf)
  } catch (error) {
    if (error === nowhere) return undefined
    throw error
  }
}

const nowhere = new Error('it stands in no file')

function changeOf(edit: Edit): TextChange {
  if ('attr' in edit) return { ...edit, attr: fieldOf(edit.attr) }
  if ('into' in edit) return { ...edit, block: spotOf(edit.block), into: spotOf(edit.into) }
  return { ...edit, block: spotOf(edit.block) }
}

function spotOf(block: object): Spot {
  if (block instanceof Inner) return { within: spotOf(block.within), type: block.type, nth: block.nth }
  const found = placeOf(block)?.block
  if (!found) throw nowhere
  return { line: found.line, column: found.column }
}

function fieldOf([block, name]: EditedAttribute): Field {
  const attr = block instanceof Inner ? undefined : placeOf(block)?.attrs[name]
  return attr ? { name, at: { line: attr.line, column: attr.column } } : { name, block: spotOf(block) }
}
