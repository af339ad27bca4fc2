import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { readAgentFile, readAgentTree } from '../../src/jobfile/agent.ts'
import { editText } from '../../src/jobfile/edit.ts'

const problems = (text: string) =>
  readAgentFile(text).problems.map(({ line, column, summary }) => `${line}:${column} ${summary}`)
const json = (text: string) => {
  expect(problems(text)).toEqual([])
  return readAgentFile(text).json
}

test.each<[string, string, object]>([
  [
    'items on one line',
    'ports { http = 4646 rpc = 4647 serf = 4648 }',
    { Ports: { HTTP: '4646', RPC: '4647', Serf: '4648' } },
  ],
  ['commas between items', 'server { enabled = true, bootstrap_expect = 1 }', { Server: { Enabled: true } }],
  [
    'a block that begins and ends on lines of its attributes',
    'client { enabled = true\n min_dynamic_port = 0x4e20 }',
    { Client: { Enabled: true, MinDynamicPort: '20000' } },
  ],
  [
    'numbers in texts',
    'client { max_dynamic_port = "0x7530" enabled = "1" }',
    { Client: { MaxDynamicPort: '30000', Enabled: true } },
  ],
  ['an octal number', 'client { min_dynamic_port = 047040 }', { Client: { MinDynamicPort: '20000' } }],
  ['quoted keys', '"data_dir" = "/opt/nomad"\nclient { chroot_env { "/opt/x" = "/etc" } }', { DataDir: '/opt/nomad' }],
  [
    'keys with dots',
    'client { meta { connect.log_level = "debug" } }',
    { Client: { Meta: { 'connect.log_level': 'debug' } } },
  ],
  [
    'what a map says, as it is written',
    'client { meta = { version = 1.10 } }',
    { Client: { Meta: { version: '1.10' } } },
  ],
  ['names in any case', 'Client { Enabled = true }', { Client: { Enabled: true } }],
  [
    'two blocks of a client',
    'client { enabled = true }\nclient { node_class = "a" }',
    { Client: { Enabled: true, NodeClass: 'a' } },
  ],
  ['what looks like a template', 'name = "${attr.x} %{ if"', { Name: '${attr.x} %{ if' }],
  [
    'a heredoc as it is',
    'client {\n  meta {\n    a = <<-EOT\n      %{ if }\n      ${x}\n      EOT\n  }\n}\n',
    { Client: { Meta: { a: '%{ if }\n${x}\n' } } },
  ],
  [
    'line ends of Windows',
    'name = "x"\r\nclient {\r\n  enabled = true\r\n}\r\n',
    { Name: 'x', Client: { Enabled: true } },
  ],
  [
    'JSON with a comma at its end',
    '{"name": "x", "client": {"servers": ["a",],},}',
    { Name: 'x', Client: { Servers: ['a'] } },
  ],
])('agents read %s', (_, text, said) => {
  expect(json(text)).toMatchObject(said)
})

test('one-line blocks of a plugin are lists of maps, as those on several lines', () => {
  const [plugin] = json('plugin "docker" { config { logging { config { "max-file" = "3" } } } }')['Plugins'] as object[]
  expect(plugin).toMatchObject({ Name: 'docker', Config: { logging: [{ config: [{ 'max-file': '3' }] }] } })
})

// What the agent of Nomad 2.0.6 says of these.
test.each<[string, string]>([
  ['log_level = info\n', '1:13 Unknown token: 1:13 IDENT info'],
  ['client {\n  enabled\n}\n', "3:1 key 'enabled' expected start of object ('{') or assignment ('=')"],
  ['foo bar = {}\n', '1:9 nested object expected: LBRACE got: ASSIGN'],
  ['name = "x\nregion = "y"\n', '1:10 literal not terminated'],
  ['name = "a\\q"\n', '1:11 illegal char escape'],
  ['name: "x"\n', '1:5 illegal char'],
  ['name = <<-EOT\n  x\nEOT\n', '4:1 heredoc not terminated'],
  ['/* open\n', '2:1 comment not terminated'],
  ['client { servers = ["a" "b"] }\n', '1:25 error parsing list, expected comma or list end, got: STRING'],
  [
    'client { servers = [{a}] }\n',
    "1:21 error while trying to parse object within list: At 1:23: key 'a' expected start of object ('{') or assignment ('=')",
  ],
  ['client = [{ enabled = true }]\n', '1:10 root.client: not an object type for struct'],
  ['client { enabled = "yes" }\n', '1:20 root.client.enabled: Unknown value for boolean'],
  ['client { network_speed = "fast" }\n', '1:26 root.client.network_speed: not a whole number'],
  ['client { servers = "a" }\n', '1:20 root.client.servers: not a list of texts'],
  ['client { network_interface { a = 1 } }\n', '1:10 root.client.network_interface: a block has no place here'],
  ['name = "a"\nname = "b"\n', '2:1 unexpected keys name'],
  ['client "x" { }\n', '1:1 client unexpected keys x'],
])('agents refuse %j', (text, said) => {
  expect(problems(text)).toEqual([said])
})

const client = (text: string) => ({
  line: text.split('\n').findIndex((line) => line.startsWith('client')) + 1,
  column: 1,
})

test.each<[string, string, string]>([
  ['client { enabled = true }\n', 'a', 'client {\n  enabled = true\n  node_class = "a"\n}\n'],
  [
    'client { enabled = true\n  node_pool = "b" }\n',
    'a',
    'client { enabled = true\n  node_pool = "b"\n  node_class = "a"\n}\n',
  ],
  ['client { # on\n  "enabled" = true\n}\n', 'a', 'client { # on\n  "enabled" = true\n  node_class = "a"\n}\n'],
])('an edit of %j is made where the older HCL has its places', (text, to, after) => {
  const set = { do: 'set', attr: { block: client(text), name: 'node_class' }, to } as const
  expect(editText(text, [set], readAgentTree)).toMatchObject({ text: after })
})

test('what is taken out takes its comma along', () => {
  const text = 'client { node_class = "a", enabled = true }\n'
  const unset = { do: 'unset', attr: { block: client(text), name: 'node_class' } } as const
  expect(editText(text, [unset], readAgentTree)).toMatchObject({ text: 'client {  enabled = true }\n' })
})

const pieces = [
  '{',
  '}',
  '[',
  ']',
  '"',
  '=',
  ',',
  '\n',
  '\r\n',
  '<<E\n',
  'E\n',
  '<<-',
  '${',
  '\\',
  '#',
  '/*',
  '*/',
  '0x',
  '-1',
  '.',
  ' a ',
  'true',
  '\0',
  '\uE123',
  'é',
  '💥',
]
test('any text is read or refused at a place in it', () => {
  const text = fc.oneof(
    fc.array(fc.constantFrom(...pieces)).map((all) => all.join('')),
    fc.string({ unit: 'binary' }),
  )
  fc.assert(
    fc.property(text, (any) => {
      const lines = any.split('\n')
      for (const { line, column, summary } of readAgentFile(any).problems) {
        expect(summary).not.toBe('')
        expect(line).toBeLessThanOrEqual(lines.length)
        expect(column).toBeLessThanOrEqual((lines[line - 1] ?? '').length + 1)
      }
    }),
    { numRuns: 5000 },
  )
})

test('brackets in brackets come to an end', () => {
  expect(problems('a = ' + '['.repeat(100_000))).toEqual([expect.stringContaining('nested too deeply')])
  expect(problems('a {'.repeat(100_000))).toEqual([expect.stringContaining('nested too deeply')])
})
