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

export function value(scan: Scan, from: number, depth: number): Read {
  const parts = operation(scan, from, depth)
  if (!parts) return undefined
  const test = around('expression', parts)
  const then = after(question, scan.text, test.end)
  if (then === undefined) return test
  const one = value(scan, then, depth + 1)
  const otherwise = one && after(colon, scan.text, one.end)
  const other = otherwise === undefined ? undefined : value(scan, otherwise, depth + 1)
  if (!one || !other) return undefined
  // The grammar takes what comes first for the condition of what comes next.
  if (other.inner?.[0]?.type === 'conditional') scan.alike = false
  const [asks, tells] = [sign('?', scan.text.indexOf('?', test.end)), sign(':', scan.text.indexOf(':', one.end))]
  return around('expression', [around('conditional', [test, asks, one, tells, other])])
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
