import { expect, test } from 'vitest'
import { job as jobShape, type Shape } from '../../src/jobfile/api-shape.ts'
import { kinds } from '../../src/jobfile/schema-data.ts'
import { file } from './parsed.ts'

const said = async (text: string) =>
  (await file(text)).refused.map(({ line, column, summary, detail }) => `${line}:${column}: ${summary}; ${detail}`)

const inGroup = (text: string) => `job "j" {\n  group "g" {\n${text}\n  }\n}\n`

// What `nomad job run -output` of Nomad 2.0.6 says of the same texts; it names the place of a label, not of its block.
test.each([
  ['    netwrok {\n    }', '3:5: Unsupported block type; Blocks of type "netwrok" are not expected here.'],
  [
    '    network = {}',
    '3:5: Unsupported argument; An argument named "network" is not expected here. Did you mean to define a block of type "network"?',
  ],
  [
    '    network {\n      modee = "bridge"\n    }',
    '4:7: Unsupported argument; An argument named "modee" is not expected here.',
  ],
  [
    '    network {\n      mode "x" {\n      }\n    }',
    '4:7: Unsupported block type; Blocks of type "mode" are not expected here. Did you mean to define argument "mode"? If so, use the equals sign to assign it a value.',
  ],
  [
    '    network {\n      port {\n      }\n    }',
    '4:7: Missing label for port; All port blocks must have 1 labels (label).',
  ],
  ['    restart "x" {\n    }', '3:5: Extraneous label for restart; No labels are expected for restart blocks.'],
  [
    '    restart {\n    }\n    restart {\n    }',
    '5:5: Duplicate restart block; Only one restart block is allowed. Another was defined in line 3.',
  ],
  ['    count = "three"', '3:13: Unsuitable value type; Unsuitable value: a number is required'],
  ['    count = 1.5', '3:13: Unsuitable value type; Unsuitable value: value must be a whole number'],
  [
    '    service {\n      tags = "a"\n    }',
    '4:14: Unsuitable value type; Unsuitable value: list of string required, but have string',
  ],
  ['    count = var.nope', '3:13: Cannot be evaluated; var.nope is not declared in this file.'],
  [
    '    shutdown_delay = "10 s"',
    '3:22: Unsuitable value type; Unsuitable duration value: time: invalid duration "10 s"',
  ],
  [
    '    dynamic "netwrok" {\n      for_each = [1, 2]\n      content {\n      }\n    }',
    '3:5: Unsupported block type; Blocks of type "netwrok" are not expected here.',
  ],
  [
    '    dynamic "service" {\n      for_each = nosuch([1])\n      content {\n      }\n    }',
    '4:18: Cannot be evaluated; Call to unknown function: there is no function named "nosuch".',
  ],
  [
    '    network {\n      dynamic "port" {\n        for_each = ["a"]\n        labels = [nosuch(port.value)]\n        content {\n        }\n      }\n    }',
    '6:19: Cannot be evaluated; Call to unknown function: there is no function named "nosuch".',
  ],
])('%s', async (text, words) => {
  expect(await said(inGroup(text))).toEqual([words])
})

test('what may hold anything does, and what a release knew is taken', async () => {
  const text = inGroup(`
    meta = { "a.b" = 1 }
    task "t" {
      driver = "docker"
      env = { A = "b" }
      config {
        anything "labelled" {
          deep { deeper = [1] }
        }
      }
      resources {
        iops    = 3
        network { mbits = 10 }
      }
      vault {
        policies = ["p"]
      }
      scaling "cpu" {
        max = 3
        policy {
          check "x" { strategy "y" {} }
        }
      }
    }
    stop_after_client_disconnect = "1h"`)
  expect(await said(text)).toEqual([])
})

test('what Nomad fills in need not be written, what it cannot fill in must be', async () => {
  const task = (text: string) => inGroup(`    task "t" {\n      driver = "docker"\n${text}\n    }`)
  const script = 'template {\n change_mode = "script"\n change_script {\n command = "/bin/true"\n }\n}'
  expect(await said(task(script))).toEqual([])
  expect(await said(task('template {\n wait {\n min = "5s"\n }\n}'))).toEqual([])
  expect(await said(task('      action "a" {\n      }'))).toEqual([
    '5:7: Missing required argument; The argument "command" is required, but no definition was found.',
  ])
})

test('a file holds jobs, variables and locals, and these hold no blocks', async () => {
  const text = 'vars {\n}\nlocals {\n  a {\n  }\n}\nvariable "v" {\n  defalt = 1\n}\njob "j" {\n}\n'
  expect(await said(text)).toEqual([
    '1:1: Unsupported block type; Blocks of type "vars" are not expected here.',
    '4:3: Unexpected "a" block; Blocks are not allowed here.',
    '8:3: Unsupported argument; An argument named "defalt" is not expected here.',
  ])
})

test('in JSON a property that is neither is refused, a comment is not', async () => {
  const group = { '//': 'why', netwrok: {}, task: { t: { driver: 'x', csi_plugin: { id: 'a' } } } }
  expect(await said(JSON.stringify({ job: { j: { group: { g: group } } } }))).toEqual([
    '1:39: Extraneous JSON object property; No argument or block type is named "netwrok".',
  ])
})

test('every block that is read is one that a job may have', () => {
  // Read alike in a job, a group and a task, though not each of these may have all of them.
  const rules = ['restart', 'consul', 'spread', 'reschedule', 'update', 'migrate']
  const wrong = (shape: Shape, kind: string): readonly string[] =>
    Object.entries(shape.blocks ?? {}).flatMap(([name, inner]) => {
      if (rules.includes(name)) return []
      const [, of] = new RegExp(`\\b(?:one|many)\\b[^;]*?\\b${name}:(\\w+)`).exec(kinds[kind] ?? '') ?? []
      if (inner.as === 'one' || inner.as === 'many')
        return of === undefined ? [`${kind}.${name}`] : wrong(inner.shape ?? {}, of)
      return new RegExp(`\\b(?:free|map)\\b[^;]*\\b${name}\\b`).test(kinds[kind] ?? '') ? [] : [`${kind}.${name}`]
    })
  expect(wrong(jobShape, 'Job')).toEqual([])
})
