import { describe, expect, test } from 'vitest'
import { whatIf } from '../../src/derive/walk/what-if.ts'
import type { WhatIf } from '../../src/knowledge/shapes/walk.ts'
import type { Ask } from '../../src/ask/request.ts'
import { diagnosed, recordings, type Diagnosed } from '../recordings.ts'

const named = (id: string) => {
  const found = recordings.find((one) => one.id === id)
  if (!found) throw new Error(`no recording ${id}`)
  return found
}
const tried = ({ world }: Diagnosed, on: string, ...argv: readonly string[]): WhatIf => {
  const path = [...world.things.values()].find(({ kind }) => kind === 'path')
  if (!path) throw new Error('no path')
  return whatIf(world, path, [{ on, run: argv }])
}

/** Recordings whose first fix is one command that mends it: the repaired twin was made with it. */
const mended = [
  'bridge-address-missing',
  'bridge-down',
  'bridge-hairpin-self',
  'custom-cni-inbound-dropped',
  'docker-user-drop',
  'forward-jump-missing',
  'forward-reject-before-cni',
  'host-input-drop',
  'hostport-masq-jump-missing',
  'iface-forwarding-off',
  'ip-forward-off',
  'iptables-backend-split',
  'nft-base-chain-drop',
  'nomad-admin-rule-missing',
  'notrack',
  'prerouting-or-output-jump-missing',
  'prerouting-or-output-jump-missing-2',
  'route-localnet-off',
  'veth-detached',
  'veth-down',
]

describe('the command of a fix is tried on the model, and the packet arrives', () => {
  test.each(mended)('%s', async (id) => {
    const { report } = await diagnosed(named(id))
    const finding = report.findings.find((one) => one.id === report.diagnosis?.fault)
    const trials = finding?.fix.flatMap((step) => step.trial ?? [])
    expect(trials).toContainEqual(
      expect.objectContaining({ tried: true, after: 'answered', arrives: 'yes', worse: [] }),
    )
    expect(finding?.fix.some(({ proven }) => proven)).toBe(true)
  })
})

/** The same clients with another bridge_network_name and bridge_network_subnet. */
const elsewhere =
  (ask: Ask): Ask =>
  async (request) => {
    const reply = await ask(request)
    const moved = reply.body.replaceAll('172.26.', '10.99.').replaceAll(/(?<=\d)\/20\b/g, '/22')
    if (!('argv' in request)) return { ...reply, body: moved }
    const body = moved
      .replaceAll(/"prefixlen": ?20\b/g, '"prefixlen":22')
      .replaceAll(/(?<=["' .])nomad(?=["' .\n])/g, 'jobs0')
    return { ...reply, body }
  }

describe('the command of a fix names the bridge and the network of the client', () => {
  test.each(mended)('%s', async (id) => {
    const { report } = await diagnosed(named(id), elsewhere)
    const { fix = [] } = report.findings.find((one) => one.id === report.diagnosis?.fault) ?? {}
    expect(fix.filter(({ proven }) => proven)).toHaveLength(1)
    expect(fix.flatMap(({ run = [] }) => run).filter((word) => /172\.26|\/20$|^nomad$/.test(word))).toEqual([])
  })
})

describe('a healthy path', () => {
  test('a rule that drops breaks it, and the others of the client with it', async () => {
    const seen = await diagnosed(named('bridge-healthy'))
    const found = tried(seen, 'client c1', 'iptables', '-I', 'FORWARD', '1', '-i', 'eth0', '-j', 'DROP')
    expect(found).toMatchObject({ tried: true, arrives: 'no' })
    expect(found.tried && found.worse.length).toBeGreaterThan(0)
  })

  test('what allocations send to the outside is looked at, too', async () => {
    const seen = await diagnosed(named('bridge-healthy'))
    const found = tried(seen, 'client c1', 'iptables', '-I', 'FORWARD', '1', '-d', '203.0.113.0/24', '-j', 'DROP')
    expect(found).toMatchObject({ tried: true, arrives: 'yes' })
    const worse = found.tried ? found.worse : []
    expect(worse.map(({ what, after }) => `${what}: ${after}`).toSorted()[0]).toMatch(/ to the outside: silent$/)
    expect(worse.every(({ what }) => what.endsWith('outside'))).toBe(true)
  })

  const worseIn = async (...argv: readonly string[]): Promise<readonly string[]> => {
    const found = tried(await diagnosed(named('bridge-healthy')), 'client c1', ...argv)
    return found.tried ? found.worse.map(({ what, before, after }) => `${what}: ${before}, ${after}`) : []
  }

  test('other callers of the same host port are looked at', async () => {
    const rule = ['-i', 'eth0', '!', '-s', '10.77.134.12', '-j', 'DROP']
    expect(await worseIn('iptables', '-I', 'FORWARD', ...rule)).toEqual([
      'port http of orders-api/api at 10.77.134.11:24275, from outside: answered, silent',
    ])
  })

  test('a source that is not translated any more is worse, though nobody knows what is out there', async () => {
    const rule = ['-t', 'nat', '-D', 'POSTROUTING', '1']
    const all = await worseIn('iptables', '-t', 'nat', '-F')
    expect(all).toContainEqual(expect.stringMatching(/to the outside, its source is not translated any more/))
    expect(all).toContainEqual(expect.stringMatching(/from checkout\/web .*: answered, refused/))
    expect(
      (await worseIn('iptables', ...rule)).every(
        (one) => !one.endsWith(': unknown, unknown') || one.includes('source'),
      ),
    ).toBe(true)
  })

  test('a way that is lost on the model is not known, and not worse', async () => {
    const seen = await diagnosed(named('bridge-healthy'))
    const rule = ['-I', 'FORWARD', '-m', 'geoip', '--source-country', 'XX', '-j', 'DROP']
    const found = tried(seen, 'client c1', 'iptables', ...rule)
    expect(found).toMatchObject({ tried: true, arrives: 'unknown', worse: [] })
    expect(found.tried && found.notCompared).toBeGreaterThan(0)
  })

  test('whoever takes it in place of the target, it does not arrive', async () => {
    const seen = await diagnosed(named('bridge-healthy'))
    const rule = [
      '-t',
      'nat',
      '-I',
      'PREROUTING',
      '-p',
      'tcp',
      '--dport',
      '24275',
      '-j',
      'REDIRECT',
      '--to-ports',
      '4646',
    ]
    expect(tried(seen, 'client c1', 'iptables', ...rule)).toMatchObject({
      arrives: 'no',
      walks: [{ after: 'answered', stray: 'nomad on port 4646 of client c1' }],
      worse: expect.arrayContaining([
        expect.objectContaining({ what: expect.stringContaining('taken by nomad on port 4646 of client c1') }),
      ]),
    })
  })

  test('a rule that changes nothing leaves it as it was', async () => {
    const seen = await diagnosed(named('bridge-healthy'))
    expect(tried(seen, 'client c1', 'iptables', '-A', 'INPUT', '-p', 'udp', '-j', 'ACCEPT')).toMatchObject({
      tried: true,
      arrives: 'yes',
      worse: [],
    })
  })

  test('what is not modelled is not tried, and says why', async () => {
    const seen = await diagnosed(named('bridge-healthy'))
    expect(tried(seen, 'client c1', 'systemctl', 'restart', 'docker')).toEqual({
      tried: false,
      because: 'what systemctl does is not modelled',
    })
    expect(tried(seen, 'client c9', 'iptables', '-F')).toEqual({
      tried: false,
      because: 'client c9 is no place on the way that was read',
    })
  })
})
