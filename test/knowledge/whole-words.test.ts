import { expect, test } from 'vitest'
import { consulNames } from '../../src/knowledge/consul-host.ts'
import { faultById } from '../../src/knowledge/faults/index.ts'
import { calledElsewhere } from '../../src/knowledge/own-listeners.ts'
import { called } from '../../src/knowledge/said-samples.ts'
import { group, job, listening, service, task, template } from '../../src/knowledge/samples.ts'
import { unbound } from '../../src/knowledge/upstreams.ts'

test.each([
  ['nslookup orders.service.consul || true', false],
  ['nslookup orders.service.consul || :', false],
  ['(nslookup orders.service.consul || :); exec app', false],
  ['nslookup orders.service.consul || exit 1', true],
  ['nslookup orders.service.consul', true],
])('whether a lookup that fails does harm: %s', (script, harm) => {
  const [found] = consulNames(task({ config: { command: 'sh', args: ['-c', script] } }), 'orders')
  expect(found?.command ?? false).toBe(harm)
})

test.each([
  ['owner', { ROLE: 'coowners' }, 'risks'],
  ['owner', { ROLE_FILE: '/etc/owner' }, 'breaks'],
  ['config/dns.conf', { CONFIG: '/config/dns.conf' }, 'breaks'],
])('a file %s is missed where the task names it as a whole: %o', (destination, env, severity) => {
  const spec = task({
    env,
    config: { image: 'example/owner:3' },
    templates: [template('me', { env: false, destination })],
  })
  const found = faultById.get('template-destination-invisible')?.holds({ 'task.spec': spec })
  expect(found).toMatchObject({ severity })
})

test.each([
  ['SHIPPING_URL', true],
  ['DELIVERY_URL', true],
  ['PING_URL', false],
  ['OWN_URL', false],
])('a call of loopback as %s may be meant for another group: %s', (name, meant) => {
  const own = group({ name: 'web', tasks: [task({ name: 'web' })] })
  const there = group({ name: 'other', network: { mode: 'bridge', ports: [port] }, tasks: [task({ name: 'other' })] })
  const call = called({ task: 'web', port: 6379, text: `${name} http://127.0.0.1:6379` })
  const found = calledElsewhere({
    'group.calls': [call],
    'group.listens': [],
    'group.spec': own,
    'job.spec': job({ groups: [own, there] }),
    'group.task-namespaces': { web: 'group' },
  })
  expect(found !== undefined).toBe(meant)
})
const port = { label: 'x', static: 6379, hostNetwork: 'default' }

test.each([
  ['BROWNIES_URL', true],
  ['BINDERY_URL', true],
  ['BIND_ADDR', false],
  ['SELF_URL', false],
])('a port on loopback in %s lacks an upstream: %s', (name, lacks) => {
  const sidecar = { port: '', transparentProxy: false, upstreams: [] }
  const spec = group({
    services: [service({ connect: { native: false, gateway: false, sidecar } })],
    tasks: [task({ name: 'web' })],
  })
  const call = called({ task: 'web', port: 9192, text: `${name} http://127.0.0.1:9192` })
  expect(unbound([call], [], spec) !== undefined).toBe(lacks)
})

test('what docker discards is foretold for every port of the task', () => {
  const fault = faultById.get('docker-host-mode-discards-ports')?.foretold
  const labels = ['http', 'admin']
  const spec = group({ tasks: [task({ config: { network_mode: 'host', ports: labels } })] })
  const ports = labels.map((label, i) => ({
    label,
    port: { label, static: 8080 + i, to: 80 + i, hostNetwork: 'default' },
    namespace: 'host',
    servers: ['server'],
  }))
  const file = { 'group.ports': ports, 'group.spec': spec }
  const meets = (label: string) =>
    fault?.meets?.(
      { 'alloc.listening': [listening({ label, namespace: 'host', state: 'closed', atTo: true })], 'group.spec': spec },
      file,
    )
  expect(['http', 'admin', 'other'].map(meets)).toEqual([true, true, false])
})
