import { inbound, stopped, untranslated } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { Attempt } from '../../shapes/runtime.ts'

const attempt = (from: Attempt['from'], outcome: Attempt['outcome']): Attempt => ({
  from,
  place: from === 'target-node' ? 'client c1' : 'client c2',
  host: '10.0.0.11',
  port: 25001,
  outcome,
  ms: 3000,
})
const met: Partial<Record<Attempt['outcome'], string>> = {
  'timed-out': 'times out',
  unreachable: 'is unreachable',
  refused: 'is refused',
}
const given = {
  'path.place': 'other-client',
  'path.ends': { remote: attempt('source', 'timed-out'), local: attempt('target-node', 'answered'), others: false },
  'path.inbound.way': inbound(),
  'path.host-address': { address: '10.0.0.11', device: 'eth0', default: 'eth0', routed: true, better: null },
  'path.inbound.input': null,
  'path.forward': null,
  'path.untranslated': null,
  'path.forwarding-off': null,
  'path.let-through': true,
} as const

export const nodeToNodeBlocked = fault({
  id: 'node-to-node-blocked',
  aliases: ['client-to-client-blocked'],
  about: 'path',
  title: 'Something between the clients blocks the host port',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Connection timed out',
    'dial tcp <address>:<port>: i/o timeout',
    'No route to host',
    'context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
  ],
  onlyWhen: { 'path.place': ['other-client'] },
  needs: [
    'path.ends',
    'path.inbound.way',
    'path.host-address',
    'path.inbound.input',
    'path.forward',
    'path.untranslated',
    'path.forwarding-off',
    'path.let-through',
  ],
  shows: ['path.ends'],
  holds: ({
    'path.ends': ends,
    'path.inbound.way': way,
    'path.host-address': { device, default: home, routed, better },
    'path.inbound.input': input,
    'path.forward': forward,
    'path.untranslated': lost,
    'path.forwarding-off': off,
    'path.let-through': through,
  }) => {
    if (!ends || !way || input || forward || lost || off || !through) return false
    // An address the caller has no way to is not blocked: its packets never set out for it.
    if (device !== home && !routed && better !== null) return false
    const fails = met[ends.remote.outcome]
    if (fails === undefined || !ends.local || met[ends.local.outcome] !== undefined) return false
    return `${way.address}:${way.port} answers on ${way.node} itself and ${fails} from ${ends.remote.place}${ends.others ? ', while other machines get through' : ''}; the rules and settings of both clients let it through`
  },
  byHand:
    "On the source's client: nc -vz <HostIP> <port> fails; on the target's client it works; tcpdump on the target's client sees no SYN of it.",
  explains: ['simulation-disagrees'],
  because:
    'A host port is reached over the network between the clients, and Nomad opens nothing there. Security groups, network policies and switches have to let the dynamic port range (20000 to 32000 unless configured otherwise) and the static ports through from client to client, TCP and UDP. A filter there usually drops without an answer: calls on the same client work, calls from another one time out.',
  fix: ({ 'path.inbound.way': way }) => [
    {
      do: `Allow TCP (and UDP where used) to ${way?.address ?? 'the client'}:${way?.port ?? ''}, better the whole dynamic port range, from client to client`,
      on: 'security group, network policy or switch between the clients',
      risk: 'Opens the ports of all allocations to the other clients',
    },
    {
      do: 'If nothing is filtered on purpose, look where the packet ends',
      on: `client ${way?.node ?? ''}`,
      run: ['tcpdump', '-c', '10', '-ni', way?.in ?? 'any', 'tcp', 'port', String(way?.port ?? 0)],
      risk: 'none: it only listens, and ends after ten packets',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/deploy/production/requirements#ports-used',
    'https://developer.hashicorp.com/nomad/docs/networking',
  ],
  since: '0.1.0',
  examples: [
    { name: 'it answers at home and times out from the other client', given, then: 'present' },
    {
      name: 'other machines get through',
      given: { ...given, 'path.ends': { ...given['path.ends'], others: true } },
      then: 'present',
    },
    {
      name: 'it answers from the other client too',
      given: { ...given, 'path.ends': { ...given['path.ends'], remote: attempt('source', 'answered') } },
      then: 'absent',
    },
    {
      name: 'it does not answer at home either',
      given: { ...given, 'path.ends': { ...given['path.ends'], local: attempt('target-node', 'refused') } },
      then: 'absent',
    },
    {
      name: 'forwarding is off on a client',
      given: {
        ...given,
        'path.forwarding-off': { way: inbound(), key: 'net.ipv4.conf.eth0.forwarding', all: true },
      },
      then: 'absent',
    },
    {
      name: 'the port is on an interface the caller has no way to',
      given: {
        ...given,
        'path.host-address': { ...given['path.host-address'], device: 'vpn0', routed: false, better: '10.1.0.11' },
      },
      then: 'absent',
    },
    {
      name: 'a rule that no other fault names stops it',
      given: { ...given, 'path.let-through': false },
      then: 'absent',
    },
    { name: 'a rule of a client stops it', given: { ...given, 'path.forward': stopped() }, then: 'absent' },
    {
      name: 'a client does not translate it',
      given: { ...given, 'path.untranslated': untranslated() },
      then: 'absent',
    },
    {
      name: 'source and target are on one client',
      given: { ...given, 'path.place': 'same-client' },
      then: 'absent',
    },
  ],
})
