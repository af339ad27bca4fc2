import { beforeAll, expect, test } from 'vitest'
import type { Position, TextChange, Written } from '../../src/jobfile/change.ts'
import { editText } from '../../src/jobfile/edit.ts'
import type { ReadTree } from '../../src/jobfile/tree-node.ts'
import { reads } from './parsed.ts'

let read: ReadTree
beforeAll(async () => {
  read = await reads()
})

/** `where`: a piece of the header or attribute that is meant. */
const at = (text: string, where: string): Position => {
  const offset = text.indexOf(where)
  const before = text.slice(0, offset).split('\n')
  return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 }
}
function edit(text: string, change: (at: (where: string) => Position) => readonly TextChange[]): string {
  const made = editText(
    text,
    change((where) => at(text, where)),
    read,
  )
  return typeof made === 'string' ? `refused: ${made}` : made.text
}

test.each<
  [what: string, before: string, change: (at: (where: string) => Position) => readonly TextChange[], after: string]
>([
  [
    'a value is exchanged, and its comment stays',
    'a {\n  b   = 1 # one\n}\n',
    (of) => [{ do: 'set', attr: { name: 'b', block: of('a {') }, to: 'two' }],
    'a {\n  b   = "two" # one\n}\n',
  ],
  [
    'a new attribute comes after the first ones, in their column',
    'a {\n  name = "x" # y\n  port = 1\n\n  c {}\n}\n',
    (of) => [{ do: 'set', attr: { name: 'to', block: of('a {') }, to: 2 }],
    'a {\n  name = "x" # y\n  port = 1\n  to   = 2\n\n  c {}\n}\n',
  ],
  [
    'a block on one line is unfolded',
    'a {\n\tport "http" {}\n}\n',
    (of) => [{ do: 'set', attr: { name: 'to', block: of('port') }, to: 80 }],
    'a {\n\tport "http" {\n\t\tto = 80\n\t}\n}\n',
  ],
  [
    'a block on one line with an attribute is unfolded, too',
    'a {\n  port "http" { to = 80 }\n}\n',
    (of) => [{ do: 'set', attr: { name: 'static', block: of('port') }, to: 8080 }],
    'a {\n  port "http" {\n    to = 80\n    static = 8080\n  }\n}\n',
  ],
  [
    'an attribute goes with its line, its comment stays',
    'a {\n  b = 1\n  c = 2 # kept\n}\n',
    (of) => [
      { do: 'unset', attr: { name: 'b', block: of('a {') } },
      { do: 'unset', attr: { name: 'c', block: of('a {') } },
    ],
    'a {\n  # kept\n}\n',
  ],
  [
    'the last attribute leaves empty braces',
    'a {\n  port "http" {\n    to = 80\n  }\n}\n',
    (of) => [{ do: 'unset', attr: { name: 'to', at: of('to =') } }],
    'a {\n  port "http" {}\n}\n',
  ],
  [
    'a block goes with the empty line before it',
    'a {\n  b = 1\n\n  dns {\n    servers = []\n  }\n}\n',
    (of) => [{ do: 'remove', block: of('dns') }],
    'a {\n  b = 1\n}\n',
  ],
  [
    'words within a text, not parts of longer ones',
    'a {\n  data = <<-EOT\n    {{ service "db" }} nomadService service-x\n  EOT\n}\n',
    (of) => [{ do: 'reword', attr: { name: 'data', block: of('a {') }, from: 'service', to: 'nomadService' }],
    'a {\n  data = <<-EOT\n    {{ nomadService "db" }} nomadService service-x\n  EOT\n}\n',
  ],
  [
    'words within a quoted text',
    'a {\n  data = "{{ service \\"db\\" }}"\n}\n',
    (of) => [{ do: 'reword', attr: { name: 'data', block: of('a {') }, from: 'service "db"', to: 'service "x"' }],
    'a {\n  data = "{{ service \\"x\\" }}"\n}\n',
  ],
  [
    'an element more in a list on one line',
    'a {\n  ports = ["http"]\n}\n',
    (of) => [{ do: 'include', attr: { name: 'ports', block: of('a {') }, item: 'grpc' }],
    'a {\n  ports = ["http", "grpc"]\n}\n',
  ],
  [
    'an element more in a list on several lines',
    'a {\n  ports = [\n    "http", # web\n    "x" # y\n  ]\n}\n',
    (of) => [{ do: 'include', attr: { name: 'ports', block: of('a {') }, item: 'grpc' }],
    'a {\n  ports = [\n    "http", # web\n    "x", # y\n    "grpc"\n  ]\n}\n',
  ],
  [
    'an element less',
    'a {\n  ports = ["a", "b", "c"]\n}\n',
    (of) => [
      { do: 'exclude', attr: { name: 'ports', block: of('a {') }, item: 'b' },
      { do: 'exclude', attr: { name: 'ports', block: of('a {') }, item: 'c' },
    ],
    'a {\n  ports = ["a"]\n}\n',
  ],
  [
    'a label',
    'a {\n  port "public-http" {}\n}\n',
    (of) => [{ do: 'label', block: of('port'), to: 'public_http' }],
    'a {\n  port "public_http" {}\n}\n',
  ],
  [
    'a block beside its like',
    'a {\n  port "x" {\n    to = 1\n  }\n  b {}\n}\n',
    (of) => [{ do: 'add', block: of('a {'), what: { type: 'port', labels: ['y'], attrs: [['to', 2]] } }],
    'a {\n  port "x" {\n    to = 1\n  }\n  port "y" {\n    to = 2\n  }\n  b {}\n}\n',
  ],
  [
    'a block before another one and its comments',
    'g {\n  # the task\n  task "t" {\n    driver = "exec"\n  }\n}\n',
    (of) => [{ do: 'add', block: of('g {'), what: { type: 'network', attrs: [['mode', 'bridge']] }, before: 'task' }],
    'g {\n  network {\n    mode = "bridge"\n  }\n\n  # the task\n  task "t" {\n    driver = "exec"\n  }\n}\n',
  ],
  [
    'a block moves up, with its comments',
    'g {\n  task "t" {\n    driver = "exec"\n\n    service {\n      # inside\n      port = 1\n    }\n  }\n}\n',
    (of) => [{ do: 'move', block: of('service'), into: of('g {'), before: 'task' }],
    'g {\n  service {\n    # inside\n    port = 1\n  }\n\n  task "t" {\n    driver = "exec"\n  }\n}\n',
  ],
  [
    'what stands in one block goes into another',
    'g {\n  network {\n    mode = "bridge"\n  }\n\n  # metrics\n  network {\n    mode = "bridge"\n    # scraped\n    port "m" {}\n  }\n}\n',
    (of) => {
      const within = of('g {')
      return [{ do: 'merge', block: { within, type: 'network', nth: 1 }, into: { within, type: 'network', nth: 0 } }]
    },
    'g {\n  network {\n    mode = "bridge"\n    # scraped\n    port "m" {}\n  }\n\n  # metrics\n}\n',
  ],
  [
    'line ends stay as they are',
    'a {\r\n  b = 1\r\n}\r\n',
    (of) => [{ do: 'set', attr: { name: 'c', block: of('a {') }, to: true }],
    'a {\r\n  b = 1\r\n  c = true\r\n}\r\n',
  ],
  [
    'what a dynamic block writes is left alone',
    'a {\n  dynamic "port" {\n    for_each = [1]\n    content {}\n  }\n}\n',
    (of) => [{ do: 'remove', block: of('dynamic') }],
    'refused: a dynamic block writes it',
  ],
  [
    'blocks that contradict each other are not merged',
    'g {\n  network {\n    mode = "host"\n  }\n  network {\n    mode = "bridge"\n  }\n}\n',
    (of) => {
      const within = of('g {')
      return [{ do: 'merge', block: { within, type: 'network', nth: 1 }, into: { within, type: 'network', nth: 0 } }]
    },
    'refused: both blocks have mode, and not the same',
  ],
  [
    'a text is quoted, and what Nomad fills in stays',
    'a {\n  b = 1\n}\n',
    (of) => [{ do: 'set', attr: { name: 'b', block: of('a {') }, to: '"${NOMAD_IP_x}" ${x} \\' }],
    'a {\n  b = "\\"${NOMAD_IP_x}\\" $${x} \\\\"\n}\n',
  ],
])('%s', (_, before, change, after) => {
  expect(edit(before, change)).toBe(after)
})

const variables = `variable "label" {
  type    = string
  default = "htpp" # mine
  validation {
    condition     = var.label != ""
    error_message = "A label, please."
  }
}
variable "port" { default = "80" }
variables {
  both = "a"
}
locals {
  host = var.addr
}
variable "addr" { default = "db:5432" }
job "x" {
  one   = var.label
  two   = "\${var.both}"
  three = var.both
  args  = ["--db", local.host]
  to    = var.port
}
`
const changed = (name: string, to: Written, given: readonly (readonly [string, string])[] = [], here = false) => {
  const change: TextChange = { do: 'set', attr: { name, block: at(variables, 'job "x"') }, to }
  return editText(variables, [change], read, { given: new Map(given), here })
}

test.each<[name: string, to: Written, line: string, said: string, plain: boolean]>([
  ['one', 'http', 'default = "http" # mine', 'It changes the default of variable label', true],
  ['two', 'b', 'both = "b"', 'It changes the default of variable both, which is used in 2 places', false],
  ['to', 8080, 'variable "port" { default = "8080" }', 'It changes the default of variable port', true],
])('the value of %s is changed where it comes from', (name, to, line, said, plain) => {
  const made = changed(name, to)
  expect(made).toMatchObject({ plain, said, elsewhere: true, text: expect.stringContaining(line) })
})

test('a word of a text is changed in the default that holds it, through a local value too', () => {
  const change: TextChange = {
    do: 'reword',
    attr: { name: 'args', block: at(variables, 'job "x"') },
    from: '5432',
    to: '6432',
  }
  expect(editText(variables, [change], read)).toEqual({
    text: variables.replace('db:5432', 'db:6432'),
    plain: true,
    said: 'It changes the default of variable addr',
    elsewhere: true,
  })
})

test('a value that is given from outside is not edited, and one written out in its place is said', () => {
  const given = [['label', '--var-file prod.hcl']] as const
  expect(changed('one', 'http', given)).toBe('the value of var.label is given by --var-file prod.hcl: change it there')
  expect(changed('one', 'http', [], true)).toEqual({
    text: variables.replace('one   = var.label', 'one   = "http"'),
    plain: false,
    said: 'It replaces var.label by a value that is written out',
  })
})
