/** `none`: the client has no consul.* attributes; `silent`: it has, and nobody answers there now; `refused`: the template says so. */
export interface TemplateConsul {
  readonly task: string
  readonly on: readonly string[]
  readonly why: 'none' | 'refused' | 'silent'
}
