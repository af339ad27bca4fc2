import { edits, set } from '../../edit.ts'
import { filledIn, resaid } from '../../edit-said.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { DeclaredPort, Said } from '../../shapes/said.ts'
import { elsewhere, loops, mentionsAny, servers } from '../../said.ts'
import { declared, said } from '../../said-samples.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { elsewhereOf, namedElsewhere } from '../../listens-elsewhere.ts'
import type { ListeningPort } from '../../shapes/port.ts'
import { group, listening, task, unmappedPort } from '../../samples.ts'

/** The variable in the place of the number. */
const told = (said: Said, label: string): readonly Edit[] | undefined =>
  resaid(said, String(said.port), filledIn(said, `NOMAD_PORT_${label.replace(/\W/g, '_')}`))

const ignored = (ports: readonly ListeningPort[]) =>
  ports.filter(
    ({ state, to, ...rest }) => state === 'closed' && to === undefined && elsewhereOf(rest).numbers.length > 0,
  )

/** The number outside, which is the one inside as well, reaches no text of the task, and another one stands there instead. */
function deaf(ports: readonly DeclaredPort[], listens: readonly Said[], spec: GroupSpec) {
  for (const port of ports) {
    const {
      label,
      namespace,
      mapper,
      port: { static: host = 0, to = 0 },
    } = port
    if (to > 0 || namespace === 'unsure' || namespace === 'elsewhere') continue
    // A static port is there for whoever knows its number; one that nobody maps and no service has may be a reservation.
    if (
      port.service === undefined
        ? host === 0 || namespace === 'host' || mapper === 'nobody'
        : host > 0 && namespace !== 'host' && mapper === 'nobody'
    )
      continue
    const told = ['PORT', 'ADDR', 'HOST_PORT', 'HOST_ADDR', 'ALLOC_PORT', 'ALLOC_ADDR'].map(
      (one) => `NOMAD_${one}_${label.replace(/\W/g, '_')}`,
    )
    if (mentionsAny(spec.tasks, host > 0 ? [...told, host] : told)) continue
    const [at] = elsewhere(port, ports, listens).filter((one) => !loops(one.host))
    if (at && servers(port, spec).length === 1) return { port, at }
  }
  return undefined
}

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
    const all = ignored(ports)
    const [found] = all
    return found
      ? {
          says: `Port ${found.label} has no to, so the process must listen on ${found.inside}; it listens on ${namedElsewhere(found)} instead`,
          ports: all.map(({ label }) => label),
        }
      : false
  },
  byHand:
    'ss -ltnp in the network namespace of the allocation shows the application on another port than nomad alloc status prints.',
  explains: [
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    'A port block without to means: the number the scheduler chose is the number inside as well. The process learns it from NOMAD_PORT_<label> and has to bind it. An application that stays on its default port is never reached: packets arrive at a port without a socket and are refused.',
  fix: ({ 'alloc.listening': ports }) => {
    const [found] = ignored(ports)
    const [other] = found ? elsewhereOf(found).numbers : []
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
  foretold: {
    about: 'group',
    needs: ['group.ports', 'group.listens', 'group.spec'],
    holds: ({ 'group.ports': ports, 'group.listens': listens, 'group.spec': spec }) => {
      const found = deaf(ports, listens, spec)
      return found
        ? {
            says: `Port ${found.port.label} ${found.port.port.static ? (found.port.namespace === 'host' ? `is static ${found.port.port.static}, which is where the process must listen` : `is static ${found.port.port.static} without a to, so it leads to ${found.port.port.static} inside`) : `has no number and no to, so the process must listen on NOMAD_PORT_${found.port.label}`}; task ${found.at.task} is told to listen on ${found.at.port} instead`,
            at: found.at.at,
          }
        : false
    },
    fix: ({ 'group.ports': ports, 'group.listens': listens, 'group.spec': spec }) => {
      const found = deaf(ports, listens, spec)
      if (found?.port.port.static && found.port.namespace !== 'host' && found.at.port !== undefined)
        return [
          {
            do: `Set to = ${found.at.port} in port "${found.port.label}"`,
            on: 'job file',
            risk: 'The allocation is replaced',
            ...edits([set(found.port.port, 'to', found.at.port)], 'the number is not in the job'),
          },
        ]
      return [
        {
          do: `Put \${NOMAD_PORT_${found?.port.label ?? '<label>'}} in the place of ${found?.at.port ?? 'the number'}${found?.port.namespace === 'host' ? '' : `, or add to = ${found?.at.port ?? '<port>'} to the port block`}`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(found && told(found.at, found.port.label), 'the number does not stand in one text'),
        },
      ]
    },
    meets: ({ 'alloc.listening': heard }, { 'group.ports': ports, 'group.listens': listens, 'group.spec': spec }) => {
      const found = deaf(ports, listens, spec)
      return ignored(heard).some(
        ({ label, others }) => label === found?.port.label && others.some((port) => port === found.at.port),
      )
    },
    examples: [
      {
        name: 'the arguments name 9187',
        given: {
          'group.ports': [
            declared({ port: { label: 'http', hostNetwork: 'default' }, namespace: 'host', mapper: 'nobody' }),
          ],
          'group.listens': [said({ port: 9187 })],
          'group.spec': group(),
        },
        then: 'present',
      },
      {
        name: 'a static port without to, mapped to its own number',
        given: {
          'group.ports': [declared({ port: { label: 'http', static: 80, hostNetwork: 'default' }, inside: 80 })],
          'group.listens': [said({ port: 3000 })],
          'group.spec': group(),
        },
        then: 'present',
      },
      {
        name: 'a static port of a task in the network of the client only reserves',
        given: {
          'group.ports': [
            {
              label: 'http',
              port: { label: 'http', static: 80, hostNetwork: 'default' },
              inside: 80,
              namespace: 'host',
              mapper: 'nobody',
              servers: ['server'],
            },
          ],
          'group.listens': [said({ port: 3000 })],
          'group.spec': group(),
        },
        then: 'absent',
      },
      {
        name: 'a service registers that port of the client',
        given: {
          'group.ports': [
            declared({
              port: { label: 'http', static: 80, hostNetwork: 'default' },
              inside: 80,
              namespace: 'host',
              mapper: 'nobody',
            }),
          ],
          'group.listens': [said({ port: 3000 })],
          'group.spec': group(),
        },
        then: 'present',
      },
      {
        name: 'the number is handed over',
        given: {
          'group.ports': [declared({ port: { label: 'http', hostNetwork: 'default' } })],
          'group.listens': [said({ port: 9187 })],
          'group.spec': group({ tasks: [task({ env: { LISTEN: ':${NOMAD_PORT_http}' } })] }),
        },
        then: 'absent',
      },
    ],
  },
})
