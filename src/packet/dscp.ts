const classes: Readonly<Record<string, number>> = {
  cs: 0,
  be: 0,
  default: 0,
  df: 0,
  le: 1,
  lephb: 1,
  ef: 46,
  va: 44,
  'voice-admit': 44,
}

/** A DSCP as nft prints it: a number, `cs1`, `af21`, `ef`; undefined: no such class. */
export function dscpOf(written: unknown): number | undefined {
  if (typeof written === 'number') return written >= 0 && written < 64 ? written : undefined
  const text = String(written).toLowerCase()
  const [, cs] = /^cs([0-7])$/.exec(text) ?? []
  if (cs !== undefined) return Number(cs) * 8
  const [, group, drop] = /^af([1-4])([1-3])$/.exec(text) ?? []
  if (group !== undefined) return Number(group) * 8 + Number(drop) * 2
  return Object.hasOwn(classes, text) ? classes[text] : undefined
}
