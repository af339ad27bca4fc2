import { expect, test } from 'vitest'
import { readAgentFile } from '../../src/jobfile/agent.ts'

const against = (text: string) =>
  readAgentFile(text).problems.map(({ line, column, summary }) => `${line}:${column} ${summary}`)

test.each<[string, string, readonly string[]]>([
  ['in a client', 'client {\n  network_interfce = "eth0"\n}\n', ['2:3 client unexpected keys network_interfce']],
  ['a block in a client', 'client {\n  host_networks "a" {\n  }\n}\n', ['2:3 client unexpected keys host_networks']],
  ['in ports', 'ports {\n  htpp = 4646\n}\n', ['2:3 ports unexpected keys htpp']],
  ['in advertise', 'advertise {\n  grpc = "10.0.0.1"\n}\n', ['2:3 advertise unexpected keys grpc']],
  ['in a server', 'server {\n  bootstrap = 3\n}\n', ['2:3 server unexpected keys bootstrap']],
  ['of the agent', 'bnid_addr = "0.0.0.0"\n', ['1:1 unexpected keys bnid_addr']],
  ['in JSON', '{\n "client": {\n  "enabeld": true\n }\n}\n', ['3:3 client unexpected keys enabeld']],
  ['a port that is none', 'ports {\n  http = 70000\n}\n', ['2:3 The port is none: 0 to 65535']],
])('an agent does not start with a key it does not know: %s', (_, text, said) => {
  expect(against(text)).toEqual(said)
})

test.each([
  ['case does not count', 'Client {\n  Enabled = true\n}\n'],
  [
    'blocks that the agent does not check',
    'consul {\n  foo = 1\n}\nplugin "docker" {\n  config {\n    foo = 1\n  }\n}\n',
  ],
  ['an old key', 'client {\n  stats {\n    data_points = 1\n  }\n}\n'],
  ['quoted keys of a map', 'client {\n  options {\n    "driver.raw_exec.enable" = "1"\n  }\n}\n'],
  ['ports in range', 'ports {\n  http = 0\n  rpc  = 65535\n}\n'],
])('%s', (_, text) => {
  expect(against(text)).toEqual([])
})
