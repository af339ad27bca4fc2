/** What stands around the job in its file. Source: nomad/jobspec2/types.config.go and types.variables.go. */
import type { Body, BlockSyntax } from './ast.ts'
import { at, unexpectedArgument, unexpectedBlock, type Refusal } from './schema-words.ts'

const beside = ['job', 'locals', 'variable', 'variables']
const ofVariable = ['default', 'description', 'type']

export const outsideOf = ({ attributes, blocks }: Body): readonly Refusal[] => [
  ...attributes.map(({ name, span }) => unexpectedArgument(name, span, [], beside)),
  ...blocks
    .filter(({ type }) => !beside.includes(type))
    .map(({ type, span }) => unexpectedBlock(type, span, [], beside)),
  ...blocks.flatMap(inside),
]

/** A file holds one job, and each variable once. */
export function onlyOne({ blocks }: Body): readonly Refusal[] {
  const [first, ...more] = blocks.filter(({ type }) => type === 'job')
  const jobs = more.map(({ span }) => {
    const detail = `Only one job block is allowed. Another was defined in line ${first?.span.line}.`
    return at(span, 'Duplicate job block', detail)
  })
  const seen = new Set<string>()
  const variables = blocks.flatMap(({ type, labels: [name = ''], span }) => {
    if (type !== 'variable') return []
    const twice = seen.has(name)
    seen.add(name)
    return twice ? [at(span, 'Duplicate variable', `Duplicate ${name} variable definition found.`)] : []
  })
  return [...jobs, ...variables]
}

function inside({ type, labels, span, body }: BlockSyntax): readonly Refusal[] {
  if (type === 'locals' || type === 'variables')
    return body.blocks.map((one) => at(one.span, `Unexpected "${one.type}" block`, 'Blocks are not allowed here.'))
  if (type !== 'variable') return []
  const label =
    labels.length === 0 ? [at(span, 'Missing name for variable', 'All variable blocks must have 1 labels (name).')] : []
  const args = body.attributes.filter(({ name }) => !ofVariable.includes(name))
  const others = body.blocks.filter((one) => one.type !== 'validation')
  return [
    ...label,
    ...args.map((one) => unexpectedArgument(one.name, one.span, ofVariable, ['validation'])),
    ...others.map((one) => unexpectedBlock(one.type, one.span, ofVariable, ['validation'])),
  ]
}
