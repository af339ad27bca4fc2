import { expect, test } from 'vitest'
import { connectNamedPort } from '../../src/knowledge/faults/mesh/connect-named-port.ts'
import { crossGroupLocalhost } from '../../src/knowledge/faults/groups/cross-group-localhost.ts'
import { group, job, service } from '../../src/knowledge/samples.ts'
import { called } from '../../src/knowledge/said-samples.ts'

const own = (localServiceAddress?: string) => {
  const address = localServiceAddress === undefined ? {} : { localServiceAddress }
  const sidecar = { port: '', upstreams: [], transparentProxy: false, ...address }
  return group({ services: [service({ port: 'http', connect: { native: false, gateway: false, sidecar } })] })
}

test.each([
  [undefined, 'on 127.0.0.1 inside'],
  ['::1', 'on ::1 inside'],
  ['127.0.0.2', 'on 127.0.0.2 inside'],
])('where a sidecar looks for its application is said as it is written, %s', (address, said) => {
  const rule = connectNamedPort.foretold
  expect(rule?.holds({ 'group.spec': own(address) })).toMatchObject({ says: expect.stringContaining(said) as unknown })
})

test('IPv6 stands in brackets in front of a port', () => {
  const cache = { mode: 'bridge', ports: [{ label: 'redis', to: 6379, hostNetwork: 'default' }] }
  const web = group({ name: 'web' })
  const found = crossGroupLocalhost.foretold?.holds({
    'group.calls': [called({ host: '::1' })],
    'group.listens': [],
    'group.spec': web,
    'job.spec': job({ groups: [web, group({ name: 'cache', network: cache })] }),
    'group.task-namespaces': { server: 'group' },
  })
  expect(found).toMatchObject({ says: expect.stringContaining('says [::1]:6379, but') as unknown })
})
