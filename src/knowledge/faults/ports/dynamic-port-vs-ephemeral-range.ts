import { clientOf } from '../../clients.ts'
import { edits, set } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { nodeDocument } from '../../samples.ts'

type Settings = Readonly<Record<string, string>>
const key = 'net.ipv4.ip_local_port_range'

/** Ports that the kernel takes for outgoing connections and the scheduler gives to allocations. */
function shared(settings: Settings, { min, max }: { readonly min: number; readonly max: number }) {
  const [low, high] = (settings[key] ?? '').trim().split(/\s+/).map(Number)
  if (low === undefined || high === undefined) return undefined
  const [from, to] = [Math.max(low, min), Math.min(high, max)]
  if (from > to || covers(settings['net.ipv4.ip_local_reserved_ports'] ?? '', from, to)) return undefined
  return { from, to, low, high }
}

const covers = (reserved: string, from: number, to: number): boolean =>
  reserved.split(',').some((part) => {
    const [low = NaN, high = low] = part.trim().split('-').map(Number)
    return low <= from && high >= to
  })

/** What the kernel takes for outgoing connections unless it is told otherwise. */
const usual = { from: 32_768, to: 60_999 }

export const dynamicPortVsEphemeralRange = fault({
  id: 'dynamic-port-vs-ephemeral-range',
  aliases: ['ephemeral-range-overlap'],
  about: 'node',
  title: 'The kernel uses ports of the dynamic range for outgoing connections',
  layer: 'node',
  severity: 'risks',
  heard: ['bind: address already in use', 'listen tcp <address>:<port>: bind: address already in use'],
  needs: ['node.document', 'node.sysctls'],
  shows: ['node.sysctls', 'node.document'],
  holds: ({ 'node.document': node, 'node.sysctls': settings }) => {
    const found = shared(settings, node.dynamicPorts)
    return found
      ? `On ${node.name} outgoing connections take ports ${found.low}-${found.high}, and Nomad gives out ${node.dynamicPorts.min}-${node.dynamicPorts.max}: now and then a port it gives is in use already`
      : false
  },
  intended: 'where no task binds ports of the client itself: ports of bridge groups need no socket',
  byHand:
    'sysctl net.ipv4.ip_local_port_range on the client, compared with min_dynamic_port and max_dynamic_port (20000-32000 by default).',
  explains: [],
  because:
    'For an outgoing connection the kernel picks a local port from ip_local_port_range, 32768 to 60999 by default, which keeps clear of Nomad\'s dynamic range. Tuning guides widen it to 1024 or 10000. A port that some connection happens to use cannot be bound, so a task fails at random with "address already in use" and is fine the next time.',
  fix: ({ 'node.document': node }) => [
    {
      do: `Keep the kernel out of the dynamic range, also in /etc/sysctl.d: net.ipv4.ip_local_reserved_ports = ${node.dynamicPorts.min}-${node.dynamicPorts.max}`,
      on: `client ${node.name}`,
      run: ['sysctl', '-w', `net.ipv4.ip_local_reserved_ports=${node.dynamicPorts.min}-${node.dynamicPorts.max}`],
      risk: 'none; listeners are not affected',
    },
    {
      do: 'Or move the range with min_dynamic_port and max_dynamic_port (Nomad 1.2.0 and newer)',
      on: 'client configuration',
      risk: 'The agent restarts; ports that are given out stay',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/configuration/client#min_dynamic_port',
    'https://docs.kernel.org/networking/ip-sysctl.html',
    'https://github.com/hashicorp/nomad/issues/2402',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'widened to 1024',
      given: { 'node.document': nodeDocument(), 'node.sysctls': { [key]: '1024\t65000' } },
      then: 'present',
    },
    {
      name: "the kernel's default",
      given: { 'node.document': nodeDocument(), 'node.sysctls': { [key]: '32768\t60999' } },
      then: 'absent',
    },
    {
      name: 'the dynamic range is reserved',
      given: {
        'node.document': nodeDocument(),
        'node.sysctls': { [key]: '1024\t65000', 'net.ipv4.ip_local_reserved_ports': '20000-32000' },
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'node',
    needs: ['node.document', 'node.agent'],
    shows: ['node.agent'],
    holds: ({
      'node.document': {
        name,
        dynamicPorts: { min, max },
      },
      'node.agent': agent,
    }) =>
      min <= max && max >= usual.from && min <= usual.to
        ? {
            says: `The dynamic range of ${name}, ${min} to ${max}, reaches into the kernel's usual range for outgoing connections, ${usual.from} to ${usual.to}`,
            at: [clientOf(agent), 'max_dynamic_port'],
          }
        : false,
    fix: ({
      'node.document': {
        dynamicPorts: { min },
      },
      'node.agent': agent,
    }) => [
      {
        do: `End the dynamic range below ${usual.from}, or keep it from the kernel with net.ipv4.ip_local_reserved_ports`,
        on: 'client configuration',
        risk: 'The client agent has to be restarted',
        ...edits(
          min < usual.from ? [set(clientOf(agent), 'max_dynamic_port', usual.from - 1)] : undefined,
          'the whole range has to be moved',
        ),
      },
    ],
    examples: [
      {
        name: '30000 to 45000',
        given: { 'node.document': nodeDocument({ dynamicPorts: { min: 30000, max: 45000 } }), 'node.agent': {} },
        then: 'present',
      },
      { name: "Nomad's own range", given: { 'node.document': nodeDocument(), 'node.agent': {} }, then: 'absent' },
    ],
  },
})
