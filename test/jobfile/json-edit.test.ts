import { expect, test } from 'vitest'
import { editJson } from '../../src/jobfile/json-edit.ts'
import type { TextChange } from '../../src/jobfile/change.ts'

const text = `{
    "Job": {
        "ID": "a",
        "TaskGroups": [
            {
                "Name": "g",
                "Services": [ {"Name": "one", "PortLabel": "htpp"}, {"Name": "two"} ],
                "Tasks": [ { "Name": "t", "Config": { "image": "x", "args": ["-l", ":80"] } } ]
            }
        ]
    }
}
`
const at = (piece: string, from = 0) => {
  const offset = text.indexOf(piece, from)
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
const edited = (...changes: readonly TextChange[]) => {
  const found = editJson(text, changes)
  if (typeof found === 'string') return found
  expect(() => JSON.parse(found.text) as unknown).not.toThrow()
  const old = text.split('\n')
  return found.text
    .split('\n')
    .filter((line) => !old.includes(line))
    .join('\n')
}

test('a value is replaced in its place, and nothing else', () => {
  expect(edited({ do: 'set', attr: { name: 'port', at: at('"PortLabel"') }, to: 'http' })).toBe(
    '                "Services": [ {"Name": "one", "PortLabel": "http"}, {"Name": "two"} ],',
  )
})

test('a new attribute has the name the API gives it, in a driver its own', () => {
  expect(edited({ do: 'set', attr: { name: 'port', block: at('{"Name": "two"}') }, to: 'http' })).toContain(
    '"PortLabel": "http"',
  )
  expect(edited({ do: 'set', attr: { name: 'address_mode', block: at('{"Name": "two"}') }, to: 'host' })).toContain(
    '"AddressMode": "host"',
  )
  const config = at('{ "image"')
  expect(edited({ do: 'include', attr: { name: 'ports', block: config }, item: 'http' })).toMatch(
    /"ports": \[\s*"http"\s*\]/,
  )
})

test('lists gain and lose items, texts lose words, blocks go', () => {
  expect(edited({ do: 'include', attr: { name: 'args', at: at('"args"') }, item: '-v' })).toContain('-v')
  expect(edited({ do: 'exclude', attr: { name: 'args', at: at('"args"') }, item: '-l' })).not.toContain('-l')
  expect(edited({ do: 'reword', attr: { name: 'image', at: at('"image"') }, from: 'x', to: 'y' })).toContain(
    '"image": "y"',
  )
  const first = { do: 'remove', block: at('{"Name": "one"') } as const
  const second = { do: 'set', attr: { name: 'port', block: at('{"Name": "two"}') }, to: 'http' } as const
  expect(edited(first, second)).toMatch(/"two",\s*"PortLabel": "http"/)
  expect(edited(first)).not.toContain('one')
})

test('what cannot be made is refused with the reason', () => {
  expect(edited({ do: 'move', block: at('{"Name": "two"}'), into: at('{"Name": "one"') })).toContain('by hand')
  expect(edited({ do: 'unset', attr: { name: 'port', at: { line: 1, column: 7 } } })).toContain('not known')
})
