/** The parsers are loaded only when there is a file to edit. */
export const reader = async () => (await import('./lint-fix.ts')).submitted
