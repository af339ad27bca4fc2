import { isLoopback } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import type { ListeningPort } from '../../shapes/port.ts'
import { listening } from '../../samples.ts'

const hidden = (ports: readonly ListeningPort[]) =>
  ports.find(({ state, hostIp }) => state === 'loopback' && !isLoopback(hostIp))

export const appBindsLoopbackOnly = fault({
  id: 'app-binds-loopback-only',
  aliases: ['listens-on-loopback'],
  about: 'alloc',
  title: 'The application listens on loopback only',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    'Get "http://<address>:<port>/": dial tcp <address>:<port>: connect: connection refused',
  ],
  onlyWhen: { 'alloc.status': ['running'] },
  needs: ['alloc.listening'],
  holds: ({ 'alloc.listening': ports }) => {
    const found = hidden(ports)
    return found
      ? `The application behind port ${found.label} listens on loopback only (127.0.0.1:${found.inside}), so packets for ${found.hostIp}:${found.hostPort} find no socket`
      : false
  },
  byHand: 'ss -ltn in the network namespace of the allocation: the local address of the port is 127.0.0.1 or [::1].',
  explains: [],
  because:
    'Every network namespace has a loopback of its own, reachable only from inside. A mapped packet arrives at eth0 of the namespace, with the address of the allocation as destination; a socket on 127.0.0.1 does not take it, and the kernel refuses the connection at once. So curl in the container works and everybody else is refused.',
  fix: ({ 'alloc.listening': ports }) => [
    {
      do: `Let the application bind 0.0.0.0 (or [::]) on port ${hidden(ports)?.inside ?? ''}; loopback fits only what tasks of the same group or a sidecar may reach`,
      on: 'job file',
      risk: 'The port becomes reachable from the network: that is what the port block asks for',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'bound to 127.0.0.1',
      given: { 'alloc.status': 'running', 'alloc.listening': [listening({ state: 'loopback' })] },
      then: 'present',
    },
    {
      name: 'bound to every address',
      given: { 'alloc.status': 'running', 'alloc.listening': [listening()] },
      then: 'absent',
    },
    {
      name: 'the host address itself is loopback, which is another fault',
      given: {
        'alloc.status': 'running',
        'alloc.listening': [listening({ state: 'loopback', hostIp: '127.0.0.1', namespace: 'host' })],
      },
      then: 'absent',
    },
    {
      name: 'the task does not run',
      given: { 'alloc.status': 'failed', 'alloc.listening': [listening({ state: 'loopback' })] },
      then: 'absent',
    },
  ],
})
