import { fault } from '../../fault.ts'
import type { Attempt } from '../../shapes/runtime.ts'
import type { Outcome } from '../../shapes/packet.ts'
import type { Disagreement } from '../../shapes/walk.ts'

const simulated: Readonly<Record<Exclude<Outcome, 'unknown'>, string>> = {
  answered: 'is answered',
  refused: 'is refused',
  unreachable: 'is unreachable',
  silent: 'gets no answer',
}
const measured: Partial<Record<Attempt['outcome'], string>> = {
  answered: 'was answered',
  connected: 'was accepted',
  'timed-out': 'timed out',
  refused: 'was refused',
  unreachable: 'was refused or unreachable',
}

const sample: Disagreement = {
  place: 'allocation 5f3a91c2',
  address: '10.0.0.11:25001',
  simulated: 'answered',
  measured: 'timed-out',
  through: ['allocation 5f3a91c2 of checkout/web', 'client c2', 'client c1'],
  unread: [],
}

export const simulationDisagrees = fault({
  id: 'simulation-disagrees',
  about: 'path',
  title: 'A connection fares otherwise than the rules and routes that were read say',
  layer: 'node',
  severity: 'risks',
  intended:
    'where the connection is answered when it is tried, or where something that was not read, such as a filter between the clients, is meant to stop it',
  // Silent: nothing logs that two readings of one network differ.
  heard: [],
  needs: ['path.disagreement'],
  holds: ({ 'path.disagreement': found }) => {
    if (!found) return false
    const { place, address, through, unread } = found
    const missing = unread.length > 0 ? `; not read: ${unread.join(', ')}` : ''
    return `By the rules and routes of ${through.join(', ')} a connection from ${place} to ${address} ${simulated[found.simulated]}; when it was tried it ${measured[found.measured] ?? found.measured}${missing}`
  },
  byHand:
    'nomad-netdoctor path shows the way hop by hop; tcpdump at each hop (ip netns exec for the allocation) shows the last one that saw the packet.',
  explains: [],
  because:
    'The program follows a packet through the rules, routes and settings it has read, and a consented attempt shows what really happens. Where the two differ, something decides that was not read: a filter or a machine between the clients, a rule that came or went between reading and trying, a program that takes the packet out of the kernel (eBPF, XDP, a network card that filters), or a mistake of the simulation. What the simulation says about this path is then not to be relied on.',
  fix: ({ 'path.disagreement': found }) => [
    {
      do: 'Ask again, so that rules and attempt are of the same moment',
      on: 'your terminal',
      risk: 'none',
    },
    {
      do: `Watch where the packet is seen last: ${found?.through.join(', ') ?? 'each place on the way'}`,
      on: 'each client on the way',
      run: ['tcpdump', '-ni', 'any', 'host', found?.address.replace(/:\d+$/, '') ?? ''],
      risk: 'none: it only listens',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking',
    'https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks',
  ],
  since: '0.1.0',
  examples: [
    { name: 'simulated answered, timed out', given: { 'path.disagreement': sample }, then: 'present' },
    {
      name: 'a part was not read',
      given: {
        'path.disagreement': {
          ...sample,
          simulated: 'silent',
          measured: 'answered',
          unread: ['nft list ruleset of client c1'],
        },
      },
      then: 'present',
    },
    { name: 'both say the same', given: { 'path.disagreement': null }, then: 'absent' },
  ],
})
