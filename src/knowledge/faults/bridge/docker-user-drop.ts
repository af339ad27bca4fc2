import { inbound, outbound, stopped } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

export const dockerUserDrop = fault({
  id: 'docker-user-drop',
  about: 'path',
  title: 'A rule in DOCKER-USER drops packets of Nomad allocations',
  layer: 'node',
  severity: 'breaks',
  heard: ['-A DOCKER-USER -i <interface> -j DROP', 'Chain DOCKER-USER (1 references)'],
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
      do: 'Let DOCKER-USER return what goes to the bridge of Nomad before it drops anything (and the same with -s for what comes from it)',
      on: `client ${at?.way.node ?? ''}`,
      run: ['iptables', '-I', 'DOCKER-USER', '1', '-d', '172.26.64.0/20', '-j', 'RETURN'],
      risk: 'none: CNI-FORWARD and NOMAD-ADMIN still decide',
    },
    {
      do: 'Or narrow the rule to docker: -o docker0, or the bridge it was meant for',
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
