/** Changes of a job file, as data. How a block (`B`) and an attribute (`F`) are named is left open: by position, or by what was read from them. */

/** Texts keep what Nomad fills in (`${attr.…}`); lists hold texts. */
export type Written = string | number | boolean | readonly string[]

export interface NewBlock {
  readonly type: string
  readonly labels?: readonly string[]
  readonly attrs?: readonly (readonly [name: string, value: Written])[]
  readonly blocks?: readonly NewBlock[]
  /** There can be only one: none is added beside another. */
  readonly once?: true
  /** An attribute that is a text of several lines. */
  readonly heredoc?: readonly [name: string, lines: readonly string[]]
}

export type Change<B, F> =
  /** The attribute has this value, whether it was there or not. */
  | { readonly do: 'set'; readonly attr: F; readonly to: Written }
  | { readonly do: 'unset'; readonly attr: F }
  /** A piece of the attribute's text, wherever it stands there as a word of its own: right behind another piece, if one is given. */
  | { readonly do: 'reword'; readonly attr: F; readonly from: string; readonly to: string; readonly behind?: string }
  /** The list holds the text, or no longer does. */
  | { readonly do: 'include' | 'exclude'; readonly attr: F; readonly item: string }
  | { readonly do: 'label'; readonly block: B; readonly to: string }
  | { readonly do: 'remove'; readonly block: B }
  /** A new block within one, beside those of its type, else before the first one of type `before`, else at the end. */
  | { readonly do: 'add'; readonly block: B; readonly what: NewBlock; readonly before?: string }
  | { readonly do: 'move'; readonly block: B; readonly into: B; readonly before?: string }
  /** What stands in a block goes to the end of another one, and the emptied block goes. */
  | { readonly do: 'merge'; readonly block: B; readonly into: B }

/** Line and column count from 1, columns in UTF-16 units: the start of a block's header or of an attribute. */
export interface Position {
  readonly line: number
  readonly column: number
}
/** A block by the start of its header, or as the n-th of its type within another one. */
export type Spot = Position | { readonly within: Spot; readonly type: string; readonly nth: number }
/** An attribute by its name in a block; by its own start where that is known. */
export interface Field {
  readonly name: string
  readonly block?: Spot
  readonly at?: Position
}
export type TextChange = Change<Spot, Field>
export type Reword = Extract<TextChange, { do: 'reword' }>
