/** Where the value of an attribute is written: there, or where the variable or the local value that it names has its own. */
import type { Node } from './tree-node.ts'
import { attributeOf, typeOf, Unwritable, valueOf, type Page } from './edit-page.ts'
import { named } from './tree-node.ts'

export interface Home {
  readonly attribute: Node
  /** `var.port`, and what that names itself; none when the value is written there. */
  readonly names: readonly string[]
  /** In how many more places of the file one of the names is used. */
  readonly elsewhere: number
}
/** What is given for variables from outside, by their names: `--var`, `--var-file prod.hcl`. */
export type GivenBy = ReadonlyMap<string, string>

const only = /^(?:"\$\{\s*)?(var|local)\.([A-Za-z_][\w-]*)(?:\s*\}")?$/

export function homeOf(page: Page, attribute: Node, given: GivenBy): Home {
  const names: string[] = []
  let elsewhere = 0
  let at = attribute
  for (;;) {
    const [, root, name] = only.exec(valueOf(at).text) ?? []
    if (root === undefined || name === undefined || names.includes(`${root}.${name}`)) break
    const by = root === 'var' ? given.get(name) : undefined
    if (by !== undefined) throw new Unwritable(`the value of var.${name} is given by ${by}: change it there`)
    const next = declared(page, root, name)
    if (!next) break
    names.push(`${root}.${name}`)
    elsewhere += usesOf(page, root, name) - 1
    at = next
  }
  return { attribute: at, names, elsewhere }
}

/** The same for a piece of a text: each variable or local value in it that may hold the piece. */
export function homesIn(page: Page, attribute: Node, given: GivenBy): readonly Home[] {
  const found = new Map<string, readonly [root: string, name: string]>()
  for (const { root, name } of uses(valueOf(attribute)))
    if (name !== undefined) found.set(`${root}.${name}`, [root, name])
  return [...found].flatMap(([whole, [root, name]]) => {
    const next = declared(page, root, name)
    const by = root === 'var' ? given.get(name) : undefined
    if (by !== undefined || !next) return []
    const home = homeOf(page, next, given)
    const names = [whole, ...home.names]
    return [{ attribute: home.attribute, names, elsewhere: usesOf(page, root, name) - 1 + home.elsewhere }]
  })
}

/** How it is said that another place than the attribute itself is edited. */
export function saidOf({ names, elsewhere }: Home): string | undefined {
  const [root, name] = names.at(-1)?.split('.') ?? []
  if (name === undefined) return undefined
  const what = root === 'var' ? `the default of variable ${name}` : `local.${name}`
  return `It changes ${what}${elsewhere > 0 ? `, which is used in ${elsewhere + 1} places` : ''}`
}
/** `var.port`, `local.name`: what an attribute loses when its value is written out. */
export const namesIn = (attribute: Node): readonly string[] => [
  ...new Set(uses(valueOf(attribute)).map(({ root, name }) => (name === undefined ? root : `${root}.${name}`))),
]

/** Where a variable has its default, or a local value stands; undefined when it has none. */
function declared({ root }: Page, kind: string, name: string): Node | undefined {
  const body = root.type === 'body' ? root : named(root).find(({ type }) => type === 'body')
  for (const block of body ? named(body) : []) {
    const type = typeOf(block)
    const found =
      type === (kind === 'var' ? 'variables' : 'locals')
        ? attributeOf(block, name)
        : kind === 'var' && type === 'variable' && labelOf(block) === name
          ? attributeOf(block, 'default')
          : undefined
    if (found) return found
  }
  return undefined
}

const labelOf = (block: Node): string => named(block)[1]?.text.replaceAll('"', '') ?? ''

interface Use {
  readonly root: string
  /** Undefined where it is not one member that is meant. */
  readonly name: string | undefined
  readonly node: Node
}
function uses(within: Node): readonly Use[] {
  return within.descendantsOfType('variable_expr').flatMap((node) => {
    if (node?.text !== 'var' && node?.text !== 'local') return []
    const [, name] = /^(?:\.|\[")([\w-]+)/.exec(node.nextNamedSibling?.text ?? '') ?? []
    return [{ root: node.text, name, node }]
  })
}

/** A rule of the variable itself is no use of it. */
const usesOf = ({ root }: Page, kind: string, name: string): number =>
  uses(root).filter((use) => use.root === kind && (use.name ?? name) === name && !isRule(use.node)).length

function isRule(node: Node): boolean {
  for (let at: Node | null = node; at; at = at.parent) if (typeOf(at) === 'validation') return true
  return false
}
