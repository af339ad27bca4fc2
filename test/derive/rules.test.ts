import { describe, expect, test } from 'vitest'
import { masquerade, pass, translate, type Host } from '../../src/derive/rules/host.ts'
import type { NftRuleset } from '../../src/knowledge/shapes/packet.ts'
import { cniFilter, cniNat, healthy, is, native, noNft, save, sent, syn } from './rules.ts'

describe('what a host does to a new packet', () => {
  test('a healthy host translates and forwards it', () => {
    expect(translate(healthy, 'PREROUTING', syn)).toMatchObject({
      made: { kind: 'to', address: '172.26.64.2', port: 8080, alloc: '6b235529-8111-4bbe-520b-d639b1d2a94e' },
    })
    expect(pass(healthy, 'forward', sent)).toBeNull()
    expect(masquerade(healthy, { ...sent, src: '172.26.64.2', dst: '10.0.0.12', oif: 'eth0' })).toMatchObject({
      rule: expect.stringContaining('MASQUERADE'),
    })
  })

  test('an exemption from tracking comes before NAT', () => {
    const host = {
      ...healthy,
      iptables: save(
        cniFilter,
        cniNat,
        ':PREROUTING ACCEPT [0:0]\n[0:0] -A PREROUTING -p tcp -m tcp --dport 25001 -j CT --notrack',
      ),
    }
    expect(translate(host, 'PREROUTING', syn)).toMatchObject({ made: { kind: 'untracked' } })
  })

  test('the rule that stops it is named, with its place in FORWARD', () => {
    const iptables = save(
      cniFilter.replace(
        '[0:0] -A FORWARD',
        ':DOCKER-USER - [0:0]\n[0:0] -A DOCKER-USER -i eth0 -j DROP\n[0:0] -A FORWARD -j DOCKER-USER\n[0:0] -A FORWARD',
      ),
    )
    expect(pass({ ...healthy, iptables }, 'forward', sent)).toMatchObject({
      by: 'iptables',
      chain: 'DOCKER-USER',
      rule: '-A DOCKER-USER -i eth0 -j DROP',
      via: ['FORWARD', 'DOCKER-USER'],
      at: 1,
    })
  })

  test.each<[string, NftRuleset, unknown]>([
    ['a policy of drop', native([], 'drop'), { by: 'nftables', table: 'inet own', rule: null }],
    [
      'a rule for the interface',
      native([is({ meta: { key: 'iifname' } }, 'eth*'), { drop: null }]),
      { verdict: 'drop', rule: 'a rule' },
    ],
    ['a rule for another interface', native([is({ meta: { key: 'iifname' } }, 'wlan0'), { drop: null }]), null],
    [
      'established connections only',
      native([is({ ct: { key: 'state' } }, ['established', 'related'], 'in'), { accept: null }], 'drop'),
      { rule: null },
    ],
    ['translated ones are accepted', native([is({ ct: { key: 'status' } }, 'dnat'), { accept: null }], 'drop'), null],
    [
      'a set of ports',
      native([
        is({ payload: { protocol: 'tcp', field: 'dport' } }, { set: [22, { range: [8000, 9000] }] }),
        { reject: null },
      ]),
      { verdict: 'reject' },
    ],
    [
      'a network',
      native([
        is({ payload: { protocol: 'ip', field: 'saddr' } }, { prefix: { addr: '10.0.0.0', len: 24 } }, '!='),
        { drop: null },
      ]),
      null,
    ],
    [
      'a named set',
      native([is({ payload: { protocol: 'ip', field: 'saddr' } }, '@blocked'), { drop: null }]),
      { unknown: expect.any(String) },
    ],
    ['a verdict map', native([{ vmap: {} }]), { unknown: expect.any(String) }],
    ['a limit on what is only logged', native([{ limit: { rate: 1 } }, { log: null }]), null],
  ])('nftables beside it: %s', (_, nft, expected) => {
    const found = pass({ ...healthy, nft }, 'forward', sent)
    if (expected === null) expect(found).toBeNull()
    else expect(found).toMatchObject(expected as object)
  })

  test.each<[string, Host]>([
    ['nothing is known', {}],
    ['nftables is not known', { iptables: save(cniFilter, cniNat) }],
    [
      'there are legacy tables that are not known',
      {
        ...healthy,
        iptables: save(
          cniFilter,
          cniNat,
          '',
          '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them',
        ),
      },
    ],
    ['an empty save does not say whether there are legacy tables', { iptables: save(''), nft: noNft }],
    [
      'a native rule hides in a table of iptables',
      {
        ...healthy,
        nft: {
          ...noNft,
          rules: [
            {
              family: 'ip',
              table: 'filter',
              chain: 'FORWARD',
              n: 1,
              expr: [],
              text: 'drop',
              counted: false,
              opaque: [],
            },
          ],
        },
      },
    ],
  ])('it is not known when %s', (_, host) => {
    expect(pass(host, 'forward', sent)).toHaveProperty('unknown')
    expect(translate(host, 'PREROUTING', syn)).toHaveProperty('unknown')
    expect(masquerade(host, { ...sent, src: '10.9.9.9', oif: 'eth0' })).toHaveProperty('unknown')
  })

  test('legacy tables act on the same packet', () => {
    const legacy = save(':FORWARD DROP [0:0]')
    const iptables = save(
      cniFilter,
      cniNat,
      '',
      '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them',
    )
    expect(pass({ iptables, legacy, nft: noNft }, 'forward', sent)).toMatchObject({ by: 'iptables-legacy', rule: null })
  })
})
