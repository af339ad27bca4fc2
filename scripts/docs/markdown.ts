/** Text as Markdown. What is written for a terminal (`<name>`, `|`, `*`) must not become markup. */

/** Prose: markup characters escaped, except inside of backticks. */
export const prose = (text: string): string =>
  text
    .split(/(`[^`]*`)/)
    .map((part) => (part.startsWith('`') && part.endsWith('`') && part.length > 1 ? part : escaped(part)))
    .join('')

const escaped = (text: string): string =>
  text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll(/([*[\]]|(?<!\w)_|_(?!\w))/g, '\\$1')

/** A cell of a table: one line, without bars. */
export const cell = (markdown: string): string => markdown.replaceAll('\n', ' ').replaceAll('|', '\\|')

export const code = (text: string): string => (text.includes('`') ? `\`\` ${text} \`\`` : `\`${text}\``)

export const block = (lines: readonly string[], language = 'text'): string => {
  const fence = '`'.repeat(
    Math.max(
      3,
      ...(lines
        .join('\n')
        .match(/`+/g)
        ?.map(({ length }) => length + 1) ?? []),
    ),
  )
  return [`${fence}${language}`, ...lines, fence].join('\n')
}

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((row) => `| ${row.map(cell).join(' | ')} |`).join('\n')

/** A link to a line of docs/facts.md, for a need or a fact. */
export const factLink = (need: string, toDocs = ''): string =>
  `[${code(need)}](${toDocs}facts.md#${need.replace(/^(source|target|every)\./, '')})`

export const indented = (text: string): string => text.replaceAll(/^(?=.)/gm, '   ')

export const bullets = (items: readonly string[]): string => items.map((item) => `- ${item}`).join('\n')

/** A page: its title, one empty line between the parts, nothing for a part that is empty. */
export const page = (title: string, ...parts: readonly (string | false)[]): string =>
  `${['<!-- Printed by `npm run docs`. Change the source instead. -->', `# ${prose(title)}`, ...parts.filter((part) => part !== false && part !== '')].join('\n\n')}\n`

export const section = (title: string, body: string): string => (body === '' ? '' : `## ${title}\n\n${body}`)

/** A kind of thing in a sentence. */
export const oneOf = (kind: string): string => (kind === 'alloc' ? 'an allocation' : `a ${kind}`)
export const each = (kind: string): string =>
  kind === 'alloc' ? 'each allocation' : kind === 'cluster' ? 'the cluster' : `each ${kind}`
