import { inbound } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

const found = {
  way: inbound({ in: 'eth1', address: '10.88.0.11' }),
  key: 'net.ipv4.conf.eth1.rp_filter',
  back: 'eth0',
  all: true,
  drops: null,
} as const

export const rpFilterStrict = fault({
  id: 'rp-filter-strict',
  aliases: ['rp-filter-all-overrides'],
  about: 'path',
  title: 'The client drops callers whose answers would leave by another interface',
  layer: 'node',
  severity: 'breaks',
  heard: ['TcpExtIPReversePathFilter', 'martian source <address> from <address>, on dev <interface>'],
  needs: ['path.reverse-path'],
  holds: ({ 'path.reverse-path': found }) => {
    if (!found) return false
    const { way, key, back, all, drops } = found
    const who = all ? way.sources.join(' or ') : `callers outside of the network of ${way.in}`
    // By its number alone a route may lead back where, with the mark of the packet, none does.
    const answers = back === way.in ? 'no route that counts for them leads back' : `answers would leave by ${back}`
    const dropped = drops === null ? 'dropped' : `dropped (${drops} so far)`
    return {
      says: `On ${way.node} ${key} is 1: packets of ${who} to ${way.address} come in by ${way.in}, and ${answers}, so they are ${dropped}`,
      ...(all ? {} : { severity: 'degrades' as const }),
    }
  },
  byHand:
    'On the client: sysctl -a -r rp_filter (the larger of all and the interface counts), ip route get <address of the caller>, and nstat -az TcpExtIPReversePathFilter, which counts the drops.',
  explains: ['node-to-node-blocked'],
  because:
    'With rp_filter = 1 the kernel asks for every packet by which interface it would answer, and drops it without a word when that is another one than it came in by. A client with two network cards, a VPN or a second address gets such callers as soon as they are not in the network of that card: the answer follows the default route. tcpdump shows the SYN, and nothing after it.',
  fix: ({ 'path.reverse-path': found }) => [
    {
      do: 'Let any way back count (mode 2)',
      on: `client ${found?.way.node ?? ''}`,
      run: ['sysctl', '-w', `net.ipv4.conf.${found?.way.in ?? 'all'}.rp_filter=2`],
      risk: 'Packets with a false source address are dropped only where no route to it exists',
    },
    {
      do: 'Or answer by the interface the call came in by: a routing table and a rule for its address',
      on: `client ${found?.way.node ?? ''}`,
      risk: 'The routing of that address changes',
    },
    { do: 'Keep it in /etc/sysctl.d', on: `client ${found?.way.node ?? ''}`, risk: 'none' },
  ],
  references: ['https://docs.kernel.org/networking/ip-sysctl.html'],
  since: '0.1.0',
  examples: [
    {
      name: 'answers to the caller leave by another interface',
      given: { 'path.reverse-path': found },
      then: 'present',
    },
    {
      name: 'some callers are dropped, and the counter shows it',
      given: { 'path.reverse-path': { ...found, all: false, drops: 4 } },
      then: 'present',
    },
    { name: 'answers leave where calls come in', given: { 'path.reverse-path': null }, then: 'absent' },
  ],
})
