/** One generated document: its place below docs/, and its whole text. */
export interface Page {
  readonly file: string
  readonly text: string
}
