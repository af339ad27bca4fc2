/** Templates with delimiters of their own. Facts hold every template in the usual ones; only its file has the others. */

export type Delimiters = readonly [left: string, right: string]
export const usual: Delimiters = ['{{', '}}']

/** With `{{` and `}}` around its actions; what stood there under these signs is written apart: it does nothing. */
export function standardised(data: string, [left, right]: Delimiters): string {
  let done = ''
  let rest = data
  for (let at = rest.indexOf(left); at >= 0; at = rest.indexOf(left)) {
    const end = rest.indexOf(right, at + left.length)
    done += `${apart(rest.slice(0, at))}{{${rest.slice(at + left.length, end < 0 ? undefined : end)}`
    if (end < 0) return done
    done += '}}'
    rest = rest.slice(end + right.length)
  }
  return done + apart(rest)
}
const apart = (text: string): string => text.replaceAll('{{', '{ {').replaceAll('}}', '} }')

/** A piece of such a text as the file has it. */
export function asWritten(block: object, piece: string): string
export function asWritten(block: object, piece: string | undefined): string | undefined
export function asWritten(block: object, piece: string | undefined): string | undefined {
  const { delimiters } = block as { readonly delimiters?: Delimiters }
  if (!delimiters) return piece
  const [left, right] = delimiters
  return piece?.replaceAll('{{', () => left).replaceAll('}}', () => right)
}
