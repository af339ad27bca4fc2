/** Templates of job files, which something else makes a job file of. Pure. */
import type { SyntaxProblem } from './ast.ts'

const words = 'if|else|end|range|with|template|define|var|env|key|include|fileContents|consulKey'
/** What begins an action of each, where HCL has no use for it. Source: nomad-pack's and levant's `[[ ]]`, Jinja's `{% %}`. */
const makers = [
  { mark: new RegExp(`\\[\\[-?\\s*(?:/\\*|[.$]|(?:${words})\\b)`), by: 'nomad-pack or levant' },
  { mark: /\{%-?\s*\w/, by: 'Jinja (Ansible, Salt)' },
  { mark: /(?<==\s*)\{\{/, by: 'Jinja (Ansible, Salt) or consul-template' },
]

/** The one thing to say of such a text, in place of what HCL has against its first line. */
export function unrendered(problems: readonly SyntaxProblem[], text: string): SyntaxProblem | undefined {
  const lines = text.split(/\r?\n/)
  for (const { line } of problems)
    for (const { mark, by } of makers) {
      const found = mark.exec(lines[line - 1] ?? '')
      if (found)
        return {
          line,
          column: found.index + 1,
          summary: 'A template, not a job file',
          detail: `It looks like one of ${by}: render it first, and give the job file that comes out.`,
        }
    }
  return undefined
}
