/** Where the files are that the templates of a task write, and which of them may be read (docs/decisions/017-secrets.md). */

/** Characters of such a file that are read. */
export const mostRendered = 1 << 16

interface Template {
  readonly data: string
  readonly destination: string
}

/** What may be read asks a catalogue for services, and neither Vault nor Nomad for a value. */
const asksCatalogue = /\{\{[^}]*\b(?:nomadService|nomadServices|service|services|connect)\b/
const asksValue = /\{\{[^}]*\b(?:secrets?|nomadVar\w*|pkiCert|key\w*|ls|safeLs|tree|safeTree|file)\b/

/** The path below the allocation's folder; null for what is in the folder of secrets, outside, or not to be read. */
export function renderedPath(task: string, { data, destination }: Template): string | null {
  if (!asksCatalogue.test(data) || asksValue.test(data)) return null
  const path = destination
    .replace(/^\$\{?NOMAD_TASK_DIR\}?/, 'local')
    .replace(/^\$\{?NOMAD_ALLOC_DIR\}?/, '../alloc')
    .replace(/^\/+/, '')
  const inAlloc = /^\.\.\/alloc\/(.+)$/.exec(path)?.[1]
  const whole = inAlloc === undefined ? `${task}/${path}` : `alloc/${inAlloc}`
  const parts = whole.split('/')
  const strange = parts.some((part) => part === '' || part === '.' || part === '..' || part.includes('$'))
  return strange || !/^(?:alloc|[^/]+\/local)\/./.test(whole) || parts.includes('secrets') ? null : whole
}
