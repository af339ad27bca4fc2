/** Rules as `nft -j list ruleset` prints them. */
export const match = (left: object, right: unknown, op = '=='): object => ({ match: { op, left, right } })
export const meta = (key: string): object => ({ meta: { key } })
export const field = (protocol: string, name: string): object => ({ payload: { protocol, field: name } })
export const chain = (name: string, more: object = {}, table = 'fw', family = 'inet'): object => ({
  chain: { family, table, name, ...more },
})
export const base = (hook: string, prio: number, policy = 'accept', type = 'filter'): object => ({
  type,
  hook,
  prio,
  policy,
})
export const rule = (name: string, expr: readonly object[], table = 'fw', family = 'inet'): object => ({
  rule: { family, table, chain: name, expr },
})
export const table = (name = 'fw', family = 'inet'): object => ({ table: { family, name } })
export const set = (name: string, elem: readonly unknown[], more: object = {}): object => ({
  set: { family: 'inet', table: 'fw', name, type: 'ipv4_addr', elem, ...more },
})
/** One table with one base chain on forward and these rules in it. */
export const forward = (...rules: readonly (readonly object[])[]): readonly object[] => [
  table(),
  chain('forward', base('forward', 0)),
  ...rules.map((expr) => rule('forward', expr)),
]
export const drop = { drop: null }
