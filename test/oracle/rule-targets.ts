import * as fc from 'fast-check'
import { pick } from './pick.ts'
import type { TableName } from './tables.ts'

// What a rule of iptables does to a packet.

function rejects(family: 4 | 6): fc.Arbitrary<string> {
  const types =
    family === 4
      ? [
          'icmp-port-unreachable',
          'icmp-host-prohibited',
          'icmp-admin-prohibited',
          'icmp-net-unreachable',
          'icmp-host-unreachable',
          'icmp-proto-unreachable',
          'icmp-net-prohibited',
        ]
      : ['icmp6-port-unreachable', 'icmp6-adm-prohibited', 'icmp6-no-route', 'icmp6-addr-unreachable']
  return pick(...types.map((type) => `-j REJECT --reject-with ${type}`), '-j REJECT')
}

/** What a rule of table mangle writes into the header. */
const headers = (family: 4 | 6): fc.Arbitrary<string> =>
  pick(
    ...['set 1', 'set 2', 'dec 63', 'dec 70', 'inc 1'].map((text) =>
      family === 4 ? `-j TTL --ttl-${text}` : `-j HL --hl-${text}`,
    ),
    '-j TOS --set-tos 0x10/0xff',
    '-j TOS --set-tos 0x28/0xff',
    '-j DSCP --set-dscp 0x04',
  )

const destinations = {
  4: [
    '172.26.64.2:8080',
    '172.26.64.3:8080',
    '172.26.64.3',
    ':8080',
    '10.99.0.3:8080',
    '127.0.0.1:8082',
    '172.17.0.2:8080',
    '10.99.0.2:25001',
    '172.26.64.99:8080',
    '10.99.0.1:8080',
    '172.26.64.2-172.26.64.3',
    '172.26.64.2:8080-8081',
  ],
  6: ['[fd00:a110::2]:8080', '[fd00:a110::3]:8080', ':8080', '[fd99::3]:8080', '[::1]:9001', 'fd99::1'],
}
const sources = {
  4: ['10.99.0.1', '10.98.0.1', '172.26.64.1', '10.99.0.77', '192.0.2.77'],
  6: ['fd99::1', 'fd98::1', 'fd00:a110::1'],
}

export function target(family: 4 | 6, hook: string, table: TableName): fc.Arbitrary<string> {
  const passing = pick('-j ACCEPT', '-j ACCEPT', '-j RETURN', '-j DROP', '-j LOG', '-j NFLOG --nflog-group 5')
  const marking = pick(
    '-j MARK --set-xmark 0x1/0x1',
    '-j MARK --set-xmark 0x1/0xffffffff',
    '-j MARK --set-xmark 0x2000/0x2000',
    '-j MARK --set-xmark 0x0/0x2000',
    '-j MARK --set-xmark 0x1/0x0',
    '-j CONNMARK --set-xmark 0x1/0xffffffff',
    '-j CONNMARK --save-mark',
    '-j CONNMARK --restore-mark',
  )
  switch (table) {
    case 'raw':
      return fc.oneof(pick('-j CT --notrack', '-j CT --notrack', '-j NOTRACK'), passing)
    case 'mangle':
      return fc.oneof(
        { weight: 3, arbitrary: marking },
        { weight: 2, arbitrary: passing },
        { weight: 2, arbitrary: headers(family) },
      )
    case 'filter':
      return fc.oneof(
        { weight: 4, arbitrary: passing },
        { weight: 2, arbitrary: rejects(family) },
        { weight: 1, arbitrary: marking },
      )
    case 'nat': {
      // nat takes no DROP.
      const plain = fc.oneof(pick('-j ACCEPT', '-j RETURN', '-j LOG'), marking)
      const to = pick(...destinations[family]).map((one) => `-j DNAT --to-destination ${one}`)
      const redirect = pick('-j REDIRECT --to-ports 8080', '-j REDIRECT', '-j REDIRECT --to-ports 8082')
      const from = pick(...sources[family]).map((one) => `-j SNAT --to-source ${one}`)
      if (hook === 'PREROUTING' || hook === 'OUTPUT')
        return fc.oneof(
          { weight: 4, arbitrary: to },
          { weight: 1, arbitrary: redirect },
          { weight: 2, arbitrary: plain },
        )
      if (hook === 'POSTROUTING')
        return fc.oneof(
          { weight: 3, arbitrary: from },
          {
            weight: 3,
            arbitrary: pick(
              '-j MASQUERADE',
              '-j MASQUERADE',
              '-j MASQUERADE --to-ports 1024-65535',
              ...(family === 4 ? ['-j NETMAP --to 10.99.0.0/24'] : []),
            ),
          },
          { weight: 2, arbitrary: plain },
        )
      return fc.oneof({ weight: 1, arbitrary: from }, { weight: 2, arbitrary: plain })
    }
  }
}
