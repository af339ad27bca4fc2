import { edits, set } from '../../edit.ts'
import { resaid } from '../../edit-said.ts'
import type { Edit } from '../../edit.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { DeclaredPort, Said } from '../../shapes/said.ts'
import { elsewhere, heardAt, heardOutside, loops, mentionsAny, servers } from '../../said.ts'
import { declared, portless, said } from '../../said-samples.ts'
import { fault } from '../../fault.ts'
import { elsewhereOf, namedElsewhere } from '../../listens-elsewhere.ts'
import type { ListeningPort } from '../../shapes/port.ts'
import { group, listening, task } from '../../samples.ts'

const wrong = (ports: readonly ListeningPort[]) =>
  ports.filter(
    ({ state, to, mapper, ...rest }) =>
      state === 'closed' && to !== undefined && mapper !== 'nobody' && elsewhereOf(rest).numbers.length > 0,
  )

/** The variable of the port inside in the place of the one outside. */
const inward = (said: Said): readonly Edit[] | undefined =>
  resaid(said, `NOMAD_HOST_PORT_${said.label}`, `NOMAD_PORT_${said.label}`)
const told = ({ port, label }: Said): string => String(port ?? `\${NOMAD_HOST_PORT_${label}}, the port outside`)
const bindToo = {
  do: 'And let the application bind 0.0.0.0 (or [::]): where it listens now, only its own allocation reaches it',
  on: 'job file',
  risk: 'The port becomes reachable from the network',
} as const
const severalListen = 'the application listens on several ports, and which one is meant is not measured'

/** The task says where it listens, the number of `to` stands nowhere in its texts, and no other port is meant. */
function missed(ports: readonly DeclaredPort[], listens: readonly Said[], spec: GroupSpec) {
  for (const port of ports) {
    const {
      inside,
      port: { to = 0 },
      namespace,
    } = port
    if (to <= 0 || inside !== to || (namespace !== 'group' && namespace !== 'container')) continue
    const tasks = servers(port, spec)
    const outside = port.port.static === to ? undefined : heardOutside(port, listens)
    if (outside && tasks.length === 1 && heardAt(port, listens).length === 0 && !mentionsAny(tasks, [to]))
      return { port, at: outside, more: [] }
    const all = elsewhere(port, ports, listens)
    const [at, ...more] = all.filter(({ host }) => !loops(host))
    // Of several tasks each one has to say where it listens: the silent one may be meant.
    const told = tasks.every(({ name }) => all.some(({ task }) => task === name))
    if (at && told && !mentionsAny(tasks, [to, `NOMAD_PORT_${port.label}`]))
      return { port, at, more: tasks.length === 1 ? [] : more }
  }
  return undefined
}

export const wrongToPort = fault({
  id: 'wrong-to-port',
  about: 'alloc',
  title: 'The port is mapped to a number on which nothing listens',
  layer: 'port',
  severity: 'breaks',
  heard: [
    'dial tcp <address>:<port>: connect: connection refused',
    'Get "http://<address>:<port>/": dial tcp <address>:<port>: connect: connection refused',
    'curl: (7) Failed to connect to <address> port <port>: Connection refused',
    'curl: (56) Recv failure: Connection reset by peer',
  ],
  onlyWhen: { 'alloc.status': ['running'] },
  needs: ['alloc.listening', 'group.spec'],
  shows: ['alloc.listening'],
  holds: ({ 'alloc.listening': ports }) => {
    const all = wrong(ports)
    const [found] = all
    return found
      ? {
          says: `Port ${found.label} is mapped to ${found.inside}, where nothing listens; the application listens on ${namedElsewhere(found)}`,
          ports: all.map(({ label }) => label),
        }
      : false
  },
  byHand: 'ss -ltnp in the network namespace of the allocation: no line with the port of to, but another one.',
  explains: [
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    'The mapping is in place and does what it was told: it rewrites the packet to the port of to. In the namespace no socket has that number, so the kernel answers with a reset and the caller sees connection refused at once. Nomad cannot know what the application listens on.',
  fix: ({ 'alloc.listening': ports, 'group.spec': { network } }) => {
    const [found] = wrong(ports)
    const block = network?.ports.find(({ label }) => label === found?.label)
    const [number, ...more] = found ? elsewhereOf(found).numbers : []
    return [
      {
        do: `Set to = ${number ?? '<port of the application>'} in port "${found?.label ?? ''}", or make the application listen on ${found?.inside ?? 'the port of to'}`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(
          block && number !== undefined && more.length === 0 ? [set(block, 'to', number)] : undefined,
          more.length > 0 ? severalListen : 'the job has no such port block',
        ),
      },
      ...(found && elsewhereOf(found).hidden ? [bindToo] : []),
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/network#to'],
  since: '0.1.0',
  examples: [
    {
      name: 'to = 80, the application listens on 8080',
      given: {
        'alloc.status': 'running',
        'group.spec': group(),
        'alloc.listening': [listening({ to: 80, inside: 80, state: 'closed', others: [8080] })],
      },
      then: 'present',
    },
    {
      name: 'to = 80, the application listens on 8080, on loopback only',
      given: {
        'alloc.status': 'running',
        'group.spec': group(),
        'alloc.listening': [listening({ to: 80, inside: 80, state: 'closed', onLoopback: [8080] })],
      },
      then: 'present',
    },
    {
      name: 'something listens there',
      given: { 'alloc.status': 'running', 'group.spec': group(), 'alloc.listening': [listening()] },
      then: 'absent',
    },
    {
      name: 'nobody maps here, which is another fault',
      given: {
        'alloc.status': 'running',
        'group.spec': group(),
        'alloc.listening': [listening({ mapper: 'nobody', namespace: 'host', state: 'closed', others: [8080] })],
      },
      then: 'absent',
    },
    {
      name: 'the task does not run',
      given: {
        'alloc.status': 'failed',
        'group.spec': group(),
        'alloc.listening': [listening({ state: 'closed', others: [8080] })],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.ports', 'group.listens', 'group.spec'],
    holds: ({ 'group.ports': ports, 'group.listens': listens, 'group.spec': spec }) => {
      const found = missed(ports, listens, spec)
      return found
        ? {
            says: `Port ${found.port.label} is mapped to ${found.port.inside}, but ${[found.at, ...found.more].map((one) => `task ${one.task} is told to listen on ${told(one)}`).join(', and ')}`,
            at: found.at.port === undefined ? found.at.at : [found.port.port, 'to'],
          }
        : false
    },
    fix: ({ 'group.ports': ports, 'group.listens': listens, 'group.spec': spec }) => {
      const found = missed(ports, listens, spec)
      if (found?.at.outside)
        return [
          {
            do: `Write \${NOMAD_PORT_${found.at.label}}, the port inside, instead of \${NOMAD_HOST_PORT_${found.at.label}}`,
            on: 'job file',
            risk: 'The allocation is replaced',
            ...edits(inward(found.at), 'the variable is not in one text of the job'),
          },
        ]
      return [
        {
          do: `Set to = ${found?.at.port ?? '<port of the application>'} in port "${found?.port.label ?? ''}"`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            found?.at.port !== undefined && found.more.length === 0
              ? [set(found.port.port, 'to', found.at.port)]
              : undefined,
            found?.more.length === 0
              ? 'the number is not in the job'
              : 'which of the tasks the port is for is not said',
          ),
        },
      ]
    },
    examples: [
      {
        name: 'to = 8080, the arguments say 8000',
        given: { 'group.ports': [declared()], 'group.listens': [said({ port: 8000 })], 'group.spec': group() },
        then: 'present',
      },
      {
        name: 'the arguments say the port outside',
        given: {
          'group.ports': [declared()],
          'group.listens': [portless({ label: 'http', outside: true })],
          'group.spec': group(),
        },
        then: 'present',
      },
      {
        name: 'each of two tasks says another port',
        given: {
          'group.ports': [declared({ servers: ['server', 'worker'] })],
          'group.listens': [said({ port: 8000 }), said({ task: 'worker', port: 9000 })],
          'group.spec': group({ tasks: [task({ name: 'server' }), task({ name: 'worker' })] }),
        },
        then: 'present',
      },
      {
        name: 'the other task does not say where it listens',
        given: {
          'group.ports': [declared({ servers: ['server', 'worker'] })],
          'group.listens': [said({ port: 8000 })],
          'group.spec': group({ tasks: [task({ name: 'server' }), task({ name: 'worker' })] }),
        },
        then: 'absent',
      },
      {
        name: 'a proxy of the mesh may listen there',
        given: {
          'group.ports': [declared({ proxied: true })],
          'group.listens': [said({ port: 8000 })],
          'group.spec': group(),
        },
        then: 'absent',
      },
      {
        name: 'it listens where the port leads',
        given: {
          'group.ports': [declared()],
          'group.listens': [said(), said({ port: 9000, what: 'admin' })],
          'group.spec': group(),
        },
        then: 'absent',
      },
      {
        name: 'the number is of another port, or for something else',
        given: {
          'group.ports': [declared()],
          'group.listens': [said({ port: 9100, what: 'metrics' })],
          'group.spec': group(),
        },
        then: 'absent',
      },
    ],
  },
})
