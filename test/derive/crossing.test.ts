import { expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import type { Host } from '../../src/derive/rules/host.ts'
import { inbound, outbound } from '../../src/knowledge/crossing-samples.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import type { Facts } from '../../src/knowledge/facts.ts'
import { worldOf, type GivenValues } from '../world.ts'
import { cniFilter, healthy, noNft, save } from './rules.ts'

function derived<K extends keyof Facts>(key: K, given: GivenValues): Held<Facts[K]> | undefined {
  const { world, thing } = worldOf('path', given)
  return derive(
    world,
    derivations.filter(({ provides }) => !(provides in given)),
  )
    .facts.get(thing.id)
    ?.get(key) as Held<Facts[K]> | undefined
}
const target = (host: Host) => ({ 'target.node.iptables': host.iptables, 'target.node.nft': host.nft })
const bare = save(':FORWARD ACCEPT [0:0]', ':PREROUTING ACCEPT [0:0]')

test('what the target stops stays stopped, whatever the source does', () => {
  const iptables = save(cniFilter.replace(/\[0:0\] -A NOMAD-ADMIN.*$/, ''))
  const given = { 'path.inbound.way': inbound(), ...target({ iptables, nft: noNft }) }
  const alone = derived('path.forward', given)
  expect(alone).toMatchObject({
    known: true,
    value: { way: { side: 'target' }, stop: { chain: 'FORWARD', rule: null } },
  })
  expect(derived('path.forward', { ...given, 'path.outbound.way': null })).toEqual(alone)
})

test('when the target lets it through, the source has to be known', () => {
  const given = { 'path.inbound.way': inbound(), ...target(healthy) }
  expect(derived('path.forward', given)).toMatchObject({ known: false })
  expect(derived('path.forward', { ...given, 'path.outbound.way': null })).toMatchObject({ known: true, value: null })
})

test('a stranger and a neighbour who fare differently leave it open', () => {
  const iptables = save(':FORWARD DROP [0:0]\n[0:0] -A FORWARD -s 10.0.0.0/24 -j ACCEPT')
  const way = inbound({ sources: ['10.0.0.12', '203.0.113.77'] })
  expect(
    derived('path.forward', {
      'path.inbound.way': way,
      'path.outbound.way': null,
      ...target({ iptables, nft: noNft }),
    }),
  ).toMatchObject({ known: false, detail: "it depends on the caller's address" })
})

test('a host without the mapping leaves the destination as it is', () => {
  const given = { 'path.inbound.way': inbound(), ...target({ iptables: bare, nft: noNft }) }
  expect(derived('path.untranslated', given)).toMatchObject({
    known: true,
    value: { what: 'destination', cni: { entries: 0 } },
  })
})

test('an allocation that calls out needs a rule for its address', () => {
  const given = {
    'path.inbound.way': null,
    'path.outbound.way': outbound(),
    'source.node.iptables': bare,
    'source.node.nft': noNft,
  }
  expect(derived('path.untranslated', given)).toMatchObject({
    known: true,
    value: { what: 'source', way: { node: 'c2' } },
  })
  expect(derived('path.untranslated', { ...given, 'source.node.nft': undefined })).toMatchObject({ known: false })
})

test('a setting that was not printed is not known', () => {
  const given = { 'path.inbound.way': inbound(), 'path.outbound.way': null }
  const on = { 'net.ipv4.conf.eth0.forwarding': '1', 'net.ipv4.conf.nomad.forwarding': '1' }
  expect(derived('path.forwarding-off', { ...given, 'target.node.sysctls': on })).toMatchObject({
    known: true,
    value: null,
  })
  expect(
    derived('path.forwarding-off', {
      ...given,
      'target.node.sysctls': { ...on, 'net.ipv4.conf.nomad.forwarding': '0' },
    }),
  ).toMatchObject({ known: true, value: { key: 'net.ipv4.conf.nomad.forwarding', all: false } })
  expect(derived('path.forwarding-off', { ...given, 'target.node.sysctls': {} })).toMatchObject({ known: false })
})
