import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { faultById } from '../../src/knowledge/faults/index.ts'
import { alike, alikeWords, searchFaults } from '../../src/run/search.ts'
import { chained } from './chains.ts'
import { found } from './measure.ts'

test('a pasted text leads to its fault, whatever its names and numbers are and whatever a log puts around it', () => {
  const { first, three, missed } = found(3)
  expect(first, missed.join('\n')).toBeGreaterThanOrEqual(0.95)
  expect(three, missed.join('\n')).toBeGreaterThanOrEqual(0.99)
}, 60_000)

test('a part of a text is enough, and breaks and colours in it do not disturb', () => {
  const best = (query: string) => searchFaults(query)[0]?.fault.id
  expect(best('[ERROR] \u001B[31mfailed to find plugin\n   "bridge" in path\u001B[0m [/opt/cni/bin]')).toBe(
    'cni-plugin-missing',
  )
  expect(best('port label not found')).toBe('service-port-label-unknown')
})

test.each(['bridge', 'firewall', 'host-local', 'portmap'])(
  'a chain of errors leads to its cause at the end: no %s',
  (plugin) => {
    const cause = `failed to find plugin "${plugin}" in path [/opt/cni/bin:/usr/libexec/cni]`
    const network = `failed to configure networking for alloc: failed to configure network: ${cause}`
    for (const line of [
      cause,
      network,
      `Setup Failure  failed to setup alloc: pre-run hook "network" failed: ${network}`,
      `[ERROR] client.alloc_runner: prerun failed: alloc_id=35a26d03 error="pre-run hook \\"network\\" failed: ${network.replaceAll('"', String.raw`\"`)}"`,
    ])
      expect(searchFaults(line)[0]?.fault.id, line).toBe('cni-plugin-missing')
    expect(searchFaults(network.replace(cause, 'something nobody has heard of'))[0]?.fault.id).toBe(
      'bridge-setup-generic-failure',
    )
  },
)

test('an id comes first, and so does the fault that an alias means', () => {
  for (const fault of [...faultById.values()].filter(({ aliases }, at) => aliases !== undefined || at % 16 === 0))
    for (const id of [fault.id, ...(fault.aliases ?? [])]) expect(searchFaults(id)[0]?.fault.id).toBe(fault.id)
})

test('any text gives an answer, and each fault once', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 400 }), (text) => {
      const ids = searchFaults(text).map(({ fault }) => fault.id)
      expect(new Set(ids).size).toBe(ids.length)
    }),
  )
})

test.each([
  ['dial tcp 10.0.0.1:8080: connect: connection refused', /^(?!connect-)/, 5],
  ['Get "http://10.0.0.1:8080/": dial tcp 10.0.0.1:8080: connect: connection refused', /^wrong-to-port$/, 3],
  ['Get "http://:8080/": dial tcp :8080: connect: connection refused', /^consul-check-address-mode$/, 1],
  ['Missing: nomad.service(db@global)', /^nsd-(?:template-permission-denied|servers-unreachable)$/, 2],
  [`token with AccessorID '3c8d' lacks permission 'service:write' on "web"`, /^consul-registration-denied$/, 1],
  ['"nomad" already has an IP address different from 172.26.64.1/20', /^bridge-subnet-changed-live$/, 1],
])('%s: the first place is right, and it is known how many print it', (text, first, least) => {
  const hits = searchFaults(text)
  expect(hits[0]?.fault.id).toMatch(first)
  expect(alike(hits)).toBeGreaterThanOrEqual(least)
})

const refused = 'connection refused'
test.each([
  refused,
  `dial tcp 10.0.0.1:8080: connect: ${refused}`,
  `Get "http://10.0.0.1:8080/": dial tcp 10.0.0.1:8080: connect: ${refused}`,
])('%s: of those that print it the usual ones come first', (text) => {
  const ids = searchFaults(text).map(({ fault }) => fault.id)
  for (const usual of ['wrong-to-port', 'app-ignores-assigned-port', 'app-binds-loopback-only'])
    expect(ids.indexOf(usual), usual).toBeLessThan(3)
})

test('a fault that breaks a name comes before one that may', () => {
  expect(searchFaults('getaddrinfo ENOTFOUND redis').map(({ fault }) => fault.id)).toEqual([
    'sibling-name-does-not-resolve',
    'docker-user-network-is-per-host',
  ])
})

test('loopback is not any address, and a value alone is no line', () => {
  const lines = (text: string) => searchFaults(text).flatMap(({ heard = [] }) => heard)
  expect(lines(`dial tcp 127.0.0.1:8080: connect: ${refused}`).some((line) => line.includes('127.0.0.1'))).toBe(true)
  expect(
    lines(`dial tcp 10.0.0.1:8080: connect: ${refused}`).filter((line) => /127\.0\.0\.1|\[::1\]/.test(line)),
  ).toEqual([])
  expect(lines('failed to find plugin "bridge" in path')[0]).toBe(
    'failed to find plugin "<plugin>" in path [<folders>]',
  )
})

test.each(['disk quota exceeded', 'completely unrelated error: disk quota exceeded', 'rate limit exceeded'])(
  '%s: a word in common is no line',
  (text) => expect(alikeWords(searchFaults(text))).toMatch(/^No fault is known to print this/),
)

test('that several print it is said, and nothing where one does', () => {
  expect(alikeWords(searchFaults('getaddrinfo ENOTFOUND redis'))).toMatch(/^2 faults print this; /)
  expect(alikeWords(searchFaults('failed to find plugin "bridge" in path'))).toBe('')
  expect(alikeWords(searchFaults(''))).toBe('')
})

const network = 'failed to setup alloc: pre-run hook "network" failed:'
test.each([
  [
    'plugin type="consul-cni" failed (add): failed to find plugin "consul-cni" in path [/opt/cni/bin]',
    'tproxy-consul-cni-missing',
  ],
  [
    `${network} failed to configure networking for alloc: failed to configure network: plugin type="portmap" failed (add): unable to create chain CNI-HOSTPORT-SETMARK: running [/usr/sbin/iptables -t nat -S --wait]: exit status 4: Another app is currently holding the xtables lock`,
    'xtables-lock-contention',
  ],
  [`${network} failed to create network for alloc: mkdir /var/run/netns: permission denied`, 'netns-create-failed'],
  ['no such host', 'sibling-name-does-not-resolve'],
  ['dial tcp: lookup api.service.consul on 127.0.0.11:53: no such host', 'dns-consul-not-forwarded'],
  ['cni_path = "opt/cni/bin"', 'cni-path-wrong'],
])('%s: %s comes first', (text, id) => {
  expect(searchFaults(text)[0]?.fault.id).toBe(id)
})

test('a line of a configuration is no error that names its value', () => {
  const ids = searchFaults('exec: "/opt/cni/bin/bridge": permission denied').map(({ heard }) => heard)
  expect(ids.filter((line) => line?.startsWith('cni_'))).toEqual([])
})

test('a name of Consul that is not found leads to the DNS of Consul, another name does not', () => {
  const first = (text: string) => searchFaults(text)[0]?.fault.id
  expect(first('Error: getaddrinfo ENOTFOUND orders.service.consul')).toBe('dns-consul-not-forwarded')
  expect(first('could not translate host name "db.service.consul" to address: Name or service not known')).toBe(
    'dns-consul-not-forwarded',
  )
  expect(searchFaults('Error: getaddrinfo EAI_AGAIN redis').map(({ fault }) => fault.id)).not.toContain(
    'dns-consul-not-forwarded',
  )
})

test.each([
  'Error: connect ECONNREFUSED 10.77.155.11:22728',
  "wget: can't connect to remote host (10.77.155.11): Connection refused",
  'ConnectionRefusedError: [Errno 111] Connection refused',
  'java.net.ConnectException: Connection refused',
  'dial tcp 10.77.155.11:22728: connect: connection refused',
])('%s: every program that is refused means the same faults', (line) => {
  const first = searchFaults(line)
    .slice(0, 3)
    .map(({ fault }) => fault.id)
  expect(first).toEqual(['wrong-to-port', 'app-ignores-assigned-port', 'app-binds-loopback-only'])
})

const first = (text: string) => searchFaults(text).map(({ fault }) => fault.id)

test.each<[string, string, number]>([
  ['Constraint "missing host network \\"public\\" for port \\"http\\"" filtered 1 nodes', 'missing-host-network', 1],
  [
    '(view) health.service(api|passing): Get "http://10.1.2.3:80/v1/health/service/api": i/o timeout',
    'template-consul-unreachable',
    1,
  ],
  ['agent: Check registration blocked by ACLs: check=_nomad-check-1f3a accessorID=""', 'consul-registration-denied', 1],
  ['transport: Error while dialing dial tcp 127.0.0.1:8502: connect: connection refused', 'connect-grpc-disabled', 1],
  [
    'write sysctl key net.core.somaxconn: open /proc/sys/net/core/somaxconn: no such file or directory',
    'net-sysctl-in-shared-netns',
    1,
  ],
  [
    'nginx: [emerg] host not found in upstream "api.service.consul" in /etc/nginx/nginx.conf:2',
    'dns-consul-not-forwarded',
    2,
  ],
  [
    'netplugin failed: "/opt/cni/bin/bridge: /lib64/libc.so.6: version `GLIBC_2.34\' not found"',
    'cni-plugin-not-runnable',
    3,
  ],
])('%s', (text, id, most) => {
  expect(first(text).slice(0, most)).toContain(id)
})

test('a port on loopback is one program: what is said of another one is not said of it', () => {
  const check = 'Get http://localhost:8000/health: dial tcp 127.0.0.1:8000: connect: connection refused'
  expect(first(check).slice(0, 4)).not.toContain('template-consul-unreachable')
  expect(first(check.replaceAll('8000', '8500'))).toContain('template-consul-unreachable')
})

test('where nothing prints a text, it says so', () => {
  for (const text of [
    'x509: certificate is valid for localhost, server.dc1.consul, not 10.0.0.3',
    'client: error registering: error="rpc error: Permission denied"',
  ])
    expect(alikeWords(searchFaults(text)), text).toMatch(/^No fault is known to print this/)
  expect(alikeWords(searchFaults('port label not found'))).toBe('')
})

const statfs = 'failed to Statfs "/var/run/docker/netns/1a2b3c4d5e6f": no such file or directory'
const chainless = 'iptables: No chain/target/match by that name.'
test.each([
  // What a plugin says that no fault knows is told as a network that cannot be set up, whose page says where to read on.
  ['failed to lookup master "eth7": Link not found', 'bridge-setup-generic-failure'],
  [
    `${network} failed to configure networking for alloc: failed to configure network: plugin type="macvlan" failed (add): failed to lookup master "eth1": Link not found`,
    'bridge-setup-generic-failure',
  ],
  // The namespace is gone before the plugins come, and after an allocation ended.
  [statfs, 'bridge-setup-generic-failure'],
  ['Statfs /var/run/docker/netns/1a2b3c4d5e6f: no such file or directory', 'bridge-setup-generic-failure'],
  [`plugin type="bridge" failed (add): failed to open netns "/x": ${statfs}`, 'bridge-setup-generic-failure'],
  [`plugin type="bridge" failed (delete): ${statfs}`, 'stale-masq-rules'],
  [`${network} network namespace already exists but was misconfigured: ${statfs}`, 'netns-stale-after-reboot'],
  // Docker's own chain is gone; a rule of a plugin asks for a match that is not there.
  [
    `driver failed programming external connectivity on endpoint api-1: (iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport 25000 -j DNAT --to-destination 172.17.0.2:80 ! -i docker0: ${chainless}`,
    'ruleset-flushed',
  ],
  [
    `plugin type="firewall" failed (add): running [/sbin/iptables -t filter -A CNI-FORWARD -m conntrack -j ACCEPT --wait]: exit status 1: ${chainless}`,
    'iptables-match-missing',
  ],
  // The addresses of a transparent proxy are known by their range.
  ['connect to 240.0.0.3 port 80 failed: Connection timed out', 'tproxy-uid-conflict'],
  ['curl: (28) Operation timed out after 5000 milliseconds with 0 out of 20000 bytes received', 'pmtu-blackhole'],
])('%s: the cause is %s', (text, id) => {
  expect(searchFaults(text)[0]?.fault.id).toBe(id)
})

test.each([
  'curl: (28) Connection timed out',
  'curl: (28) Connection timed out after 5001 milliseconds',
  'curl: (28) Failed to connect to 10.0.0.1 port 8080 after 129842 ms: Connection timed out',
])('%s: silence has many causes, and none of another answer or another address comes before them', (text) => {
  const hits = searchFaults(text)
  expect(alike(hits)).toBeGreaterThanOrEqual(8)
  const first = hits.slice(0, 5).map(({ fault }) => fault.id)
  expect(first).toContain('node-to-node-blocked')
  for (const id of ['tproxy-uid-conflict', 'wrong-to-port', 'pmtu-blackhole']) expect(first).not.toContain(id)
})

test('an HTTPS client at an HTTP server is nobody’s own text: each that prints it is named by what was asked', () => {
  const said = 'http: server gave HTTP response to HTTPS client'
  expect(alikeWords(searchFaults(said))).toMatch(/^3 faults print this; /)
  const first = (url: string) => searchFaults(`Get "https://${url}": ${said}`)[0]?.fault.id
  expect(first('registry.corp.example:5000/v2/')).toBe('infra-image-unavailable')
  expect(first('127.0.0.1:8500/v1/agent/self')).toBe('consul-agent-not-fingerprinted')
})

const met = readFileSync(join(import.meta.dirname, 'met.tsv'), 'utf8')
  .trim()
  .split('\n')
  .map((line) => line.split('\t') as [text: string, ids: string])

// Lines of real programs. `none`: nothing prints it, and it says so, whatever else is similar.
test.each(met)('%s leads to %s', (text, ids) => {
  const hits = searchFaults(text)
  if (ids === 'none') expect(hits.length === 0 || alikeWords(hits).startsWith('No fault'), hits[0]?.heard).toBe(true)
  else {
    expect(ids.split(' '), hits[0]?.heard).toContain(hits[0]?.fault.id)
    expect(hits[0]?.loose).toBeUndefined()
  }
})

test('what faults are heard by is no scrap that fits any line', () => {
  const letters = (line: string) =>
    line.replaceAll(/<[^<>]*>|(?<! = )["'][^"'\s]*["']|\d/g, '').match(/[a-z_]/gi)?.length ?? 0
  const scraps = [...faultById.values()].flatMap(({ id, heard }) =>
    heard.filter((line) => letters(line) < 8).map((line) => `${id}: ${line}`),
  )
  expect(scraps).toEqual([])
})

test('a text leads to its fault behind what Nomad, docker and Consul put in front of it', () => {
  const { first, three, missed } = found(2, chained)
  expect(first, missed.join('\n')).toBeGreaterThanOrEqual(0.93)
  expect(three, missed.join('\n')).toBeGreaterThanOrEqual(0.99)
}, 60_000)

test('what docker says of an image is not said to be an intention', () => {
  const denied = "pull access denied for foo/bar, repository does not exist or may require 'docker login'"
  for (const text of [
    denied,
    `Failed to pull \`foo/bar\`: API error (404): ${denied}: denied: requested access to the resource is denied`,
  ]) {
    const hits = searchFaults(text)
    expect(hits[0]?.fault.id, text).toBe('infra-image-unavailable')
    const printed = hits.filter(({ heard, loose }) => heard !== undefined && !loose).map(({ fault }) => fault.id)
    expect(printed).not.toContain('connect-intention-denied')
    expect(printed).not.toContain('protocol-mismatch')
  }
  expect(searchFaults('RBAC: access denied')[0]?.loose).toBeUndefined()
  expect(alikeWords(searchFaults('upstream says: no access denied'))).toMatch(/^No fault is known to print this/)
})

test('an id in capitals is that id', () => {
  for (const id of ['NSD-CHECK-FAILING', 'Wrong-To-Port'])
    expect(searchFaults(id)[0]).toEqual({ fault: faultById.get(id.toLowerCase()) })
})

test('words that are only spelled alike are said to be, and short words are as they stand', () => {
  const [near] = searchFaults('loobpack')
  expect(near).toMatchObject({ near: true })
  expect(alikeWords(searchFaults('loobpack'))).toMatch(/^No fault has these words/)
  for (const text of ['xyz', 'foo', 'broken pipe']) expect(searchFaults(text), text).toEqual([])
})

test.each(['bridge', 'firewall', 'macvlan'])('under a hit stands no other plugin than %s', (plugin) => {
  for (const rest of ['', ' [/opt/cni/bin]', ' [/opt/cni/bin:/usr/libexec/cni]']) {
    const [hit] = searchFaults(`failed to find plugin "${plugin}" in path${rest}`)
    expect(hit?.fault.id).toBe('cni-plugin-missing')
    expect(hit?.heard).toMatch(/failed to find plugin "(?:<plugin>|…)" in path/)
  }
})

const consuls = 'dial tcp 127.0.0.1:8500: connect: connection refused'
test('what was asked of a place on loopback leads to the same faults as the place alone', () => {
  const printing = (text: string) => {
    const hits = searchFaults(text)
    return hits.slice(0, alike(hits)).map(({ fault }) => fault.id)
  }
  expect(printing(`Get "http://127.0.0.1:8500/v1/agent/self": ${consuls}`)).toEqual(printing(consuls))
  expect(printing(consuls)).toEqual(
    expect.arrayContaining([
      'template-consul-unreachable',
      'consul-fingerprint-stale',
      'consul-agent-not-fingerprinted',
    ]),
  )
  const other = consuls.replace('8500', '8080')
  expect(printing(`Get "http://127.0.0.1:8080/health": ${other}`)).toEqual(printing(other))
})

test('an answer of a name service without a name may be about any name, and one with a name is not', () => {
  const unnamed = ['socket.gaierror: [Errno -2] Name or service not known', 'getaddrinfo: Name or service not known']
  for (const text of unnamed) {
    const hits = searchFaults(text)
    const printing = hits.slice(0, alike(hits)).map(({ fault }) => fault.id)
    for (const id of [
      'sibling-name-does-not-resolve',
      'dns-consul-not-forwarded',
      'dns-servers-replace-host',
      'docker-user-network-is-per-host',
      'consul-service-critical-filtered',
      'tproxy-dns-unavailable',
    ])
      expect(printing, text).toContain(id)
    expect(first(text)).not.toContain('container-mode-manual')
  }
  for (const text of [
    'ping: web: Name or service not known',
    `HTTPConnectionPool(host='redis', port=80): Max retries exceeded with url: / (Caused by NewConnectionError('[Errno -2] Name or service not known'))`,
  ])
    expect(first(text), text).not.toContain('dns-consul-not-forwarded')
  expect(first('getaddrinfo ENOTFOUND c1.node.consul')).not.toContain('sibling-name-does-not-resolve')
})

const monitor = `==> 2024-05-01T12:00:00Z: Monitoring evaluation "35a26d03"
    2024-05-01T12:00:00Z: Evaluation triggered by job "shop"
    2024-05-01T12:00:00Z: Evaluation status changed: "pending" -> "complete"
==> 2024-05-01T12:00:00Z: Evaluation "35a26d03" finished with status "complete" but failed to place all allocations:
    2024-05-01T12:00:00Z: Task Group "web" (failed to place 1 allocation):`

test('that nothing fits says no reason, and the lines below it do', () => {
  for (const text of [monitor, 'Placement Failure\nTask Group "web":', 'Failed to place all allocations']) {
    const hits = searchFaults(text)
    expect(alikeWords(hits), text).toMatch(/^This says only that no client fits; the lines below it say why/)
    expect(hits.map(({ fault }) => fault.id)).toEqual(
      expect.arrayContaining(['missing-network', 'reserved-port-collision', 'consul-agent-not-fingerprinted']),
    )
  }
  const reason = '      * Constraint "missing network": 2 nodes excluded by filter'
  expect(searchFaults(`${monitor}\n${reason}`)[0]).toMatchObject({ fault: { id: 'missing-network' } })
  const other = '      * Dimension "memory" exhausted on 2 nodes'
  expect(alikeWords(searchFaults(`${monitor}\n${other}`))).not.toMatch(/^This says only/)
})

test('those that print a text are counted without those that only have words in common with it', () => {
  const hits = searchFaults('curl: (28) Connection timed out after 5001 milliseconds')
  expect(hits.slice(0, alike(hits)).every(({ loose }) => loose === undefined)).toBe(true)
  expect(hits.some(({ loose, fit }) => loose === true && fit === hits[0]?.fit)).toBe(true)
})
