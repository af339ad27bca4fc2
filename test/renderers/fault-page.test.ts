import { expect, test } from 'vitest'
import { lineText } from '../../src/components/line.ts'
import { faultList } from '../../src/knowledge/faults/index.ts'
import { shownOf } from '../../src/knowledge/shown.ts'
import { placesOf } from '../../src/knowledge/tree/places.ts'
import { versionsText } from '../../src/knowledge/version.ts'
import { faultPage } from '../../src/renderers/fault-page.ts'
import { plainStyle } from '../../src/renderers/style.ts'
import { faultLines } from '../../src/screens/fault.tsx'
import { program } from '../cli/program.ts'

const flat = (text: string) => text.replaceAll(/\s+/g, ' ')

test('the page of each fault has its fix, its versions and its place in the guidance, as text and on the screen', () => {
  for (const fault of faultList) {
    const shown = shownOf(fault)
    const page = flat(faultPage(fault, { ...plainStyle, width: 1000 }))
    const screen = flat(faultLines(fault, 1000).map(lineText).join('\n'))
    for (const text of [page, screen]) {
      for (const step of shown?.fix ?? []) expect(text.toLowerCase()).toContain(flat(step.do).toLowerCase())
      for (const { question } of placesOf(fault.id)) expect(text).toContain(flat(question.ask))
      expect(text).toContain(fault.versions ? versionsText(fault.versions) : 'any Nomad')
    }
  }
  expect(faultList.every((fault) => shownOf(fault) !== undefined)).toBe(true)
})

test('the built program, which has no examples, shows the same fixes', async () => {
  const { stdout } = await program(['faults', 'wrong-to-port', '--format', 'json'])
  const wrong = faultList.find(({ id }) => id === 'wrong-to-port')
  const { example, fix } = (wrong && shownOf(wrong)) ?? {}
  expect(JSON.parse(stdout)).toMatchObject({ faults: [{ example, fix }] })
  const text = (await program(['faults', 'wrong-to-port'])).stdout
  expect(text).toMatch(/How to fix it\n {2}For example: .+\n {2}1\. Set to = 8080/)
})
