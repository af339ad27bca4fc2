import { fault } from '../../fault.ts'
import type { ListeningPort } from '../../shapes/port.ts'
import { listening } from '../../samples.ts'

const unmapped = (ports: readonly ListeningPort[]) =>
  ports.find(
    ({ namespace, mapper, state, atTo }) => namespace === 'host' && mapper === 'nobody' && state === 'closed' && atTo,
  )

export const toWithoutMapper = fault({
  id: 'to-without-mapper',
  about: 'alloc',
  title: 'The port block has a to, but nothing maps ports here',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    'Get "http://<address>:<port>/": dial tcp <address>:<port>: connect: connection refused',
  ],
  onlyWhen: { 'group.network.mode': ['host'], 'alloc.status': ['running'] },
  needs: ['alloc.listening'],
  holds: ({ 'alloc.listening': ports }) => {
    const found = unmapped(ports)
    return found
      ? `Port ${found.label} is announced as ${found.hostIp}:${found.hostPort}, but nothing maps that to ${found.to} in the host's namespace: the process listens on ${found.to} of the client, and nothing on ${found.hostPort}`
      : false
  },
  byHand:
    'On the client, ss -ltnp shows a listener on the port of to and none on the host port that nomad alloc status prints.',
  explains: [],
  because:
    'A to is an instruction for whoever maps ports: the CNI plug-in of a bridge group, or docker for its own network. A task in the namespace of the host (exec, raw_exec, java, or docker with network_mode = "host") has neither. Yet NOMAD_PORT_<label> follows to, so a process that obeys it binds a number nobody is sent to, while the service and its check use the host port.',
  fix: ({ 'alloc.listening': ports }) => {
    const found = unmapped(ports)
    return [
      {
        do: `Delete to from port "${found?.label ?? ''}" and let the process bind NOMAD_PORT_${found?.label ?? '<label>'}`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
      {
        do: `Or keep the number: static = ${found?.to ?? '<port>'} without to; or mode = "bridge", which maps it`,
        on: 'job file',
        risk: 'A static port needs to be free on the client; bridge mode needs the CNI plug-ins there',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#to',
    'https://github.com/hashicorp/nomad/issues/5340',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'raw_exec in host mode with to = 8080',
      given: {
        'group.network.mode': 'host',
        'alloc.status': 'running',
        'alloc.listening': [
          listening({ namespace: 'host', mapper: 'nobody', inside: 25000, state: 'closed', atTo: true }),
        ],
      },
      then: 'present',
    },
    {
      name: 'the process binds the host port',
      given: {
        'group.network.mode': 'host',
        'alloc.status': 'running',
        'alloc.listening': [
          listening({ namespace: 'host', mapper: 'nobody', inside: 25000, state: 'open', atTo: true }),
        ],
      },
      then: 'absent',
    },
    {
      name: 'the task does not run',
      given: { 'group.network.mode': 'host', 'alloc.status': 'pending', 'alloc.listening': [] },
      then: 'absent',
    },
    {
      name: 'in a bridge group the CNI plug-in maps it',
      given: { 'group.network.mode': 'bridge', 'alloc.status': 'running', 'alloc.listening': [listening()] },
      then: 'absent',
    },
  ],
})
