/** `none`: the client has no consul.* attributes; `silent`: it has, and nobody answers there now; `refused`: the template says so. */
export interface TemplateConsul {
  readonly task: string
  readonly on: readonly string[]
  readonly why: 'none' | 'refused' | 'silent'
  /** Services among what it waits for that the native catalogue has in its namespace; absent where that is not known. */
  readonly native?: readonly string[]
}
