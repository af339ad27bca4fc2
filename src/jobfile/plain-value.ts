/** Values that HCL is sure to accept, with operators between their terms, all on one line. */
import { after, around, node, sign, sticky, type Read, type Scan } from './plain-scan.ts'
import { term } from './plain-term.ts'
import type { Sketch } from './sketch.ts'

const operator = sticky('[ \\t]*(\\|\\||&&|==|!=|<=|>=|<(?!<)|[>+*%-]|/(?![/*]))[ \\t]*')
const question = sticky('[ \\t]*\\?[ \\t]*')
const colon = sticky('[ \\t]*:[ \\t]*')

/** What binds closer comes first. */
const ranks = ['* / %', '+ -', '> >= < <=', '== !=', '&&', '||'].map((all) => all.split(' '))
const rank = (one: string): number => ranks.findIndex((all) => all.includes(one))

/** Each operator is a level of the tree. */
const most = 100

/** Terms have no node of their own, so that what has one around them holds all their parts. */
type Terms = readonly Sketch[]

/** The grammar takes a condition with its results for the condition of the next one. */
export function value(scan: Scan, from: number, depth: number): Read {
  const { text } = scan
  let found = operated(scan, from, depth)
  for (let level = depth + 1; found; level++) {
    const then = after(question, text, found.end)
    if (then === undefined) return found
    const yes = value(scan, then, level)
    const otherwise = yes && after(colon, text, yes.end)
    const no = otherwise === undefined ? undefined : operated(scan, otherwise, level)
    if (!yes || !no) return undefined
    const [asks, tells] = [sign('?', text.indexOf('?', found.end)), sign(':', text.indexOf(':', yes.end))]
    found = around('expression', [around('conditional', [found, asks, yes, tells, no])])
  }
  return undefined
}

function operated(scan: Scan, from: number, depth: number): Read {
  const parts = operation(scan, from, depth)
  return parts && around('expression', parts)
}

function operation(scan: Scan, from: number, depth: number): Terms | undefined {
  const first = term(scan, from, depth)
  if (!first) return undefined
  const terms: Terms[] = [first]
  const open: Sketch[] = []
  const join = () => {
    const [right, left, of] = [terms.pop(), terms.pop(), open.pop()]
    if (left && right && of) terms.push([around('operation', [around('binary_operation', [...left, of, ...right])])])
  }
  for (let count = 0; ; count++) {
    const end = terms.at(-1)?.at(-1)?.end ?? from
    operator.lastIndex = end
    const found = operator.exec(scan.text)
    if (!found) break
    const [, said = ''] = found
    const next = term(scan, operator.lastIndex, depth)
    if (!next) return undefined
    if (count > most) scan.alike = false
    for (let last = open.at(-1); last && rank(last.type) <= rank(said); last = open.at(-1)) join()
    const at = end + found[0].indexOf(said)
    open.push(node(said, at, at + said.length))
    terms.push(next)
  }
  while (open.length > 0) join()
  return terms[0]
}
