import { expect, test } from 'vitest'
import { lineText } from '../../src/components/line.ts'
import { faultById } from '../../src/knowledge/faults/index.ts'
import { evidenceLines } from '../../src/screens/blocks.ts'
import { faultLines } from '../../src/screens/fault.tsx'

test('no label of a section runs into its text', () => {
  for (const fault of faultById.values())
    for (const one of faultLines(fault, 96)) {
      const [label, gap] = [one[0]?.text ?? '', one[1]?.text ?? '']
      if (one[0]?.token === 'faint' && one.length > 2 && label !== '') expect(label + gap, fault.id).toMatch(/^\S.* $/)
    }
})

test('evidence has its time, however narrow, and a reply that stands twice is named once', () => {
  const at = '2026-01-01T04:13:07.000Z'
  const request = 'ss -H -ltnpe in the namespace of allocation 5f3a91c2'
  const one = { request, at, ask: 'a', excerpt: 'LISTEN' }
  const lines = evidenceLines([one, { ...one, excerpt: 'more' }, { ...one, ask: 'b' }], 40).map(lineText)
  expect(lines.join('\n')).toBe(
    [
      '[1] ss -H -ltnpe in the namespace of',
      '    allocation 5f3a91c2  04:13:07',
      '    LISTEN',
      '[2] in the same reply as [1]',
      '    more',
      '[3] ss -H -ltnpe in the namespace of',
      '    allocation 5f3a91c2  04:13:07',
      '    LISTEN',
    ].join('\n'),
  )
})
