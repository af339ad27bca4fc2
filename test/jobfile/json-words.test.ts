import { expect, test } from 'vitest'
import { inJson } from '../../src/jobfile/json-words.ts'

test.each([
  [
    'Write mode = "bridge" in the network block of the group',
    'Write "Mode": "bridge" in the object of Networks of the group',
  ],
  ['Or add a network block', 'Or add an object of Networks'],
  ['Set port = "http" in service "web"', 'Set "PortLabel": "http" in service "web"'],
  ['Delete network_mode from task t', 'Delete network_mode from task t'],
  ['Write network_mode = "bridge"', 'Write network_mode = "bridge"'],
])('%s', (sentence, told) => {
  expect(inJson(sentence)).toBe(told)
})
