/** Values and blocks as a person would write them. */
import type { NewBlock, Written } from './change.ts'

/** Names that Nomad fills in when the job runs; any other `${` is text. */
const filledIn = /^\$\{\s*(?:(?:attr|meta|node|unique)\.|env\[|NOMAD_)/

export function quoted(text: string): string {
  const plain = text
    .replaceAll('\\', '\\\\')
    .replaceAll('"', String.raw`\"`)
    .replaceAll('\n', String.raw`\n`)
    .replaceAll('\r', String.raw`\r`)
    .replaceAll('\t', String.raw`\t`)
    .replaceAll('%{', '%%{')
  const dollars = plain.replaceAll(/\$\{/g, (mark, at: number) => (filledIn.test(plain.slice(at)) ? mark : `$${mark}`))
  return `"${dollars}"`
}

export function written(value: Written): string {
  if (typeof value === 'string') return quoted(value)
  return typeof value === 'object' ? `[${value.map(quoted).join(', ')}]` : String(value)
}

/** The lines of a block, its own header not indented. */
export function blockLines({ type, labels = [], attrs = [], blocks = [], heredoc }: NewBlock, unit: string): string[] {
  const head = [type, ...labels.map(quoted), '{'].join(' ')
  const names = [...attrs.map(([name]) => name), ...(heredoc ? [heredoc[0]] : [])]
  const width = Math.max(0, ...names.map((name) => name.length))
  const long = heredoc
    ? [`${heredoc[0].padEnd(width)} = <<-EOT`, ...heredoc[1].map((line) => `${unit}${line}`), 'EOT']
    : []
  const inner = [
    ...attrs.map(([name, value]) => `${name.padEnd(width)} = ${written(value)}`),
    ...long,
    ...blocks.flatMap((block, i) => [...(i > 0 || names.length > 0 ? [''] : []), ...blockLines(block, unit)]),
  ]
  if (inner.length === 0) return [`${head}}`]
  return [head, ...inner.map((line) => (line === '' ? '' : `${unit}${line}`)), '}']
}
