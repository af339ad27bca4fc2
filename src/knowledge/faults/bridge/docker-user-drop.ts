import { inbound, outbound, stopped } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import type { Stopped } from '../../shapes/crossing.ts'
import { bridgeSide } from '../../own-bridge.ts'

const returning = (flag: '-i' | '-o', at: Stopped | null | undefined): readonly string[] => [
  'iptables',
  '-I',
  'DOCKER-USER',
  '1',
  flag,
  bridgeSide(at?.way),
  '-j',
  'RETURN',
]

export const dockerUserDrop = fault({
  id: 'docker-user-drop',
  about: 'path',
  title: 'A rule in DOCKER-USER drops packets of Nomad allocations',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Connection timed out',
    'dial tcp <address>:<port>: i/o timeout',
    '-A DOCKER-USER -i <interface> -j DROP',
    'Chain DOCKER-USER (1 references)',
  ],
  needs: ['path.forward'],
  holds: ({ 'path.forward': at }) =>
    at?.stop.by === 'iptables' && at.stop.via.includes('DOCKER-USER')
      ? `On ${at.way.node} chain DOCKER-USER stops what goes from ${at.way.in} to ${at.way.out} (${at.stop.rule ?? at.stop.chain}), before CNI-FORWARD is asked`
      : false,
  byHand:
    'On the client: in iptables -S FORWARD the line with -j DOCKER-USER stands above the one with -j CNI-FORWARD, and iptables -S DOCKER-USER drops by interface or source.',
  explains: ['node-to-node-blocked'],
  because:
    'DOCKER-USER is meant for rules about docker, but it sees every packet the client forwards, those of Nomad included. A rule such as "-i eth0 -j DROP" does no harm while the jump to CNI-FORWARD stands first, because that chain accepts what belongs to Nomad. When docker starts, or a docker network is created, docker puts its own jumps at the top again, and from then on the rule applies to every allocation.',
  fix: ({ 'path.forward': at }) => [
    {
      do: `Let DOCKER-USER return what goes to ${bridgeSide(at?.way)}, the bridge of the allocation, before it drops anything`,
      on: `client ${at?.way.node ?? ''}`,
      run: returning('-o', at),
      risk: 'none: CNI-FORWARD and NOMAD-ADMIN still decide',
    },
    {
      do: 'And what comes from it: what allocations send, and their answers',
      on: `client ${at?.way.node ?? ''}`,
      run: returning('-i', at),
      risk: 'none: CNI-FORWARD still decides',
    },
    {
      do: 'Or narrow the rule to docker: name the bridge it was meant for, such as -o docker0',
      on: `client ${at?.way.node ?? ''}`,
      risk: 'Containers of other docker networks may become reachable',
    },
  ],
  references: [
    'https://docs.docker.com/engine/network/packet-filtering-firewalls/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a rule of DOCKER-USER drops what comes in by the uplink',
      given: {
        'path.forward': stopped(
          { chain: 'DOCKER-USER', rule: '-A DOCKER-USER -i eth0 -j DROP', via: ['FORWARD', 'DOCKER-USER'], at: 1 },
          { forwardJump: 3 },
        ),
      },
      then: 'present',
    },
    {
      name: 'a chain called from DOCKER-USER drops what goes out',
      given: {
        'path.forward': stopped(
          { chain: 'hardening', rule: '-A hardening -j DROP', via: ['FORWARD', 'DOCKER-USER', 'hardening'], at: 1 },
          { forwardJump: 3 },
          outbound(),
        ),
      },
      then: 'present',
    },
    { name: 'the policy of FORWARD drops', given: { 'path.forward': stopped({}, {}, inbound()) }, then: 'absent' },
    { name: 'nothing stops it', given: { 'path.forward': null }, then: 'absent' },
  ],
})
