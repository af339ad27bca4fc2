/** docs/faults/README.md: the library, by area, by layer, by what people paste. */
import type { Fault } from '../../src/knowledge/fault.ts'
import { faultById, faultList, faultsByArea } from '../../src/knowledge/faults/index.ts'
import { root } from '../../src/knowledge/tree/index.ts'
import { bullets, code, page, prose, table } from './markdown.ts'
import type { Page } from './page.ts'
import { rungs } from '../../src/knowledge/tree/places.ts'

const layers = ['job', 'scheduler', 'node', 'bridge', 'port', 'name', 'mesh'] as const

const link = ({ id, title }: Fault): string => `[${prose(title)}](${id}.md)`
const byTitle = (a: Fault, b: Fault): number => (a.title < b.title ? -1 : 1)

export function faultIndex(): Page {
  return {
    file: 'faults/README.md',
    text: page(
      'The library of faults',
      `${faultList.length} faults. Each has a page with the mechanism, how to tell by hand, what it sounds like and how to fix it. In a terminal: \`nomad-netdoctor faults\`, with an id, with words or with a pasted error line.`,
      '[By area](#by-area) · [By layer](#by-layer) · [By symptom](#by-symptom) · [By error text](#by-error-text) · [In the decision tree](../tree/README.md) · [Which are proven](../coverage.md)',
      '## By area',
      ...Object.entries(faultsByArea).map(
        ([area, own]) => `### ${area}\n\n${table(['Id', 'What is wrong', 'Severity', 'Judged for'], own.map(row))}`,
      ),
      '## By layer',
      ...layers.map((layer) => `### Layer ${layer}\n\n${list(faultList.filter((fault) => fault.layer === layer))}`),
      '## By symptom',
      'Faults that the answer to the first question puts first; [the tree](../tree/README.md) shows the rest of the way.',
      ...Object.values(root.answers).map(
        ({ label, then }) =>
          `### ${prose(label)}\n\n${list(
            rungs(then).flatMap((id) => faultById.get(id) ?? []),
            false,
          )}`,
      ),
      '## By error text',
      'What varies is written `<so>`.',
      table(['Text', 'Fault'], heard()),
    ),
  }
}

const row = ({ id, title, severity, about }: Fault): string[] => [
  `[${code(id)}](${id}.md)`,
  prose(title),
  severity,
  about,
]

const list = (faults: readonly Fault[], sorted = true): string =>
  faults.length === 0 ? 'None yet.' : bullets((sorted ? faults.toSorted(byTitle) : faults).map(link))

const key = (text: string): string => text.toLowerCase().replaceAll(/^[^a-z]+/g, '')

function heard(): string[][] {
  const lines = faultList.flatMap((fault) => fault.heard.map((text) => ({ text, fault })))
  return lines
    .toSorted((a, b) => (key(a.text) === key(b.text) ? byTitle(a.fault, b.fault) : key(a.text) < key(b.text) ? -1 : 1))
    .map(({ text, fault }) => [code(text), link(fault)])
}
