import { fault } from '../../fault.ts'
import type { Connections } from '../../shapes/connections.ts'
import { isFull } from '../../tracking.ts'

/** What becomes of new connections. Without a counter both may be so. */
function fate({ counters }: Connections): string {
  if (!counters)
    return 'packets of new ones are dropped wherever no unanswered one gives way, those that are open go on'
  const { dropped, gaveWay } = counters
  if (dropped > 0) return `packets of new ones are dropped, ${dropped} since it counts; those that are open go on`
  return `it has dropped none so far: ${gaveWay} unanswered ones gave way to new ones`
}

export const conntrackFull = fault({
  id: 'conntrack-full',
  about: 'node',
  title: 'The client cannot keep track of any more connections',
  layer: 'node',
  severity: 'degrades',
  intended: 'while unanswered entries are left to give way',
  heard: [
    'nf_conntrack: nf_conntrack: table full, dropping packet',
    'nf_conntrack: table full, dropping packet.',
    'nf_conntrack: nf_conntrack: table full in netns <number>, dropping packet',
    'ip_conntrack: table full, dropping packet',
    'sendto: Operation not permitted',
    'sendmsg: Operation not permitted',
    'write udp <address>-><address>: write: operation not permitted',
  ],
  needs: ['node.connections'],
  holds: ({ 'node.connections': found }) =>
    found && isFull(found)
      ? {
          says: `The client keeps track of ${found.count} connections, and may of ${found.limit}: ${fate(found)}`,
          ...(found.counters?.dropped === 0 ? { severity: 'risks' } : {}),
        }
      : false,
  byHand:
    'On the client: sysctl net.netfilter.nf_conntrack_count net.netfilter.nf_conntrack_max are equal, dmesg says "table full, dropping packet", and drop in conntrack -S rises; while only early_drop rises, new connections still find room.',
  explains: ['node-to-node-blocked'],
  because:
    'Host ports and masquerading need an entry for each connection in the conntrack table, and rules that ask for the state of a connection make one for every packet of the client. The table has a limit (nf_conntrack_max). Entries of connections that never were answered give way to new ones, but established ones stay, for five days when nobody closes them. A table full of those drops the first packet of everybody else: new connections time out at random, to 127.0.0.1 as well.',
  fix: ({ 'node.connections': found }) => [
    {
      do: 'Raise the limit, also in /etc/sysctl.d',
      on: 'client',
      run: ['sysctl', '-w', `net.netfilter.nf_conntrack_max=${(found?.limit ?? 262_144) * 2}`],
      risk: 'About 300 bytes of kernel memory for each connection',
    },
    {
      do: 'See whose connections they are (conntrack -L), and close what leaks them',
      on: 'client',
      risk: 'none',
    },
    {
      do: 'Let established connections that say nothing end sooner: a day instead of five',
      on: 'client',
      run: ['sysctl', '-w', 'net.netfilter.nf_conntrack_tcp_timeout_established=86400'],
      risk: 'A connection that is silent for longer is cut off',
    },
  ],
  references: ['https://docs.kernel.org/networking/nf_conntrack-sysctl.html'],
  since: '0.1.0',
  examples: [
    {
      name: 'as many as there may be',
      given: { 'node.connections': { count: 262_144, limit: 262_144 } },
      then: 'present',
    },
    {
      name: 'new ones are dropped',
      given: {
        'node.connections': { count: 262_144, limit: 262_144, counters: { dropped: 812, gaveWay: 196_612 } },
      },
      then: 'present',
    },
    {
      name: 'unanswered ones give way so far',
      given: { 'node.connections': { count: 262_144, limit: 262_144, counters: { dropped: 0, gaveWay: 196_612 } } },
      then: 'present',
    },
    {
      name: 'a few entries ended as it was read',
      given: { 'node.connections': { count: 65_530, limit: 65_536 } },
      then: 'present',
    },
    { name: 'half full', given: { 'node.connections': { count: 131_072, limit: 262_144 } }, then: 'absent' },
    { name: 'nothing is tracked, or without a limit', given: { 'node.connections': null }, then: 'absent' },
  ],
})
