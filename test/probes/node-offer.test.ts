import { expect, test } from 'vitest'
import { nodeOffer } from '../../src/probes/nomad/node-record.ts'

const offer = (...addresses: readonly object[]) =>
  nodeOffer({
    ID: '1',
    Name: 'c1',
    Status: 'ready',
    NodeResources: {
      NodeNetworks: [
        { Mode: 'bridge', Addresses: null },
        { Mode: 'host', Addresses: addresses },
      ],
    },
  })

test('ports of a host network are kept back on its address, whatever other network has the same one', () => {
  const found = offer(
    { Address: '10.0.0.11', Alias: 'public', ReservedPorts: '22,80' },
    { Address: '10.0.0.11', Alias: 'default', ReservedPorts: '' },
    { Address: '10.1.0.11', Alias: 'private', ReservedPorts: '' },
  )
  expect(found.hostNetworks).toEqual(['public', 'default', 'private'])
  expect(found.reservedOn).toEqual({ public: '22,80', default: '22,80' })
})

test('of several addresses of a network the first is the one that is given', () => {
  const found = offer(
    { Address: '10.0.0.11', Alias: 'public', ReservedPorts: '80' },
    { Address: '10.0.0.12', Alias: 'public', ReservedPorts: '90' },
  )
  expect(found.reservedOn).toEqual({ public: '80' })
})

test('a client that keeps nothing back on any says nothing of it', () => {
  expect(offer({ Address: '10.0.0.11', Alias: 'default' })).not.toHaveProperty('reservedOn')
})
