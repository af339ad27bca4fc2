/** What a namespace says of the network modes of its jobs; no word about enabled ones enables all. */
export interface NamespaceRule {
  readonly name: string
  readonly enabled: readonly string[]
  readonly disabled: readonly string[]
}
