import { fault } from '../../fault.ts'
import type { Neighbour } from '../../shapes/packet.ts'

const key = 'net.ipv4.neigh.default.gc_thresh3'
/** The kernel's own limit, where the setting is not printed. */
const usual = '1024'

/** IPv4 entries that count, and the limit for the whole machine. */
function filled(table: readonly Neighbour[], settings: Readonly<Record<string, string>>) {
  const counted = table.filter(
    ({ address, state }) => !address.includes(':') && !state.includes('PERMANENT') && !state.includes('NOARP'),
  ).length
  const limit = Number(settings[key] ?? usual)
  return counted >= limit * 0.95 ? { counted, limit } : undefined
}

const table = (count: number, but: Partial<Neighbour> = {}): readonly Neighbour[] =>
  Array.from({ length: count }, (_, i) => ({
    address: `10.0.${i >> 8}.${i & 255}`,
    dev: 'eth0',
    mac: '02:00:00:00:00:01',
    state: ['STALE'],
    flags: [],
    ...but,
  }))

export const neighbourTableOverflow = fault({
  id: 'neighbour-table-overflow',
  about: 'node',
  title: 'The neighbour table of the client is full',
  layer: 'node',
  severity: 'degrades',
  heard: [
    'neighbour: arp_cache: neighbor table overflow!',
    'No buffer space available',
    'sendto: No buffer space available',
  ],
  needs: ['node.neighbours', 'node.sysctls'],
  holds: ({ 'node.neighbours': neighbours, 'node.sysctls': settings }) => {
    const found = filled(neighbours, settings)
    return found
      ? `The client alone has ${found.counted} neighbour entries, and the machine may have ${found.limit} with all its namespaces: whoever is not among them cannot be reached`
      : false
  },
  byHand:
    'On the client: dmesg shows "neighbor table overflow"; ip -4 neigh | wc -l, and the column table_fulls in /proc/net/stat/arp_cache rises.',
  explains: ['node-to-node-blocked'],
  because:
    'To send to a machine of its own network the kernel needs an entry with its hardware address. The number of entries is limited for the whole machine (gc_thresh3, 1024 by default), and those in the namespaces of all allocations count too. On a client with many allocations, or in a large flat network, the table fills up. New neighbours then fail at random with "No buffer space available", while known ones work.',
  fix: () => [
    {
      do: 'Raise the limits, also in /etc/sysctl.d, with gc_thresh1 and gc_thresh2 below',
      on: 'client',
      run: ['sysctl', '-w', 'net.ipv4.neigh.default.gc_thresh2=4096', 'net.ipv4.neigh.default.gc_thresh3=8192'],
      risk: 'Some more memory of the kernel',
    },
  ],
  references: ['https://docs.kernel.org/networking/ip-sysctl.html', 'https://man7.org/linux/man-pages/man7/arp.7.html'],
  since: '0.1.0',
  examples: [
    {
      name: 'as many as there may be',
      given: { 'node.neighbours': table(1020), 'node.sysctls': { [key]: '1024' } },
      then: 'present',
    },
    {
      name: 'the limit was raised',
      given: { 'node.neighbours': table(1020), 'node.sysctls': { [key]: '8192' } },
      then: 'absent',
    },
    {
      name: 'fixed entries do not count',
      given: { 'node.neighbours': table(1020, { state: ['PERMANENT'] }), 'node.sysctls': {} },
      then: 'absent',
    },
    { name: 'a few', given: { 'node.neighbours': table(12), 'node.sysctls': {} }, then: 'absent' },
  ],
})
