import { escapeControls } from './clean.ts'

/** JSON as it is printed: what acts on a terminal or hides there is spelled as an escape, which every parser reads back. */
export const jsonText = (value: unknown, indent?: number): string => escapeControls(JSON.stringify(value, null, indent))
