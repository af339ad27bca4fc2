/** ASCII, and the dashes, arrows, frames and marks that the screens are made of. */
const characters = ' -~·×–—‘’“”•…←-↓⇒─-▏▸○◌●✓✗⠀-⣿'

/** Text that needs no tables to measure: each character takes one column, whatever is beside it. */
export const plain = new RegExp(`^[${characters}]*$`)

/** Text, lines and their styles, that needs no tables to be split: each character stands for itself. */
export const loose = new RegExp(`^[${characters}\u001B\n]*$`)
