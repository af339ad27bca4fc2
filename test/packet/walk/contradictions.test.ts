import { expect, test } from 'vitest'
import { walk } from '../../../src/packet/walk/index.ts'
import { machine } from './machine.ts'

const host = machine({
  devices: [{ name: 'eth0', addresses: ['10.0.0.1/24'] }],
  routes: ['192.0.2.0/24 via 10.0.0.9 dev eth0'],
})

test('a route over a device that ip addr does not list decides nothing', () => {
  const here = { ...host, links: host.links?.filter(({ name }) => name !== 'eth0') ?? [] }
  const wanted = { proto: 'tcp', src: '10.0.0.1', dst: '192.0.2.1', dport: 80 } as const
  const [trace] = walk({ namespaces: { here }, joins: [] }, { namespace: 'here' }, wanted)
  expect(trace?.verdict).toMatchObject({
    kind: 'unknown',
    because: 'a route leads over eth0, and ip addr has no such device',
  })
})
