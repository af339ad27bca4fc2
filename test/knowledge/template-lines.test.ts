import { expect, test } from 'vitest'
import { settlesLines } from '../../src/knowledge/template-lines.ts'

const over = (line: string) => `{{ range nomadService "db" }}\n${line}\n{{ end }}\n`

test.each([
  ['DB={{ .Address }}:{{ .Port }}', true],
  ['{{ .Name | toUpper | replaceAll "-" "_" }}_ADDR={{ .Address }}', true],
  ['SELF={{ env "NOMAD_ALLOC_ID" }}', true],
  // A name of a service may have dashes, a variable and a tag may have anything.
  ['{{ .Name | toUpper }}_ADDR={{ .Address }}', false],
  ['SECRET={{ env "SECRET" }}', false],
  ['TAGS={{ .Tags | join "," }}', false],
  ['DB-ADDR={{ .Address }}', false],
])('%s: settled %s', (line, settled) => {
  expect(settlesLines(over(line))).toBe(settled)
})

test('values of a key-value store may break the line', () => {
  expect(settlesLines('A={{ key "a" }}\n')).toBe(false)
})
