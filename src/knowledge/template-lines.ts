import { envError } from './templates.ts'

const control = /^(?:range|end|if|else|with)\b|^\$\w+\s*:?=|^\/\*/
/** What Nomad itself fills in: it has no line break. */
const plain =
  /^(?:\.(?:Address|Port|ID|Name|Node|NodeAddress)|env "NOMAD_\w+")(?:\s*\|\s*(?:toUpper|toLower|replaceAll "[^"\\]*" "[^"\\]*"))*$/
/** Names of Nomad services have letters, digits and dashes. */
const named = /^\.Name\b.*\| replaceAll "-" "_"/

/** Whatever the actions give, each line reads NAME=value: only where every action is one whose values are known to fit. */
export function settlesLines(data: string): boolean {
  if (envError(data) || !data.includes('nomadService')) return false
  return [...data.matchAll(/\{\{-?\s*([\s\S]*?)\s*-?\}\}/g)].every(({ 1: action = '', index }) => {
    if (control.test(action)) return true
    const before = data.slice(data.lastIndexOf('\n', index) + 1, index)
    return plain.test(action) && (before.includes('=') || named.test(action))
  })
}
