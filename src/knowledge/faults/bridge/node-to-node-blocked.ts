import { inbound } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { Attempt } from '../../shapes/runtime.ts'

const good: readonly Attempt['outcome'][] = ['answered', 'connected', 'stalled', 'empty', 'reset']
const bad: readonly Attempt['outcome'][] = ['timed-out', 'unreachable', 'refused']

const attempt = (from: Attempt['from'], outcome: Attempt['outcome']): Attempt => ({
  from,
  place: from === 'target-node' ? 'client c1' : 'client c2',
  host: '10.0.0.11',
  port: 25001,
  outcome,
  ms: 3000,
})
const given = {
  'path.place': 'other-client',
  'path.attempts': [
    attempt('source', 'timed-out'),
    attempt('source-node', 'timed-out'),
    attempt('target-node', 'answered'),
  ],
  'path.inbound.way': inbound(),
  'path.inbound.input': null,
  'path.forward': null,
  'path.untranslated': null,
  'path.forwarding-off': null,
} as const

export const nodeToNodeBlocked = fault({
  id: 'node-to-node-blocked',
  aliases: ['client-to-client-blocked'],
  about: 'path',
  title: 'Something between the clients blocks the host port',
  layer: 'node',
  severity: 'breaks',
  heard: ['Connection timed out', 'dial tcp <address>:<port>: i/o timeout', 'No route to host'],
  onlyWhen: { 'path.place': ['other-client'] },
  needs: [
    'path.attempts',
    'path.inbound.way',
    'path.inbound.input',
    'path.forward',
    'path.untranslated',
    'path.forwarding-off',
  ],
  shows: ['path.attempts'],
  holds: ({
    'path.attempts': attempts,
    'path.inbound.way': way,
    'path.inbound.input': input,
    'path.forward': forward,
    'path.untranslated': lost,
    'path.forwarding-off': off,
  }) => {
    if (!way || input || forward || lost || off) return false
    const here = attempts.filter(
      ({ host, port, outcome }) => host === way.address && port === way.port && outcome !== 'unclear',
    )
    const local = here.find(({ from, outcome }) => from === 'target-node' && good.includes(outcome))
    const remote = here.filter(({ from }) => from === 'source' || from === 'source-node')
    const [first] = remote
    if (!local || !first || !remote.every(({ outcome }) => bad.includes(outcome))) return false
    const others = here.some(
      ({ from, outcome }) => (from === 'other-node' || from === 'outside') && good.includes(outcome),
    )
      ? ', other machines get through,'
      : ''
    return `${way.address}:${way.port} answers on ${way.node} itself,${others} and from the source's client it is ${first.outcome}, while the rules and settings of both clients let it through`
  },
  byHand:
    "On the source's client: nc -vz <HostIP> <port> fails; on the target's client it works; tcpdump on the target's client sees no SYN of it.",
  explains: [],
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
      run: ['tcpdump', '-ni', way?.in ?? 'any', 'tcp', 'port', String(way?.port ?? 0)],
      risk: 'none: it only listens',
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
      name: 'it answers from the other client too',
      given: { ...given, 'path.attempts': [attempt('source-node', 'answered'), attempt('target-node', 'answered')] },
      then: 'absent',
    },
    {
      name: 'it does not answer at home either',
      given: { ...given, 'path.attempts': [attempt('source-node', 'refused'), attempt('target-node', 'refused')] },
      then: 'absent',
    },
    {
      name: 'forwarding is off on a client',
      given: { ...given, 'path.forwarding-off': { way: inbound(), key: 'net.ipv4.conf.eth0.forwarding', all: true } },
      then: 'absent',
    },
    { name: 'source and target are on one client', given: { ...given, 'path.place': 'same-client' }, then: 'absent' },
  ],
})
