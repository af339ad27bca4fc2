import { expect, test } from 'vitest'
import { cniRules } from '../../src/derive/rules/uplink.ts'
import { parseIptablesSave } from '../../src/packet/iptables.ts'

const save = (entries: readonly string[]) => {
  const text = [
    '*nat',
    ':PREROUTING ACCEPT [0:0]',
    ...['CNI-HOSTPORT-DNAT', 'CNI-DN-own', 'CNI-DN-other'].map((name) => `:${name} - [0:0]`),
    '-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
    ...entries.map((rule) => `-A ${rule}`),
    'COMMIT',
    '',
  ].join('\n')
  const read = parseIptablesSave(text)
  if (!read.ok) throw new Error(read.why)
  return read.value
}
const own = [
  'CNI-HOSTPORT-DNAT -p tcp -m multiport --dports 25001 -j CNI-DN-own',
  'CNI-DN-own -p tcp -m tcp --dport 25001 -j DNAT --to-destination 172.26.64.2:8080',
]
const other = [
  'CNI-HOSTPORT-DNAT -p tcp -m multiport --dports 25002 -j CNI-DN-other',
  'CNI-DN-other -p tcp -m tcp --dport 25002 -j DNAT --to-destination 172.26.64.3:8080',
]

test.each([
  ['its own mapping stands', [...other, ...own], { leads: true, entries: 2 }],
  ['the mapping of another allocation alone stands', [...other, ...own.slice(1)], { leads: false, entries: 1 }],
  ['the chain that all go by is empty', [...own.slice(1), ...other.slice(1)], { leads: false, entries: 0 }],
  ['its own chain is empty', [...other, ...own.slice(0, 1)], { leads: false, entries: 2 }],
  [
    'it is mapped without a chain of its own',
    ['CNI-HOSTPORT-DNAT -p tcp --dport 25001 -j DNAT --to-destination 172.26.64.2:8080'],
    { leads: true },
  ],
  [
    'another port of the allocation is mapped',
    ['CNI-HOSTPORT-DNAT -p tcp --dport 25003 -j DNAT --to-destination 172.26.64.2:9090'],
    { leads: false },
  ],
])('%s', (_, entries, expected) => {
  const found = cniRules(save(entries), { out: 'nomad', inside: { address: '172.26.64.2', port: 8080 } })
  expect(found).toMatchObject(expected)
})
