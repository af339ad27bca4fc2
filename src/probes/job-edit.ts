/** Edits of a fault as changes of a text: what it was given, exchanged for the place where that stands in the file. */
import type { Field, Spot, TextChange } from '../jobfile/change.ts'
import { asWritten } from '../knowledge/delimiters.ts'
import { Inner, type Edit, type EditedAttribute } from '../knowledge/edit.ts'
import { placeOf, type Location } from '../knowledge/place.ts'

/** Undefined where something does not stand in a file, or not in this one. */
export function changesOf(edits: readonly Edit[], file?: string): readonly TextChange[] | undefined {
  try {
    return edits.map((edit) => changeOf(edit, file))
  } catch (error) {
    if (error === nowhere) return undefined
    throw error
  }
}

/** The file that edits are made in, as far as the first of them tells. */
export function fileOf([first]: readonly Edit[]): string | undefined {
  let block = first && ('attr' in first ? first.attr[0] : first.block)
  while (block instanceof Inner) block = block.within
  return placeOf(block)?.block.file
}

const nowhere = new Error('it stands in no file')

function changeOf(edit: Edit, file: string | undefined): TextChange {
  const spot = (block: object): Spot => {
    if (block instanceof Inner) return { within: spot(block.within), type: block.type, nth: block.nth }
    return position(placeOf(block)?.block)
  }
  const field = ([block, name]: EditedAttribute): Field => {
    const attr = block instanceof Inner ? undefined : placeOf(block)?.attrs[name]
    return attr ? { name, at: position(attr) } : { name, block: spot(block) }
  }
  const position = (found: Location | undefined) => {
    if (!found || (file !== undefined && found.file !== file)) throw nowhere
    return { line: found.line, column: found.column }
  }
  if (edit.do === 'reword') {
    const [block] = edit.attr
    const { from, to, behind } = edit
    const own = { ...edit, attr: field(edit.attr), from: asWritten(block, from), to: asWritten(block, to) }
    return behind === undefined ? own : { ...own, behind: asWritten(block, behind) }
  }
  if ('attr' in edit) return { ...edit, attr: field(edit.attr) }
  if ('into' in edit) return { ...edit, block: spot(edit.block), into: spot(edit.into) }
  return { ...edit, block: spot(edit.block) }
}
