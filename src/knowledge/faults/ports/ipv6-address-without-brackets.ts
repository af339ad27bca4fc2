import { fault } from '../../fault.ts'
import { group, record, task } from '../../samples.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'
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
})
