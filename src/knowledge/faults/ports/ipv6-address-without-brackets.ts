import type { Member } from '../../facts.ts'
import { whereIn } from '../../said.ts'
import { cidrs } from '../../clients.ts'
import { fault } from '../../fault.ts'
import { group, nodeDocument, record, task } from '../../samples.ts'
import type { AllocRecord, NodeDocument } from '../../shapes/runtime.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** Address and port glued together: correct for IPv4 only. */
const glued = /(.?)\$\{NOMAD_(?:HOST_)?IP_([\w-]+)\}:(?:\d|\$\{)/g

function unbracketed({ tasks }: GroupSpec, { ports }: AllocRecord) {
  return tasks
    .flatMap((task) =>
      [...JSON.stringify([task.config, task.env]).matchAll(glued)]
        .filter(([, before]) => before !== '[')
        .flatMap(([, , label = '']) => {
          const port = ports.find((one) => one.label === label && one.hostIp.includes(':'))
          return port ? [{ task: task.name, port }] : []
        }),
    )
    .at(0)
}

const six = { label: 'http', hostIp: 'fd00:77::11', hostPort: 25_001, to: 8080, hostNetwork: 'global6' }
const url = (text: string): GroupSpec => group({ tasks: [task({ env: { PUBLIC_URL: text } })] })

/** An address that is IPv6 on every client, glued to a port. */
function gluedSix({ network, tasks }: GroupSpec, documents: readonly Member<NodeDocument>[]) {
  for (const port of network?.ports ?? []) {
    const all = cidrs(documents, port.hostNetwork)
    if (all.length === 0 || !all.every((one) => one.includes(':'))) continue
    for (const task of tasks)
      for (const variable of ['IP', 'HOST_IP']) {
        const text = `\${NOMAD_${variable}_${port.label}}:`
        const at = whereIn(task, text)
        if (at && !whereIn(task, `[${text.slice(0, -1)}]`)) return { port, task, text, at }
      }
  }
  return undefined
}
const global6 = (cidr: string) => [
  {
    about: 'node:c1',
    id: 'node:1',
    value: nodeDocument({ hostNetworks: [{ name: 'global6', cidr, interface: '', reservedPorts: '' }] }),
  },
]
const onGlobal6 = group({
  network: { mode: 'bridge', ports: [{ label: 'http', hostNetwork: 'global6' }] },
  tasks: [task({ env: { PUBLIC_URL: 'http://${NOMAD_IP_http}:${NOMAD_HOST_PORT_http}/' } })],
})

export const ipv6AddressWithoutBrackets = fault({
  id: 'ipv6-address-without-brackets',
  about: 'alloc',
  title: 'An IPv6 address is glued to a port without brackets',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'dial tcp: address <address>:<port>: too many colons in address',
    'parse "http://<address>:<port>": invalid port',
    'invalid literal for int() with base 10',
  ],
  needs: ['group.spec', 'alloc.record'],
  holds: ({ 'group.spec': spec, 'alloc.record': record }) => {
    const found = unbracketed(spec, record)
    return found
      ? `Task ${found.task} builds address and port from NOMAD_IP_${found.port.label}, which is ${found.port.hostIp} on ${record.nodeName}: without brackets nobody can tell where the address ends`
      : false
  },
  byHand: 'env in the task: a value with an IPv6 address and a port has no [ and ].',
  explains: [],
  because:
    'An IPv6 address holds colons itself, so with a port it is written as [address]:port. NOMAD_ADDR_<label> is written that way; NOMAD_IP_<label> is the bare address, and "${NOMAD_IP_x}:${NOMAD_HOST_PORT_x}" becomes a text that no parser takes apart. It works for years on IPv4 and fails on the first client whose port has an IPv6 address.',
  fix: ({ 'group.spec': spec, 'alloc.record': record }) => {
    const label = unbracketed(spec, record)?.port.label ?? '<label>'
    return [
      {
        do: `Write \${NOMAD_ADDR_${label}} instead of address, colon and port; it has the brackets where they are needed`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings',
    'https://developer.hashicorp.com/nomad/docs/networking/ipv6',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a URL on an IPv6 host network',
      given: {
        'group.spec': url('http://${NOMAD_IP_http}:${NOMAD_HOST_PORT_http}/cb'),
        'alloc.record': record('a1', { ports: [six] }),
      },
      then: 'present',
    },
    {
      name: 'the port has an IPv4 address',
      given: { 'group.spec': url('http://${NOMAD_IP_http}:${NOMAD_HOST_PORT_http}/cb'), 'alloc.record': record('a1') },
      then: 'absent',
    },
    {
      name: 'brackets are there',
      given: {
        'group.spec': url('http://[${NOMAD_IP_http}]:${NOMAD_HOST_PORT_http}/cb'),
        'alloc.record': record('a1', { ports: [six] }),
      },
      then: 'absent',
    },
    {
      name: 'NOMAD_ADDR brings them along',
      given: { 'group.spec': url('http://${NOMAD_ADDR_http}/cb'), 'alloc.record': record('a1', { ports: [six] }) },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'every.node.document'],
    shows: ['group.spec', 'every.node.document'],
    holds: ({ 'group.spec': spec, 'every.node.document': documents }) => {
      const found = gluedSix(spec, documents)
      return found
        ? {
            says: `Task ${found.task.name} glues ${found.text.slice(0, -1)} to a port, and host network ${found.port.hostNetwork} has IPv6 addresses only, which need brackets there`,
            at: found.at,
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'every.node.document': documents }) => [
      {
        do: `Use \${NOMAD_HOST_ADDR_${gluedSix(spec, documents)?.port.label ?? '<label>'}}, which has the brackets`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      {
        name: 'an IPv6 host network',
        given: { 'group.spec': onGlobal6, 'every.node.document': global6('2001:db8::/64') },
        then: 'present',
      },
      {
        name: 'an IPv4 one',
        given: { 'group.spec': onGlobal6, 'every.node.document': global6('10.0.0.0/8') },
        then: 'absent',
      },
    ],
  },
})
