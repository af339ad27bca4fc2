import { prompt } from '../components/frame.tsx'
import { footerLine } from '../components/keys.ts'
import { blank, gap, paragraph, span, wrap, type Line } from '../components/line.ts'
import { commandLines, diffLines, heading, inset, section } from '../components/text.ts'
import type { Token } from '../theme.ts'
import { evidenceLines, fixLines } from './blocks.ts'
import { everywhere } from './keys.ts'
import type { At, Screen } from './screen.ts'
import { moodMark, moodToken, type Mood } from './steps.ts'
import { TextView } from './text-view.tsx'

const tokens: readonly Token[] = [
  'text',
  'faint',
  'heading',
  'accent',
  'good',
  'bad',
  'warn',
  'unknown',
  'added',
  'removed',
  'border',
]
const moods: readonly Mood[] = ['good', 'bad', 'unknown', 'now', 'risk']
const words =
  'A paragraph long enough to wrap, with an address 172.26.64.7:8080 that must not break, and wide 文字 in it.'

/** Every piece in every state on one page: for those who work on the looks. Reached with --screen gallery. */
function lines(at: At): readonly Line[] {
  const width = at.columns - 4
  const show = (label: string, body: readonly Line[]): Line[] => section(label, body, width)
  return [
    blank,
    ...inset([
      heading('Gallery'),
      blank,
      ...show(
        'Tokens',
        wrap(
          tokens.map((token) => span(`${token}  `, token)),
          width - 16,
        ),
      ),
      ...show('Marks', [
        moods.flatMap((mood): Line => [
          span(moodMark(mood, at.look.marks), moodToken[mood]),
          span(` ${mood}   `, 'faint'),
        ]),
      ]),
      ...show('Prompt', [
        prompt('/', '', false, 'nothing typed, not typing'),
        prompt('/', '', true, 'nothing typed, typing'),
        prompt('/', 'dns', false),
        prompt('/', 'dns', true),
      ]),
      ...show('Footer', [
        footerLine(
          everywhere.filter(({ quiet }) => !quiet),
          40,
        ),
        footerLine(everywhere, 30),
      ]),
      ...show('Paragraph', paragraph(words, 44)),
      ...show(
        'Evidence',
        evidenceLines(
          [
            {
              request: 'ss -H -ltnpe   on node c1',
              excerpt: 'LISTEN 0 9 127.0.0.1:8080',
              at: '2026-01-01T04:13:07Z',
              ask: '',
            },
          ],
          width - 16,
        ),
      ),
      ...show(
        'Fix',
        fixLines(
          [
            {
              do: 'Listen on all addresses',
              on: 'job file',
              diff: '@@ -31 +31 @@\n-  args = ["127.0.0.1:8080"]\n+  args = ["0.0.0.0:8080"]',
              run: ['nomad', 'job', 'plan', 'my shop.hcl'],
              risk: 'one allocation is replaced',
            },
          ],
          width - 16,
        ),
      ),
      ...show('Diff', diffLines('@@ -1 +1 @@\n same\n-old\n+new, and longer than the room there is', 40)),
      ...show('Command', commandLines(['nomad', 'job', 'run', '-var', 'region=far away', "it's.hcl"], 40)),
      ...show('Empty', [[gap(1)]]),
    ]),
  ]
}

export const gallery: Screen = {
  id: 'gallery',
  title: 'Gallery',
  about: 'Every piece in every state.',
  keys: [],
  lines,
  View: ({ at }) => <TextView at={at} lines={lines(at)} />,
}
