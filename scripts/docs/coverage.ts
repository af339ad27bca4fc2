/** docs/coverage.md: which faults are proven by a recorded cluster. */
import { faultList, faultsByArea } from '../../src/knowledge/faults/index.ts'
import { catalogue } from '../catalogue.ts'
import { code, page, table } from './markdown.ts'
import type { Page } from './page.ts'
import { distinct, proofOf, recordedCases, type Recorded } from './recorded.ts'
import { notJudged } from './not-judged.ts'

export function coveragePage(): Page {
  const cases = recordedCases()
  const proofs = new Map(faultList.map(({ id, aliases = [] }) => [id, proofOf([id, ...aliases], cases)]))
  const proven = [...proofs.values()].filter(({ cause, beside }) => cause.length + beside.length > 0).length
  const names = new Set(faultList.flatMap(({ id, aliases = [] }) => [id, ...aliases]))
  const missing = catalogue.filter((id) => !names.has(id))
  const row = (id: string): string[] => {
    const proof = proofs.get(id)
    const { cause = [], beside = [], repaired = [] } = proof ?? {}
    return [`[${code(id)}](faults/${id}.md)`, links(cause, id), links(beside), links(repaired, id)]
  }
  return {
    file: 'coverage.md',
    text: page(
      'What is proven',
      `${proven} of ${faultList.length} faults are proven by a recorded cluster that really had them; ${faultList.length - proven} by their examples alone. Of the ${catalogue.length} faults in the catalogue, ${missing.length} are not judged, each for a reason given at the end.`,
      'Each recording is one real cluster: Nomad, docker, CNI plug-ins and kernel state, broken in one known way, and most of them recorded again after the repair. A test diagnoses all of them, and no other cause may be found than the one that was put there.',
      ...Object.entries(faultsByArea).map(
        ([area, own]) =>
          `## ${area}\n\n${table(
            ['Fault', 'Recorded as the cause', 'Recorded beside another cause', 'Repaired twin'],
            own.map(({ id }) => row(id)),
          )}`,
      ),
      '## Healthy clusters',
      'Nothing that breaks may be found here.',
      links(cases.filter(({ state }) => state === 'healthy')) || 'None recorded.',
      '## Seen with too few rights',
      'Undetermined is the honest answer here.',
      links(cases.filter(({ state }) => state === 'denied')) || 'None recorded.',
      '## Not judged',
      missing.length === 0
        ? 'Nothing of the catalogue is missing.'
        : table(
            ['Entry of the catalogue', 'Why no fault is made of it'],
            missing.map((id) => [code(id), notJudged[id] ?? '']),
          ),
    ),
  }
}

const links = (cases: readonly Recorded[], own = ''): string =>
  distinct(cases)
    .map(
      ({ id, folder }) =>
        `[${id === own ? 'recorded' : id === `${own}-repaired` ? 'repaired' : id}](../${folder}/case.json)`,
    )
    .join(', ')
