import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { editJson } from '../../src/jobfile/json-edit.ts'
import { put } from '../../src/jobfile/json-put.ts'
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
  expect(edited({ do: 'move', block: at('{"Name": "two"}'), into: at('{"Name": "one"') })).toContain('no place')
  expect(edited({ do: 'label', block: at('{"Name": "two"}'), to: 'x' })).toContain('by hand')
  expect(edited({ do: 'add', block: at('{"Name": "one"'), what: { type: 'network' } })).toContain('no place')
  expect(edited({ do: 'unset', attr: { name: 'port', at: { line: 1, column: 7 } } })).toContain('not known')
})

const group = { line: 5, column: 13 }
const task = at('{ "Name": "t"')

test('a block is added as the API has it, and nothing else changes its line', () => {
  const network = { type: 'network', attrs: [['mode', 'bridge']], once: true } as const
  expect(edited({ do: 'add', block: group, what: network })).toBe(
    [
      '                "Tasks": [ { "Name": "t", "Config": { "image": "x", "args": ["-l", ":80"] } } ],',
      '                "Networks": [',
      '                    {',
      '                        "Mode": "bridge"',
      '                    }',
      '                ]',
    ].join('\n'),
  )
  const attrs = [
    ['destination', 'local/a.env'],
    ['env', true],
  ] as const
  expect(edited({ do: 'add', block: task, what: { type: 'template', attrs, heredoc: ['data', ['A=1']] } })).toContain(
    '"Templates": [ { "DestPath": "local/a.env", "Envvars": true, "EmbeddedTmpl": "A=1\\n" } ]',
  )
  expect(edited({ do: 'add', block: task, what: { type: 'env', attrs: [['A', 'b']] } })).toContain(
    '"Env": { "A": "b" }',
  )
})

test('what may stand once is not added beside another one, whether added before or there', () => {
  const network = { type: 'network', attrs: [['mode', 'bridge']], once: true } as const
  const add = { do: 'add', block: group, what: network } as const
  expect(edited(add, add)).toContain('already')
})

test('a block moves to another list, and what comes after it is still found', () => {
  const source = `{"Job": {"ID": "a", "TaskGroups": [{"Name": "g", "Tasks": [{"Name": "t", "Services": [{"Name": "s"}, {"Name": "u"}]}]}]}}`
  const spot = (piece: string) => ({ line: 1, column: source.indexOf(piece) + 1 })
  const made = editJson(source, [
    { do: 'move', block: spot('{"Name": "s"}'), into: spot('{"Name": "g"') },
    { do: 'set', attr: { name: 'port', block: spot('{"Name": "u"}') }, to: 'http' },
  ])
  expect(typeof made === 'string' ? made : made.text).toBe(
    `{"Job": {"ID": "a", "TaskGroups": [{"Name": "g", "Tasks": [{"Name": "t", "Services": [{"Name": "u", "PortLabel": "http"}]}], "Services": [ { "Name": "s" } ]}]}}`,
  )
})

test('two blocks become one where they do not contradict each other', () => {
  const source = (mode: string) =>
    `{"Job": {"ID": "a", "TaskGroups": [{"Networks": [{"Mode": "${mode}", "DynamicPorts": [{"Label": "a"}]}, {"Mode": "bridge", "DynamicPorts": [{"Label": "b"}], "ReservedPorts": null}]}]}}`
  const merge = (mode: string) => {
    const spot = (piece: string) => ({ line: 1, column: source(mode).indexOf(piece) + 1 })
    const into = spot(`{"Mode": "${mode}"`)
    const made = editJson(source(mode), [
      { do: 'merge', block: { within: spot('{"Networks"'), type: 'network', nth: 1 }, into },
    ])
    return typeof made === 'string' ? made : made.text
  }
  expect(merge('')).toContain('[{"Mode": "bridge", "DynamicPorts": [{"Label": "a"}, { "Label": "b" }]}]')
  expect(merge('host')).toBe('the two blocks have different values of Mode')
})

test("HCL's own JSON spelling gets blocks by their names", () => {
  const source = '{\n  "job": {\n    "a": {\n      "group": { "g": { "count": 1 } }\n    }\n  }\n}\n'
  const made = editJson(source, [
    { do: 'add', block: { line: 4, column: 18 }, what: { type: 'network', attrs: [['mode', 'bridge']] } },
  ])
  expect(typeof made === 'string' ? made : made.text).toContain(
    '"group": { "g": { "count": 1, "network": [ { "mode": "bridge" } ] } }',
  )
})

test('any member can come and go, and the text is the same as before', () => {
  const value = fc.oneof(fc.integer(), fc.string(), fc.array(fc.string(), { maxLength: 3 }))
  const object = fc.dictionary(fc.string({ minLength: 1 }), value, { maxKeys: 4 })
  fc.assert(
    fc.property(object, fc.constantFrom(0, 1, 2, '\t'), value, (data, space, to) => {
      const name = `${Object.keys(data).join('')}x`
      const before = JSON.stringify({ data, list: [data] }, null, space)
      for (const path of [
        ['data', name],
        ['list', 1],
      ]) {
        const more = put(before, path, to)
        expect(JSON.parse(more)).toEqual(
          path[0] === 'data' ? { data: { ...data, [name]: to }, list: [data] } : { data, list: [data, to] },
        )
        expect(JSON.parse(put(more, path, undefined))).toEqual({ data, list: [data] })
      }
    }),
  )
})
