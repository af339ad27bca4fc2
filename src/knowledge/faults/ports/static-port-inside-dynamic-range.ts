import { fault } from '../../fault.ts'
import { names } from '../../placement.ts'
import { group } from '../../samples.ts'

const range = (min: number, max: number, ...clients: readonly string[]) => [{ min, max, clients }]

export const staticPortInsideDynamicRange = fault({
  id: 'static-port-inside-dynamic-range',
  about: 'group',
  title: 'A static port lies in the range from which dynamic ports are given',
  layer: 'scheduler',
  severity: 'risks',
  heard: ['network: reserved port collision <label>=<port>'],
  needs: ['group.spec', 'group.dynamic-ranges'],
  holds: ({ 'group.spec': { name, network }, 'group.dynamic-ranges': ranges }) => {
    const found = (network?.ports ?? []).flatMap((port) => {
      const { label, static: host = 0 } = port
      return ranges
        .filter(({ min, max }) => min <= host && host <= max)
        .map((inside) => ({ port, label, host, ...inside }))
    })
    const [first] = found
    return first
      ? {
          says: `Port ${first.label} of group ${name} is static ${first.host}, inside the dynamic ports ${first.min}-${first.max} ${first.clients.length > 0 ? `of ${names(first.clients)}` : 'that clients have by default'}: any other job may be given that number first`,
          at: [first.port, 'static'],
        }
      : false
  },
  intended: 'where reserved_ports of the clients keeps the number free',
  byHand:
    'Compare static in the port block with min_dynamic_port and max_dynamic_port of the clients (20000 and 32000 by default).',
  explains: [],
  because:
    'Clients give dynamic ports at random out of their dynamic range. A static port in that range is free most of the time, and taken as soon as some other job happened to get the number: then the group cannot be placed on that client, or moves. Preemption does not help, for it looks at holders of static ports only, and reserving the number on the client would lock out the static port as well.',
  fix: ({ 'group.spec': { network }, 'group.dynamic-ranges': ranges }) => {
    const inside = (host = 0) => ranges.some(({ min, max }) => min <= host && host <= max)
    const labels = (network?.ports ?? []).filter((port) => inside(port.static)).map(({ label }) => label)
    return [
      {
        do: `Give port ${labels.join(', ')} a static number below or above the range, or let it be dynamic`,
        on: 'job file',
        risk: 'Callers that use the fixed port must change',
        note: 'By hand: the job does not say which other number is meant',
      },
      {
        do: 'Or move the range with min_dynamic_port and max_dynamic_port and restart the agents',
        on: 'client configuration',
        risk: 'Ports that are given out already stay as they are',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#max_dynamic_port',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#static',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'in the default range, no client known',
      given: {
        'group.spec': group({
          network: { mode: 'bridge', ports: [{ label: 'game', static: 25_565, hostNetwork: 'default' }] },
        }),
        'group.dynamic-ranges': range(20_000, 32_000),
      },
      then: 'present',
    },
    {
      name: 'in the range of a client',
      given: {
        'group.spec': group({
          network: { mode: 'bridge', ports: [{ label: 'game', static: 40_100, hostNetwork: 'default' }] },
        }),
        'group.dynamic-ranges': range(40_000, 41_000, 'c1'),
      },
      then: 'present',
    },
    {
      name: 'the clients have another range',
      given: {
        'group.spec': group({
          network: { mode: 'bridge', ports: [{ label: 'game', static: 25_565, hostNetwork: 'default' }] },
        }),
        'group.dynamic-ranges': range(40_000, 41_000, 'c1'),
      },
      then: 'absent',
    },
    {
      name: 'a dynamic port',
      given: { 'group.spec': group(), 'group.dynamic-ranges': range(20_000, 32_000) },
      then: 'absent',
    },
  ],
})
