/** docs/keys.md: every key, from the same tables that answer it. */
import { keyName } from '../../src/components/keys.ts'
import { keyTables } from '../../src/screens/help.tsx'
import { screens } from '../../src/screens/index.ts'
import type { Key } from '../../src/screens/screen.ts'
import { page, prose, table } from './markdown.ts'
import type { Page } from './page.ts'

export function keysPage(): Page {
  return {
    file: 'keys.md',
    text: page(
      'Keys',
      'The first key that fits wins: those of the screen, then moving, then everywhere. The bottom line of the program shows the most used of those that work now; `?` shows all of them. A key that is not available says why.',
      ...keyTables(screens).map(
        ({ title, about, keys }) =>
          `## ${title}\n\n${prose(about)}\n\n${table(['Keys', 'What it does'], keys.map(row))}`,
      ),
    ),
  }
}

const row = (key: Key): string[] => [presses(key), prose(key.does)]

const presses = ({ press }: Key): string =>
  press.includes('9')
    ? '<kbd>1</kbd> to <kbd>9</kbd>'
    : press.map((name) => `<kbd>${prose(keyName(name))}</kbd>`).join(' ')
