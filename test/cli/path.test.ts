import { expect, test } from 'vitest'
import { program } from './program.ts'

interface Printed {
  readonly diagnosis: { readonly fault: string } | null
  readonly walks: readonly {
    readonly outcome: string
    readonly measured: readonly { readonly agrees: boolean | null }[]
    readonly ways: readonly {
      readonly end: { readonly place: string; readonly table?: string; readonly chain?: string } | null
      readonly there: readonly { readonly request?: string }[]
    }[]
  }[]
}

test('a packet that is dropped: the place and the rule, code 1', async () => {
  const { code, stdout } = await program(['path', '--case', 'cases/forward-jump-missing'])
  expect(code).toBe(1)
  expect(stdout).toMatch(/The packet ends at client c1: dropped by filter FORWARD policy/)
  expect(stdout).toMatch(/measured +10\.77\.199\.11:26375 from the namespace: no answer\n/)
  expect(stdout).not.toContain('though the walk says')
  expect(stdout).toMatch(/FOUND {2}FORWARD no longer jumps to CNI-FORWARD/)
})

test('a packet that arrives and is answered: code 0, and what was measured says the same', async () => {
  const { code, stdout } = await program(['path', '--case', 'cases/bridge-healthy', '--format', 'json'])
  expect(code).toBe(0)
  const { diagnosis, walks } = JSON.parse(stdout) as Printed
  expect(diagnosis).toBeNull()
  expect(walks.map(({ outcome }) => outcome)).toEqual(['answered'])
  expect(walks[0]?.measured.map(({ agrees }) => agrees)).not.toContain(false)
  const hops = walks[0]?.ways[0]?.there ?? []
  expect(hops.length).toBeGreaterThan(10)
  expect(hops.filter(({ request }) => request === undefined)).toEqual([])
})

test.each([
  [
    'c1: iptables -A FORWARD -j DROP',
    /The packet ends at client c1: dropped by filter FORWARD rule 7, nobody is told\./,
  ],
  [
    'c1: iptables -I FORWARD 1 -d 172.26.64.4 -j ACCEPT',
    /The answer ends at client c1: dropped by filter FORWARD policy/,
  ],
])('what does not help says where the packet, or its answer, ends then: %s', async (tried, end) => {
  const { code, stdout } = await program(['path', '--case', 'cases/forward-jump-missing', '--what-if', tried])
  expect(code).toBe(1)
  expect(stdout.replace(/^[^]*\nWhat if/, '').replaceAll(/\s+/g, ' ')).toMatch(end)
})

test('what the walk cannot follow was tried by the source itself, and stood: code 0', async () => {
  const { code, stdout } = await program(['path', '--case', 'test/recordings/docker-ports-not-listed-repaired'])
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'What is not known here did not stop it: the same connection was tried, and it stood.',
  )
  expect(stdout).toContain('not known')
  expect(code).toBe(0)
  // Here the caller is in a container whose inside nobody looks at: what its client meets is not what it meets.
  expect((await program(['path', '--case', 'test/recordings/host-mode-healthy'])).code).toBe(3)
})

test('a packet of UDP: it is said that attempts by TCP say nothing of it', async () => {
  const recorded = ['path', '--case', 'test/recordings/udp-stale-conntrack-repaired']
  const { stdout } = await program(recorded)
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    'Nothing was measured of it: only TCP connections are tried, and this packet goes by UDP.',
  )
  const { walks } = JSON.parse((await program([...recorded, '--format', 'json'])).stdout) as Printed
  expect(walks[0]).toMatchObject({ dial: { proto: 'udp' }, measured: [], unmeasured: expect.stringContaining('UDP') })
})

test('JSON names the rule at which it ends', async () => {
  const { stdout } = await program(['path', '--case', 'cases/forward-jump-missing', '--format', 'json'])
  const { walks } = JSON.parse(stdout) as Printed
  expect(walks[0]?.ways[0]?.end).toMatchObject({ place: 'client c1', table: 'filter', chain: 'FORWARD' })
})

test('packets are watched only together with an attempt', async () => {
  const { code, stderr } = await program(['path', '--case', 'cases/bridge-healthy', '--capture-packets'])
  expect(code).toBe(2)
  expect(stderr).toMatch(/--measure/)
})

const supposed = async (command: string, name = 'forward-jump-missing') =>
  program(['path', '--case', `cases/${name}`, '--what-if', command])

test('what if: tried where the packet ends, or at the place named; the code tells whether it helps', async () => {
  const helps = await supposed('iptables -P FORWARD ACCEPT')
  expect(helps.stdout).toMatch(/What if, on client c1: iptables -P FORWARD ACCEPT[^]*then it arrives, and the answer/)
  expect(helps.code).toBe(0)
  const elsewhere = await supposed('c2: iptables -P FORWARD ACCEPT')
  expect(elsewhere.stdout).toMatch(/What if, on client c2[^]*as now, the caller hears nothing/)
  expect(elsewhere.code).toBe(1)
})

test('what if: a command that breaks what works names it', async () => {
  const { code, stdout } = await supposed('c1: iptables -I FORWARD -i eth0 -j DROP', 'bridge-healthy')
  expect(code).toBe(1)
  expect(stdout).toMatch(/of \d+ connections would fare worse:\n[^]*answered now, silent then/)
})

test.each<[command: string, says: RegExp]>([
  ['reboot', /reboot does is not modelled; these are:[^]*sysctl -w KEY=VALUE/],
  ['iptables -F; id', /; is for a shell/],
  ['c9: iptables -F', /c9 is no place on this way[^]*c1/],
  ["iptables -A FORWARD -m comment --comment 'x", /' has no end/],
  ['iptables -t mangle -A FORWARD --foo bar -j DROP', /word 6, --foo bar, is not understood/],
  ['iptables -A FORWARD -s 10.0.0.300 -j DROP', /word 4, -s 10\.0\.0\.300, is not understood/],
  ['iptables -A FORWARD -p tcp --dport many -j DROP', /word 6, --dport many, is not understood/],
  ['iptables -A FORWARD -j ACEPT', /word 4, -j ACEPT, is not understood/],
  ['iptables -A FORWARD -j NOCHAIN', /word 4, -j NOCHAIN, is not understood: there is no chain NOCHAIN/],
  [
    'iptables -A FORWARD --dport 80 -j DROP',
    /word 4, --dport 80, is not understood: it needs the protocol, such as -p tcp/,
  ],
  ['iptables -t nut -F', /word 3, nut, is not understood/],
  ['iptables -t raw', /it ends too early/],
  ['ip route add 10.0.0.0/8 by eth0', /word 5, by, is not understood/],
  ['sysctl -w net.ipv4.ip_forward', /word 3, net\.ipv4\.ip_forward, is not understood/],
])('what if %s: refused, code 2', async (command, says) => {
  const { code, stdout, stderr } = await supposed(command)
  expect([code, stdout]).toEqual([2, ''])
  expect(stderr).toMatch(says)
})

test('what if: a rule whose match is not modelled leaves it open, and is named', async () => {
  const rule = '-A FORWARD -m geoip --source-country XX -j DROP'
  const { code, stdout } = await supposed(`c1: iptables -t mangle ${rule}`, 'bridge-healthy')
  expect(stdout.replaceAll(/\s+/g, ' ')).toContain(
    `Not known at client c1, mangle FORWARD rule 1, ${rule}: match -m geoip --source-country XX is not modelled.`,
  )
  expect(code).not.toBe(0)
  // Behind what accepts the packet it is never asked.
  expect((await supposed(`c1: iptables ${rule}`, 'bridge-healthy')).code).toBe(0)
})

test('what if: the client itself is a caller, as for the checks of Nomad', async () => {
  const { code, stdout } = await supposed('c1: iptables -I INPUT -i nomad -j DROP', 'bridge-healthy')
  expect(stdout).toMatch(/port http of orders-api\/api at \S+, from the client: answered now, silent then/)
  expect(code).toBe(1)
})

test('what if: several commands are tried one after another, and a wrong one is named', async () => {
  const closed = 'c1: iptables -P FORWARD DROP'
  const run = (...commands: readonly string[]) =>
    program(['path', '--case', 'cases/bridge-healthy', ...commands.flatMap((one) => ['--what-if', one])])
  const { stdout } = await run('c1: iptables -I FORWARD -j DROP', 'c1: iptables -D FORWARD 1')
  expect(stdout).toContain('What if, on client c1: iptables -I FORWARD -j DROP\nand then, on client c1: iptables -D')
  expect(stdout).toContain('as now, it arrives')
  const { code, stderr } = await run(closed, 'c1: iptables -J FORWARD')
  expect(code).toBe(2)
  expect(stderr).toMatch(/^nomad-netdoctor: --what-if c1: iptables -J FORWARD: /)
})

test('what if as JSON', async () => {
  const { stdout } = await program([
    'path',
    '--case',
    'cases/forward-jump-missing',
    '--format',
    'json',
    '--what-if',
    'c1: sysctl -w net.ipv4.ip_forward=0',
  ])
  expect((JSON.parse(stdout) as { whatIf: unknown }).whatIf).toMatchObject({
    command: ['sysctl', '-w', 'net.ipv4.ip_forward=0'],
    on: 'client c1',
    tried: true,
    arrives: 'no',
  })
})

test('addresses that the source has for another service are none of the path that was asked about', async () => {
  const argv = ['--case', 'cases/bridge-healthy', '--from', 'checkout/web', '--to', 'images/assets']
  const { code, stdout } = await program(['path', ...argv])
  expect(stdout).not.toContain('ORDERS')
  expect(code).toBe(0)
})

test('a recorded case says that nothing is measured there, and a command that is tried needs no sudo', async () => {
  const measured = await program(['path', '--case', 'cases/bridge-healthy', '--measure', '--yes'])
  expect(measured).toMatchObject({ code: 0, stderr: expect.stringContaining('nothing is tried in a recorded case') })
  const tried = await program(['path', '--case', 'cases/bridge-healthy', '--what-if', 'c1: sudo iptables -F'])
  expect(tried).toMatchObject({ code: 2, stderr: expect.stringContaining('leave sudo out') })
})

test('to a client and a port of it: each of its addresses', async () => {
  const { code, stdout } = await program([
    'path',
    '--case',
    'cases/bridge-healthy',
    '--to',
    'node:c1',
    '--port',
    '4646',
  ])
  expect(stdout).toMatch(/→ tcp \d[\d.]+:4646 +address of the client/)
  expect([0, 1]).toContain(code)
  const label = await program(['path', '--case', 'cases/bridge-healthy', '--to', 'node:c1', '--port', 'http'])
  expect(label.code).toBe(2)
  expect(label.stderr).toContain('a client has no port labels: give the number')
})

test('what the caller dials by UDP is followed as UDP', async () => {
  const dials = ['--dials', 'udp:10.77.199.11:26375']
  const { stdout } = await program(['path', '--case', 'cases/forward-jump-missing', ...dials])
  expect(stdout).toContain('→ udp 10.77.199.11:26375')
  expect(stdout).not.toContain('→ tcp 10.77.199.11:26375')
})

test('the rule that keeps callers from a port of a client is named', async () => {
  const { code, stdout } = await program([
    'diagnose',
    '--case',
    'test/recordings/host-input-drop',
    '--to',
    'node:c1',
    '--port',
    '9100',
  ])
  expect(code).toBe(1)
  expect(stdout).toContain('A rule drops or rejects the packet')
  expect(stdout).toContain('iptables -t filter -A INPUT -i nomad -p tcp --dport 9100 -j ACCEPT')
})
