import { clientOf, told, within } from '../../clients.ts'
import { each, stepsOf } from '../../each.ts'
import { edits, set } from '../../edit.ts'
import { fault, type Wrong } from '../../fault.ts'
import { wrongPorts } from '../../port-ranges.ts'
import { quoted } from '../../quoted.ts'
import { usualDynamic } from '../../port-ranges.ts'

type Agent = Readonly<Record<string, unknown>>

const invalid =
  /Invalid dynamic port range: [^\n]*|(?:host_network\["[^"]*"\]\.)?reserved(?:\.reserved)?_ports "[^"]*" invalid: [^\n]*/

/** The smaller end is the larger number. */
function turned(agent: Agent): { readonly min: number; readonly max: number } | undefined {
  const client = clientOf(agent)
  const min = Number(told(client, 'MinDynamicPort') || usualDynamic.min)
  const max = Number(told(client, 'MaxDynamicPort') || usualDynamic.max)
  return min > max || max > 65_535 ? { min, max } : undefined
}

function wrongRange(agent: Agent): readonly Wrong[] {
  const found = turned(agent)
  if (!found) return []
  const client = clientOf(agent)
  const [least, most] = [told(client, 'MinDynamicPort'), told(client, 'MaxDynamicPort')]
  const swapped = least !== '' && most !== '' && found.max <= found.min && found.min <= 65_535
  return [
    {
      says: `The dynamic range goes from ${found.min} to ${found.max}, which is no range of ports: the agent refuses to start`,
      at: [client, least === '' ? 'max_dynamic_port' : 'min_dynamic_port'],
      fix: [
        {
          do: 'Write the smaller number as min_dynamic_port and the larger one as max_dynamic_port, neither above 65535',
          on: 'client configuration',
          risk: 'The client agent has to be restarted',
          ...edits(
            swapped
              ? [set(client, 'min_dynamic_port', found.max), set(client, 'max_dynamic_port', found.min)]
              : undefined,
            'the configuration does not say which range is meant',
          ),
        },
      ],
    },
  ]
}

/** Lists of reserved ports, of the client and of each of its host networks. */
function wrongLists(agent: Agent): readonly Wrong[] {
  const client = clientOf(agent)
  const networks = Array.isArray(client['HostNetworks']) ? (client['HostNetworks'] as readonly Agent[]) : []
  const lists = [
    { block: within(client, 'Reserved'), called: 'reserved' },
    ...networks.map((block) => ({ block, called: `host_network "${told(block, 'Name')}"` })),
  ]
  return lists.flatMap(({ block, called }) => {
    const list = told(block, 'ReservedPorts')
    const why = wrongPorts(list)
    return why === undefined
      ? []
      : [
          {
            says: `reserved_ports = "${list}" of ${called} is no list of ports (${why}): the agent refuses to start`,
            at: [block, 'reserved_ports'] as const,
            fix: [
              {
                do: 'Write reserved_ports as ports and ranges with commas between them: 22,80,8500-8600',
                on: 'client configuration',
                risk: 'The client agent has to be restarted',
                ...edits(undefined, 'the configuration does not say which ports are meant'),
              },
            ],
          },
        ]
  })
}

export const dynamicRangeInvalid = fault({
  id: 'dynamic-range-invalid',
  about: 'node',
  title: 'The agent does not start, because its port ranges are no ranges',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Invalid dynamic port range: min_dynamic_port=<port> and max_dynamic_port=<port>',
    'reserved.reserved_ports "<ports>" invalid: <error>',
    'host_network["<name>"].reserved_ports "<ports>" invalid: <error>',
  ],
  onlyWhen: { 'node.up': ['down'] },
  needs: ['node.agent-log'],
  holds: ({ 'node.agent-log': log }) => {
    const [found] = invalid.exec(log) ?? []
    return found === undefined ? false : `The agent ended with: ${quoted(found, 200)}`
  },
  byHand:
    'Start the agent by hand: it prints the setting and ends. nomad config validate does not find an inverted range.',
  explains: ['nsd-stale-registration', 'consul-stale-service', 'ingress-absent-on-node'],
  because:
    'min_dynamic_port, max_dynamic_port and reserved_ports are checked when the agent starts. A range whose beginning lies behind its end, a number above 65535, or a list that cannot be read stops the agent at once. The servers see the client as down, and its allocations are lost.',
  fix: () => [
    {
      do: 'Correct min_dynamic_port, max_dynamic_port or reserved_ports in the client block: numbers up to 65535, the smaller one first, lists like 22,80,8500-8600',
      on: 'client configuration',
      risk: 'none',
    },
    { do: 'Start the agent', on: 'client', run: ['systemctl', 'start', 'nomad'], risk: 'none' },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#min_dynamic_port',
    'command/agent/command.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the wrong way round',
      given: {
        'node.up': 'down',
        'node.agent-log': '==> Invalid dynamic port range: min_dynamic_port=32000 and max_dynamic_port=20000',
      },
      then: 'present',
    },
    {
      name: 'it is down for another reason',
      given: { 'node.up': 'down', 'node.agent-log': 'client setup failed: No default interface found' },
      then: 'absent',
    },
    {
      name: 'it runs; the log is from before',
      given: {
        'node.up': 'up',
        'node.agent-log': '==> Invalid dynamic port range: min_dynamic_port=32000 and max_dynamic_port=20000',
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'node',
    needs: ['node.agent'],
    holds: ({ 'node.agent': agent }) => each([...wrongRange(agent), ...wrongLists(agent)]),
    fix: ({ 'node.agent': agent }) => stepsOf([...wrongRange(agent), ...wrongLists(agent)]),
    examples: [
      {
        name: 'the wrong way round',
        given: { 'node.agent': { Client: { MinDynamicPort: '32000', MaxDynamicPort: '20000' } } },
        then: 'present',
      },
      {
        name: 'a list of ports that is none',
        given: { 'node.agent': { Client: { HostNetworks: [{ Name: 'pub', ReservedPorts: '22,80x' }] } } },
        then: 'present',
      },
      {
        name: 'lists of ports',
        given: { 'node.agent': { Client: { Reserved: { ReservedPorts: '22, 80,8500-8600' } } } },
        then: 'absent',
      },
      { name: "Nomad's own range", given: { 'node.agent': { Client: {} } }, then: 'absent' },
    ],
  },
})
