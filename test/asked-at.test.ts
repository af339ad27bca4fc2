import { expect, test } from 'vitest'
import { askedAt } from '../src/knowledge/edit-lookup.ts'
import { task } from '../src/knowledge/samples.ts'

test('a lookup is where its call stands, not where the name is first said', () => {
  const data = '# traefik.enable\n{{ range service "traefik" }}{{ end }}'
  const template = { destination: 'local/a', data, source: '', env: false, changeMode: 'restart' }
  const asking = task({ templates: [template] })
  expect(askedAt(asking, 'traefik', 'service')).toEqual([template, 'data', 'service "traefik"'])
  expect(askedAt(asking, 'traefik', 'nomadService')).toBeUndefined()
})
