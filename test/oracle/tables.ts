export const tableNames = ['raw', 'mangle', 'nat', 'filter'] as const
export type TableName = (typeof tableNames)[number]

export const hooksOf: Readonly<Record<TableName, readonly string[]>> = {
  raw: ['PREROUTING', 'OUTPUT'],
  mangle: ['PREROUTING', 'INPUT', 'FORWARD', 'OUTPUT', 'POSTROUTING'],
  nat: ['PREROUTING', 'INPUT', 'OUTPUT', 'POSTROUTING'],
  filter: ['INPUT', 'FORWARD', 'OUTPUT'],
}

export interface Chain {
  readonly name: string
  readonly policy: string
  readonly rules: readonly string[]
}

/** The tables of one family; every one of them is there. Rules are without `-A <chain>`. */
export type Tables = Readonly<Record<TableName, readonly Chain[]>>

export const noTables: Tables = Object.fromEntries(
  tableNames.map((name) => [name, hooksOf[name].map((hook) => ({ name: hook, policy: 'ACCEPT', rules: [] }))]),
) as unknown as Tables

/** Reads a save well enough to write it again. */
export function parseTables(save: string): Tables {
  let tables = noTables
  let name: TableName = 'filter'
  for (const line of save.split('\n')) {
    const [, chain = '', policy = ''] = /^:(\S+) (\S+)/.exec(line) ?? []
    const [, into = '', rule = ''] = /^-A (\S+) ?(.*)$/.exec(line) ?? []
    if (line.startsWith('*')) name = line.slice(1) as TableName
    else if (chain && !tables[name].some((one) => one.name === chain))
      tables = { ...tables, [name]: [...tables[name], { name: chain, policy, rules: [] }] }
    else if (into) tables = withRules(tables, name, into, (rules) => [...rules, rule])
  }
  return tables
}

export const withRules = (
  tables: Tables,
  name: TableName,
  chain: string,
  change: (rules: readonly string[]) => readonly string[],
): Tables => ({
  ...tables,
  [name]: tables[name].map((one) => (one.name === chain ? { ...one, rules: change(one.rules) } : one)),
})

export const withChain = (tables: Tables, name: TableName, chain: Chain): Tables =>
  tables[name].some((one) => one.name === chain.name) ? tables : { ...tables, [name]: [...tables[name], chain] }

export const withPolicy = (tables: Tables, name: TableName, chain: string, policy: string): Tables => ({
  ...tables,
  [name]: tables[name].map((one) => (one.name === chain ? { ...one, policy } : one)),
})

/** What `iptables-restore` reads. */
export const restoreText = (tables: Tables): string =>
  tableNames
    .map((name) =>
      [
        `*${name}`,
        ...tables[name].map((chain) => `:${chain.name} ${chain.policy} [0:0]`),
        ...tables[name].flatMap((chain) => chain.rules.map((rule) => `-A ${chain.name} ${rule}`)),
        'COMMIT',
        '',
      ].join('\n'),
    )
    .join('')
