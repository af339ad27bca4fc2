import { expect, test } from 'vitest'
import { isPart, kindOf, programOf, type FileKind } from '../../src/jobfile/kind.ts'

test.each<[string, string, FileKind]>([
  ['a client', 'client {\n  enabled = true\n}\n', 'agent'],
  [
    'a part of an agent with its folders',
    'datacenter = "dc1"\ndata_dir = "/opt/nomad"\nbind_addr = "0.0.0.0"\n',
    'agent',
  ],
  ['blocks on one line', 'server { enabled = true, bootstrap_expect = 1 }\n', 'agent'],
  ['a key at the wrong level', 'encrypt = "x"\nserver {\n  enabled = true\n}\n', 'agent'],
  ['JSON', '{"client": [{"enabled": true,}]}', 'agent'],
  ['JSON that does not end', '{"client": {"enabled": true', 'agent'],
  ['Consul', 'datacenter = "dc1"\ndata_dir = "/opt/consul"\nserver = true\nretry_join = ["10.0.0.1"]\n', 'other'],
  ['Consul in JSON', '{"server": true, "data_dir": "/opt/consul", "ports": {"dns": 53}}', 'other'],
  ['Vault', 'listener "tcp" {\n}\nstorage "raft" {\n}\ntelemetry {\n}\n', 'other'],
  ['an agent of Vault', 'auto_auth {\n}\nvault {\n  address = "https://v"\n}\n', 'other'],
  ['words in a heredoc', 'variable "x" {\n  default = <<EOT\ntelemetry {\n}\njob "a" {\n}\nEOT\n}\n', 'other'],
  ['words in a block', 'variable "x" {\n  type = object({\n    a = string\n  })\n  client {\n  }\n}\n', 'other'],
  ['words deep in JSON', '{"properties": {"client": {"a": 1}}}', 'other'],
  ['a job behind a block that is not closed', 'variable "x" {\n\njob "web" {\n}\n', 'job'],
])('%s', (_, text, kind) => {
  expect(kindOf('a.hcl', text)).toBe(kind)
})

test('the program is named whose configuration it is', () => {
  expect(programOf('client_addr = "0.0.0.0"\n')).toBe('Consul')
  expect(programOf('seal "awskms" {\n}\n')).toBe('Vault')
  expect(programOf('client {\n}\n')).toBeUndefined()
})

test('a file of telemetry alone is a part of an agent, and no machine', () => {
  expect(isPart('telemetry {\n}\n')).toBe(true)
  expect(isPart('telemetry {\n}\nclient {\n}\n')).toBe(false)
  expect(isPart('# nothing\n')).toBe(false)
})
