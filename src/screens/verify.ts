import type { At, Key } from './screen.ts'

/** Reads everything once more, and tells what became of a fault: the one given, else the diagnosis. */
export const verifyKey = (does: string, fault?: (at: At) => string | undefined): Key => ({
  press: ['v'],
  does,
  run: (at) => void at.act.verify(fault?.(at)),
  unless: ({ state }) =>
    state.place.kind === 'case'
      ? 'a recording answers the same again'
      : state.phase === 'idle'
        ? undefined
        : 'still looking',
})
