import { edits, reword } from '../../edit.ts'
import { clean, tells } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { GroupSpec, PortSpec, TaskText } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

/** The task a port is surely meant for: the one its service names, or the one that is called like the port. */
function owner({ services, tasks }: GroupSpec, { label }: PortSpec): string | undefined {
  const named = [...services, ...tasks.flatMap((task) => task.services)].find(({ port }) => port === label)
  const called = tasks.map(({ name }) => name).find((name) => clean(name) === clean(label))
  return named?.task ?? called
}

/** A task that dials the host port of a sibling. What it only tells others is none. */
function dialled(texts: readonly TaskText[], spec: GroupSpec) {
  return (spec.network?.ports ?? [])
    .flatMap((port) => {
      const pattern = new RegExp(`NOMAD_(?:HOST_)?(?:ADDR|IP)_${clean(port.label)}(?!\\w)`)
      const at = texts.find(({ text, variable = '' }) => pattern.test(text) && !tells(variable) && !tells(text))
      const sibling = owner(spec, port)
      const own = at !== undefined && sibling !== undefined && !at.from.endsWith(`of task ${sibling}`)
      return own ? [{ port, sibling, at, name: pattern.exec(at.text)?.[0] ?? '' }] : []
    })
    .at(0)
}

const booking = group({
  network: {
    mode: 'bridge',
    ports: [
      { label: 'http', to: 8080, hostNetwork: 'default' },
      { label: 'cache', to: 6379, hostNetwork: 'default' },
    ],
  },
  tasks: [task({ name: 'cache' }), task({ name: 'api' })],
})
const env = (text: string, variable = 'REDIS_ADDR', owner = 'api'): readonly TaskText[] => [
  { kind: 'env', from: `env ${variable} of task ${owner}`, text, variable },
]

export const ownGroupViaHostAddress = fault({
  id: 'own-group-via-host-address',
  about: 'task',
  title: "A task of a bridge group calls its sibling by the client's address and host port",
  layer: 'bridge',
  severity: 'risks',
  heard: ['dial tcp <address>:<port>: i/o timeout', 'Connection timed out'],
  onlyWhen: { 'group.network.mode': ['bridge', 'cni'], 'task.namespace': ['group'] },
  needs: ['task.texts', 'group.spec'],
  holds: ({ 'task.texts': texts, 'group.spec': spec }) => {
    const found = dialled(texts, spec)
    return found
      ? {
          says: `${begun(found.at.from)} takes ${found.name} for its sibling ${found.sibling}: out to the client and back into the same namespace, which times out where the bridge does not turn packets around`,
          at: [found.at, 'text', found.name],
        }
      : false
  },
  intended: 'where hairpin mode of the bridge is on',
  byHand:
    'In the task: a connection to NOMAD_ADDR_<label> times out, one to 127.0.0.1 and the port inside works. On the client: nomad.bridge.hairpin_mode is false and net.bridge.bridge-nf-call-iptables is 1.',
  explains: [],
  because:
    'Tasks of a bridge group share one network namespace, so a sibling is on 127.0.0.1. NOMAD_ADDR_<label> is the address of the client: the packet leaves the namespace, is translated back to where it came from, and would have to leave the bridge by the port it came in. With hairpin mode off, the default, and br_netfilter active it is dropped.',
  fix: ({ 'task.texts': texts, 'group.spec': spec }) => {
    const found = dialled(texts, spec)
    const port = found?.port
    const inside = (port?.to ?? 0) > 0 ? port?.to : port?.static
    return [
      {
        do: `Use 127.0.0.1:${port?.to ?? port?.static ?? `\${NOMAD_PORT_${clean(port?.label ?? '<label>')}}`} instead of the variable`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(
          found && inside !== undefined
            ? [
                reword(
                  found.at,
                  'text',
                  `\${${found.name}}`,
                  found.name.includes('_IP_') ? '127.0.0.1' : `127.0.0.1:${inside}`,
                ),
              ]
            : undefined,
          'the number inside is not in the job',
        ),
      },
      {
        do: 'Or set bridge_network_hairpin_mode = true in the client block (Nomad 1.5.0 and newer)',
        on: 'client configuration',
        risk: 'The agent restarts; running allocations keep the old mode',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking#bridge-networking',
    'https://developer.hashicorp.com/nomad/docs/configuration/client#bridge_network_hairpin_mode',
    'https://github.com/hashicorp/nomad/issues/13352',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the cache next door',
      given: {
        'group.network.mode': 'bridge',
        'task.namespace': 'group',
        'task.texts': env('${NOMAD_ADDR_cache}'),
        'group.spec': booking,
      },
      then: 'present',
    },
    {
      name: 'its own address, for telling others',
      given: {
        'group.network.mode': 'bridge',
        'task.namespace': 'group',
        'task.texts': env('${NOMAD_ADDR_cache}', 'ADVERTISED_ADDR', 'cache'),
        'group.spec': booking,
      },
      then: 'absent',
    },
    {
      name: 'whose port it is cannot be told',
      given: {
        'group.network.mode': 'bridge',
        'task.namespace': 'group',
        'task.texts': env('${NOMAD_ADDR_http}'),
        'group.spec': booking,
      },
      then: 'absent',
    },
    {
      name: 'in host mode the variable is the way',
      given: {
        'group.network.mode': 'host',
        'task.namespace': 'container',
        'task.texts': env('${NOMAD_ADDR_cache}'),
        'group.spec': booking,
      },
      then: 'absent',
    },
    {
      name: 'a task that left the namespace',
      given: {
        'group.network.mode': 'bridge',
        'task.namespace': 'container',
        'task.texts': env('${NOMAD_ADDR_cache}'),
        'group.spec': booking,
      },
      then: 'absent',
    },
  ],
})
