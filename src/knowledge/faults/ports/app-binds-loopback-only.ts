import { edits } from '../../edit.ts'
import { locked, lockedAt, opened, place } from '../../loopback-only.ts'
import { declared, portless, said } from '../../said-samples.ts'
import { isLoopback } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { elsewhereOf } from '../../listens-elsewhere.ts'
import type { ListeningPort } from '../../shapes/port.ts'
import { group, listening, meshed, service } from '../../samples.ts'

/** Where it listens: at the port that leads to it, or at another one, so that a right number alone would not help. */
const hiddenAt = (port: ListeningPort): readonly number[] =>
  port.state === 'loopback'
    ? [port.inside]
    : port.state === 'closed' && elsewhereOf(port).hidden
      ? elsewhereOf(port).numbers
      : []

const hidden = (ports: readonly ListeningPort[]) =>
  ports.filter((port) => hiddenAt(port).length > 0 && !isLoopback(port.hostIp))

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
  needs: ['alloc.listening', 'group.listens', 'group.ports'],
  shows: ['alloc.listening'],
  holds: ({ 'alloc.listening': ports }) => {
    const all = hidden(ports)
    const [found] = all
    return found
      ? {
          says: `The application behind port ${found.label} listens on loopback only (${hiddenAt(found)
            .map((port) => `127.0.0.1:${port}`)
            .join(', ')}), so packets for ${found.hostIp}:${found.hostPort} find no socket`,
          ports: all.map(({ label }) => label),
        }
      : false
  },
  byHand: 'ss -ltn in the network namespace of the allocation: the local address of the port is 127.0.0.1 or [::1].',
  explains: [
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    'Every network namespace has a loopback of its own, reachable only from inside. A mapped packet arrives at eth0 of the namespace, with the address of the allocation as destination; a socket on 127.0.0.1 does not take it, and the kernel refuses the connection at once. So curl in the container works and everybody else is refused.',
  fix: ({ 'alloc.listening': ports, 'group.listens': listens, 'group.ports': all }) => {
    const [found] = hidden(ports)
    const number = (found && hiddenAt(found)[0]) ?? 0
    // One place is told to be on loopback there: that is the one.
    const [at, ...more] = found ? lockedAt({ label: found.label, inside: number }, all, listens) : []
    return [
      {
        do: `Let the application bind 0.0.0.0 (or [::]) on port ${number}; loopback fits only what tasks of the same group or a sidecar may reach`,
        on: 'job file',
        risk: 'The port becomes reachable from the network: that is what the port block asks for',
        ...edits(
          at && more.length === 0 ? opened(at, at.written) : undefined,
          more.length > 0
            ? 'several places of the job name this address'
            : 'the job does not name the address to listen on in one text',
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'bound to 127.0.0.1',
      given: {
        'alloc.status': 'running',
        'group.listens': [],
        'group.ports': [],
        'alloc.listening': [listening({ state: 'loopback' })],
      },
      then: 'present',
    },
    {
      name: 'bound to 127.0.0.1, at another number than the port leads to',
      given: {
        'alloc.status': 'running',
        'group.listens': [],
        'group.ports': [],
        'alloc.listening': [listening({ to: 80, inside: 80, state: 'closed', onLoopback: [8080] })],
      },
      then: 'present',
    },
    {
      name: 'something else listens for others',
      given: {
        'alloc.status': 'running',
        'group.listens': [],
        'group.ports': [],
        'alloc.listening': [listening({ to: 80, inside: 80, state: 'closed', others: [8080], onLoopback: [9000] })],
      },
      then: 'absent',
    },
    {
      name: 'bound to every address',
      given: { 'alloc.status': 'running', 'group.listens': [], 'group.ports': [], 'alloc.listening': [listening()] },
      then: 'absent',
    },
    {
      name: 'the host address itself is loopback, which is another fault',
      given: {
        'alloc.status': 'running',
        'group.listens': [],
        'group.ports': [],
        'alloc.listening': [listening({ state: 'loopback', hostIp: '127.0.0.1', namespace: 'host' })],
      },
      then: 'absent',
    },
    {
      name: 'the task does not run',
      given: {
        'alloc.status': 'failed',
        'group.listens': [],
        'group.ports': [],
        'alloc.listening': [listening({ state: 'loopback' })],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.ports', 'group.listens', 'group.spec', 'group.task-namespaces'],
    holds: ({
      'group.ports': ports,
      'group.listens': listens,
      'group.spec': spec,
      'group.task-namespaces': spaces,
    }) => {
      const found = locked(ports, listens, spec, spaces)
      return found
        ? {
            says: `Task ${found.at.task} is told to listen on ${place(found.at)} only, so what port ${found.port.label} leads to it finds no socket`,
            at: found.at.at,
          }
        : false
    },
    fix: ({ 'group.ports': ports, 'group.listens': listens, 'group.spec': spec, 'group.task-namespaces': spaces }) => {
      const found = locked(ports, listens, spec, spaces)
      return [
        {
          do: `Let the application bind ${found ? place({ ...found.at, host: '0.0.0.0' }) : '0.0.0.0:<port>'} instead`,
          on: 'job file',
          risk: 'The port becomes reachable from the network: that is what the port block asks for',
          ...edits(found && opened(found.at, found.at.written), 'the address and the port are not in one text'),
        },
      ]
    },
    examples: [
      {
        name: 'a service with the address of the client, on whose loopback the task listens',
        given: {
          'group.ports': [declared({ mapper: 'nobody', namespace: 'host' })],
          'group.listens': [said({ host: '127.0.0.1' })],
          'group.spec': group({ services: [service({ port: 'http' })] }),
          'group.task-namespaces': { server: 'host' },
        },
        then: 'present',
      },
      {
        name: 'a port of the client that no service has',
        given: {
          'group.ports': [declared({ mapper: 'nobody', namespace: 'host' })],
          'group.listens': [said({ host: '127.0.0.1' })],
          'group.spec': group({ services: [] }),
          'group.task-namespaces': { server: 'host' },
        },
        then: 'absent',
      },
      {
        name: '--listen 127.0.0.1:8080',
        given: {
          'group.ports': [declared()],
          'group.listens': [said({ host: '127.0.0.1' })],
          'group.spec': group(),
          'group.task-namespaces': { server: 'group' },
        },
        then: 'present',
      },
      {
        name: '--listen 127.0.0.1:${NOMAD_PORT_http}',
        given: {
          'group.ports': [declared()],
          'group.listens': [portless({ host: '127.0.0.1', label: 'http' })],
          'group.spec': group(),
          'group.task-namespaces': { server: 'group' },
        },
        then: 'present',
      },
      {
        name: 'the address stands apart from the port',
        given: {
          'group.ports': [declared()],
          'group.listens': [said(), portless({ host: '127.0.0.1' })],
          'group.spec': group(),
          'group.task-namespaces': { server: 'group' },
        },
        then: 'present',
      },
      {
        name: 'it binds another address, too',
        given: {
          'group.ports': [declared()],
          'group.listens': [said(), portless({ host: '127.0.0.1' }), portless({ host: '${NOMAD_IP_http}' })],
          'group.spec': group(),
          'group.task-namespaces': { server: 'group' },
        },
        then: 'absent',
      },
      {
        name: 'a sidecar dials it from inside',
        given: {
          'group.ports': [declared()],
          'group.listens': [said({ host: '127.0.0.1' })],
          'group.spec': group({ services: [meshed({ port: '8080' })] }),
          'group.task-namespaces': { server: 'group' },
        },
        then: 'absent',
      },
      {
        name: 'a proxy in the same group answers from outside',
        given: {
          'group.ports': [declared({ servers: ['server', 'proxy'] })],
          'group.listens': [said({ host: '127.0.0.1' }), said({ task: 'proxy' })],
          'group.spec': group(),
          'group.task-namespaces': { server: 'group', proxy: 'group' },
        },
        then: 'absent',
      },
    ],
  },
})
