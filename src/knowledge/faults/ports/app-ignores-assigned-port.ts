import { fault } from '../../fault.ts'
import type { ListeningPort } from '../../shapes/port.ts'
import { listening, unmappedPort } from '../../samples.ts'

const ignored = (ports: readonly ListeningPort[]) =>
  ports.find(({ state, to, others }) => state === 'closed' && to === undefined && others.length > 0)

export const appIgnoresAssignedPort = fault({
  id: 'app-ignores-assigned-port',
  about: 'alloc',
  title: 'The application does not listen on the port it was given',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    'Get "http://<address>:<port>/": dial tcp <address>:<port>: connect: connection refused',
  ],
  onlyWhen: { 'alloc.status': ['running'] },
  needs: ['alloc.listening'],
  holds: ({ 'alloc.listening': ports }) => {
    const found = ignored(ports)
    return found
      ? `Port ${found.label} has no to, so the process must listen on ${found.inside}; it listens on ${found.others.join(', ')} instead`
      : false
  },
  byHand:
    'ss -ltnp in the network namespace of the allocation shows the application on another port than nomad alloc status prints.',
  explains: [],
  because:
    'A port block without to means: the number the scheduler chose is the number inside as well. The process learns it from NOMAD_PORT_<label> and has to bind it. An application that stays on its default port is never reached: packets arrive at a port without a socket and are refused.',
  fix: ({ 'alloc.listening': ports }) => {
    const found = ignored(ports)
    const [other] = found?.others ?? []
    const pass = {
      do: `Make the application listen on NOMAD_PORT_${found?.label ?? '<label>'} (environment, arguments or a template)`,
      on: 'job file',
      risk: 'The allocation is replaced',
    }
    return found?.namespace === 'host'
      ? [pass]
      : [
          {
            do: `Add to = ${other ?? '<port of the application>'} to port "${found?.label ?? ''}"`,
            on: 'job file',
            risk: 'The allocation is replaced',
          },
          { ...pass, do: `Or: ${pass.do}` },
        ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#mapped-ports',
    'https://developer.hashicorp.com/nomad/docs/networking',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'it stays on 8080',
      given: { 'alloc.status': 'running', 'alloc.listening': [unmappedPort({ state: 'closed', others: [8080] })] },
      then: 'present',
    },
    {
      name: 'with a to it is another fault',
      given: { 'alloc.status': 'running', 'alloc.listening': [listening({ state: 'closed', others: [8080] })] },
      then: 'absent',
    },
    {
      name: 'nothing listens at all: the application is not up',
      given: { 'alloc.status': 'running', 'alloc.listening': [unmappedPort({ state: 'closed' })] },
      then: 'absent',
    },
    {
      name: 'the task does not run',
      given: { 'alloc.status': 'failed', 'alloc.listening': [unmappedPort({ state: 'closed', others: [8080] })] },
      then: 'absent',
    },
  ],
})
