/** Prints src/jobfile/schema-data.ts: which blocks and arguments a job may have, from the struct tags of every release of Nomad since 1.0. */
import { execFileSync } from 'node:child_process'

const [repo] = process.argv.slice(2)
if (repo === undefined) {
  process.stderr.write('usage: npm run -s schema -- FOLDER-OF-A-CLONE-OF-NOMAD > src/jobfile/schema-data.ts\n')
  process.exit(2)
}
const git = (...args: readonly string[]): string =>
  execFileSync('git', ['-C', repo, ...args], { encoding: 'utf8', maxBuffer: 1e8 })

interface Field {
  readonly type: string
  readonly kind: string
}
type Structs = Map<string, Map<string, Field>>

/** Every struct with its fields by their names in a job file; the label is the field ''. */
function structsOf(release: string): Structs {
  const structs: Structs = new Map()
  let current = new Map<string, Field>()
  for (const line of git(
    'grep',
    '-hE',
    '^type \\w+ struct|hcl:"',
    release,
    '--',
    ':(glob)api/*.go',
    ':(exclude)api/*_test.go',
  ).split('\n')) {
    const [, name] = /^type (\w+) struct/.exec(line) ?? []
    if (name !== undefined) structs.set(name, (current = new Map<string, Field>()))
    const [, type, tag, kind = ''] = /^\s+\w+\s+(\S+)\s+`.*hcl:"([^",]*),?([^"]*)"/.exec(line) ?? []
    if (type !== undefined && tag !== undefined)
      current.set(kind === 'label' ? '' : tag, { type: kind === 'label' ? tag : type, kind })
  }
  return structs
}

const argument: readonly (readonly [RegExp, string])[] = [
  [/^\*?u?int\d*$/, 'number'],
  [/^\*?bool$/, 'bool'],
  [/^\*?time\.Duration$/, 'duration'],
  [/^\[\]string$/, 'texts'],
  [/^\[\]u?int\d*$/, 'numbers'],
  [/^map\[string\]string$/, 'map'],
]
const typeOf = (go: string): string => argument.find(([pattern]) => pattern.test(go))?.[1] ?? 'text'

/** `one` at most once, `many` any number, both of a struct; `free` takes whatever stands in it, once. */
function blockOf(go: string): { readonly as: string; readonly of: string } {
  const [, list, struct] = /^(\[\]|map\[string\])?\*?([A-Z]\w*)$/.exec(go) ?? []
  if (struct === undefined) return { as: 'free', of: '' }
  return { as: list === undefined ? 'one' : 'many', of: struct }
}

/** Sources: jobspec2/hcl_conversions.go and types.config.go, which read these beside the tags. */
const targets = 'version semver regexp set_contains set_contains_all set_contains_any'
const constraint = `${targets} distinct_property is_set is_not_set`
const strings = (names: string) =>
  Object.fromEntries(names.split(' ').map((name) => [name, { type: 'string', kind: '' }]))
const block = (type: string): Field => ({ type, kind: 'block' })
const map: Field = { type: 'map[string]string', kind: 'optional' }
const more: Readonly<Record<string, Readonly<Record<string, Field>>>> = {
  Affinity: strings(targets),
  Constraint: { ...strings(constraint), distinct_hosts: { type: 'bool', kind: 'optional' } },
  Job: {
    '': { type: 'name', kind: 'label' },
    vault: block('*Vault'),
    task: block('[]*Task'),
    secret: block('[]*Secret'),
  },
  TaskGroup: { vault: block('*Vault'), secret: block('[]*Secret') },
  Task: { scaling: block('[]*TaskScaling') },
}
/** These may be written as blocks or as arguments. */
const either: Readonly<Record<string, readonly string[]>> = {
  Job: ['meta'],
  TaskGroup: ['meta'],
  Task: ['env', 'meta'],
}

interface Kind {
  label?: string
  readonly args: Map<string, string>
  readonly blocks: Map<string, { readonly as: string; readonly of: string }>
  /** Required by every release that knows it. */
  readonly required: Map<string, boolean>
}
const kinds = new Map<string, Kind>()
const releases = git('tag', '--list', '--sort=version:refname', 'v1.*', 'v2.*')
  .split('\n')
  .filter((tag) => /^v\d+\.\d+\.\d+$/.test(tag))
for (const release of releases) {
  const structs = structsOf(release)
  structs.set('TaskScaling', new Map([...(structs.get('ScalingPolicy') ?? []), ['', { type: 'name', kind: 'label' }]]))
  const seen = new Set<string>()
  const read = (name: string): void => {
    const fields = structs.get(name)
    if (!fields || seen.has(name)) return
    seen.add(name)
    const kind: Kind = kinds.get(name) ?? { args: new Map(), blocks: new Map(), required: new Map() }
    kinds.set(name, kind)
    for (const [tag, field] of [...fields, ...Object.entries(more[name] ?? {})]) {
      if (tag === '') kind.label = field.type
      else if (field.kind === 'block') {
        const made = blockOf(field.type)
        kind.blocks.set(tag, made)
        read(made.of)
      } else {
        kind.args.set(tag, typeOf(field.type))
        // A pointer that nothing is written for stays nil: the decoder (gohcl) requires values only.
        const wanted = field.kind === '' && !field.type.startsWith('*')
        kind.required.set(tag, wanted && kind.required.get(tag) !== false)
      }
    }
    for (const tag of kind.required.keys()) if (!fields.has(tag)) kind.required.set(tag, false)
    for (const tag of either[name] ?? []) kind.args.set(tag, typeOf(map.type))
  }
  read('Job')
}

const sorted = <T>(entries: Iterable<readonly [string, T]>) => [...entries].toSorted(([a], [b]) => (a < b ? -1 : 1))
/** `number static to; many port:Port`: what it is, then the names. */
function line(kind: Kind): string {
  const parts = new Map<string, string[]>()
  const add = (part: string, name: string) => parts.set(part, [...(parts.get(part) ?? []), name])
  if (kind.label !== undefined) add('label', kind.label)
  for (const [tag, yes] of sorted(kind.required)) if (yes) add('required', tag)
  for (const [tag, type] of sorted(kind.args)) add(type, tag)
  for (const [tag, { as, of }] of sorted(kind.blocks)) add(as, of === '' ? tag : `${tag}:${of}`)
  return [...parts].map(([part, names]) => `${part} ${names.join(' ')}`.trimEnd()).join('; ')
}
process.stdout
  .write(`/** Blocks and arguments of a job: all that releases of Nomad from ${releases[0]} to ${releases.at(-1)} take. Printed by scripts/job-schema.ts. */
export const kinds: Readonly<Record<string, string>> = {
${sorted(kinds)
  .map(([name, kind]) => `  ${name}: '${line(kind)}',`)
  .join('\n')}
}
`)
