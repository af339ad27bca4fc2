/** Why a change cannot be made in a JSON text. */
export class Unwritable extends Error {
  override readonly name = 'Unwritable'
}
export const refuse = (why: string): never => {
  throw new Unwritable(why)
}
