import { expect, test } from 'vitest'
import { fixSteps } from '../../src/renderers/fix-steps.ts'
import { plainStyle } from '../../src/renderers/style.ts'

const shown = (end: string) => {
  const diff = ['@@ -1 +1 @@', '-to = 80', '+to = 8080', ''].join(end)
  return fixSteps([{ do: 'Set to = 8080', on: 'job file', risk: 'none', diff }], plainStyle).join('\n')
}

test('a diff whose line ends are not shown says so', () => {
  expect(shown('\n')).not.toMatch(/CR LF/)
  expect(shown('\r\n')).toMatch(/\+to = 8080\n.*CR LF.*--format json/)
  expect(shown('\r\n')).not.toMatch(/\r/)
})
