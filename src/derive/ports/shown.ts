import { listsUdp } from '../../packet/ss.ts'
import { showing, type Made } from '../derivation.ts'

/** The same value, shown by the reply that lists UDP sockets: two replies are behind a list of listeners. */
export const shownByUdp = <T>(value: Made<T>): Made<T> =>
  showing(value, (seen) =>
    seen.filter(({ request }) => listsUdp(request)).map((one) => ({ ...one, excerpt: value.excerpt })),
  )
