import { edits, reword } from '../../edit.ts'
import { clean, tells } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group } from '../../samples.ts'
import type { GroupSpec, PortSpec, TaskText } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

/** The address of the host, glued to the port inside: what it should be is NOMAD_HOST_PORT. */
const pair =
  /\$?\{+\s*(?:env\s+")?NOMAD_(?:HOST_)?IP_([\w-]+)"?\s*\}+:\$?\{+\s*(?:env\s+")?NOMAD_(?:ALLOC_)?PORT_([\w-]+)"?\s*\}+/g

/** Text before the pair, as far as it tells what the pair is for. */
const before = (text: string, at: number): string =>
  text
    .slice(Math.max(0, at - 80), at)
    .split('\n')
    .at(-1) ?? ''

function told(
  texts: readonly TaskText[],
  { network }: GroupSpec,
): { port: PortSpec; at: TaskText; pair: string } | undefined {
  return texts
    .flatMap((at) =>
      [...at.text.matchAll(pair)]
        .filter((found) => tells(at.variable ?? '') || tells(before(at.text, found.index)))
        .flatMap(([own, , label = '']) => {
          const port = network?.ports.find((one) => one.label === label || clean(one.label) === label)
          return port && (port.to ?? 0) > 0 && port.to !== port.static ? [{ port, at, pair: own }] : []
        }),
    )
    .at(0)
}

const advertising = (text: string): readonly TaskText[] => [
  { kind: 'env', from: 'env KAFKA_ADVERTISED_LISTENERS of task kafka', text, variable: 'KAFKA_ADVERTISED_LISTENERS' },
]

export const advertisesContainerPort = fault({
  id: 'advertises-container-port',
  about: 'task',
  title: "The application tells others the host's address with the port inside the allocation",
  layer: 'name',
  severity: 'breaks',
  heard: ['Connection to node <n> (<address>:<port>) could not be established. Broker may not be available.'],
  needs: ['task.texts', 'group.spec'],
  holds: ({ 'task.texts': texts, 'group.spec': spec }) => {
    const found = told(texts, spec)
    return found
      ? {
          says: `${begun(found.at.from)} announces the client's address with NOMAD_PORT_${clean(found.port.label)}, which is ${found.port.to}, the port inside; from elsewhere port ${found.port.label} has ${found.port.static === undefined ? 'a dynamic number' : `number ${found.port.static}`}`,
          at: [found.at, 'text', `NOMAD_PORT_${clean(found.port.label)}`],
        }
      : false
  },
  byHand:
    'Compare what the application announces (its logs, or env in the task) with the address and port that nomad alloc status prints.',
  explains: ['container-port-on-client-address'],
  because:
    'NOMAD_PORT_<label> is the port the process has to listen on: the value of to, where there is one. NOMAD_IP_<label> is the address of the client. Together they name a port on the client that nobody maps. Cluster software (brokers, search engines, databases) hands what it announces to its peers and clients, so the first connection works and every following one fails.',
  fix: ({ 'task.texts': texts, 'group.spec': spec }) => {
    const found = told(texts, spec)
    const label = clean(found?.port.label ?? '<label>')
    return [
      {
        do: `Announce \${NOMAD_ADDR_${label}}, or NOMAD_IP_${label} with NOMAD_HOST_PORT_${label}`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(
          found && [
            reword(found.at, 'text', found.pair, found.pair.replace(/NOMAD_(?:ALLOC_)?PORT_/, 'NOMAD_HOST_PORT_')),
          ],
          'the text is put together elsewhere',
        ),
      },
      {
        do: `Or make port ${label} the same inside and outside: a static number equal to to`,
        on: 'job file',
        risk: 'One allocation per client',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings',
    'https://github.com/hashicorp/nomad/issues/539',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a broker announces its container port',
      given: { 'task.texts': advertising('PLAINTEXT://${NOMAD_IP_http}:${NOMAD_PORT_http}'), 'group.spec': group() },
      then: 'present',
    },
    {
      name: 'it announces the host port',
      given: {
        'task.texts': advertising('PLAINTEXT://${NOMAD_IP_http}:${NOMAD_HOST_PORT_http}'),
        'group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'the port is the same on both sides',
      given: {
        'task.texts': advertising('PLAINTEXT://${NOMAD_IP_http}:${NOMAD_PORT_http}'),
        'group.spec': group({
          network: { mode: 'bridge', ports: [{ label: 'http', static: 8080, to: 8080, hostNetwork: 'default' }] },
        }),
      },
      then: 'absent',
    },
    {
      name: 'the text is for listening, not for telling',
      given: {
        'task.texts': [
          {
            kind: 'env',
            from: 'env LISTEN of task server',
            text: '${NOMAD_IP_http}:${NOMAD_PORT_http}',
            variable: 'LISTEN',
          },
        ],
        'group.spec': group(),
      },
      then: 'absent',
    },
  ],
})
