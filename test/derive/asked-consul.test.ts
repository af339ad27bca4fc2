import { expect, test } from 'vitest'
import { derive } from '../../src/derive/derive.ts'
import { derivations } from '../../src/derive/index.ts'
import { group, service } from '../../src/knowledge/samples.ts'
import { worldOf } from '../world.ts'

const ask = (via: string, name = 'store-backend') => ({ via, name, where: 'template local/a.env' })
const native = group({ services: [service({ name: 'store-backend', provider: 'nomad' })] })

function asked(given: Readonly<Record<string, unknown>>): unknown {
  const { world, thing } = worldOf('path', given)
  const held = derive(world, derivations).facts.get(thing.id)?.get('path.asked.consul')
  return held?.known ? (held.value as readonly { here: boolean }[]).map(({ here }) => here) : 'unknown'
}

test.each<[string, Readonly<Record<string, unknown>>, unknown]>([
  ['the list of Consul has it', { 'cluster.consul.services': ['store-backend'] }, [true]],
  ['nobody knows whether the client has Consul', {}, 'unknown'],
  ['the client has Consul, and its list is not known', { 'source.node.consul.fingerprinted': true }, 'unknown'],
  ['the client has none, and the name is native', { 'source.node.consul.fingerprinted': false }, [false]],
  [
    'the same, and a Consul elsewhere lists it',
    { 'source.node.consul.fingerprinted': false, 'cluster.consul.services': ['store-backend'] },
    [false],
  ],
  [
    'the client has none, and the name is of Consul',
    {
      'source.node.consul.fingerprinted': false,
      'target.group.spec': group({ services: [service({ name: 'store-backend', provider: 'consul' })] }),
    },
    'unknown',
  ],
  [
    'a host name may be answered by a Consul elsewhere',
    { 'source.node.consul.fingerprinted': false, 'path.asks': [ask('consul-dns')] },
    'unknown',
  ],
])('a template asks Consul: %s', (_, given, expected) => {
  expect(asked({ 'path.asks': [ask('consul-template')], 'target.group.spec': native, ...given })).toEqual(expected)
})
