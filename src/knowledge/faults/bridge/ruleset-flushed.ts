import { noCni, untranslated } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { drainNode } from '../../nomad-command.ts'

export const rulesetFlushed = fault({
  id: 'ruleset-flushed',
  about: 'path',
  title: 'All rules of Nomad and CNI were flushed on the client',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'flush ruleset',
    'iptables failed: iptables --wait -t nat -A DOCKER -p tcp -d 0/0 --dport <port> -j DNAT --to-destination <address>:<port>: iptables: No chain/target/match by that name.',
    'expected FORWARD rule [-m comment --comment CNI firewall plugin rules -j CNI-FORWARD] not found',
  ],
  needs: ['path.untranslated'],
  holds: ({ 'path.untranslated': lost }) => {
    if (!lost || lost.untracked !== null || lost.way.mode !== 'bridge' || lost.cni.nat + lost.cni.filter > 0)
      return false
    const { node, address, port } = lost.way
    const effect =
      lost.what === 'destination'
        ? `${address}:${port} leads to no allocation`
        : 'packets leave it with the address of the allocation'
    return `On ${node} no rule of CNI or Nomad is left in iptables although allocations in bridge mode run there, so ${effect}`
  },
  byHand:
    'On the client: iptables-save has neither a chain NOMAD-ADMIN nor a chain CNI-HOSTPORT-DNAT; systemctl status nftables shows when it last loaded its file.',
  explains: [
    'nsd-check-failing',
    'nat-flushed',
    'forward-jump-missing',
    'nomad-admin-rule-missing',
    'masquerade-missing',
    'prerouting-or-output-jump-missing',
    'hostport-masq-jump-missing',
    'node-to-node-blocked',
    'rule-drops-packet',
  ],
  because:
    'The rules of an allocation are written once, when it starts. /etc/nftables.conf of Debian and many images begins with "flush ruleset", which also removes what iptables wrote, for Nomad, CNI and docker alike; so does a restart of a firewall service. Then no host port of the client leads anywhere and no allocation gets an answer from outside, until its network is set up anew.',
  fix: ({ 'path.untranslated': lost }) => [
    {
      do: 'Stop the allocations on the client, so that they are replaced and their rules written anew',
      on: `client ${lost?.way.node ?? ''}`,
      ...(lost ? { run: drainNode(lost.way.nodeId) } : {}),
      risk: 'All allocations of the client move or restart; make it eligible again afterwards',
    },
    {
      do: 'Restart docker, whose rules are gone too',
      on: `client ${lost?.way.node ?? ''}`,
      run: ['systemctl', 'restart', 'docker'],
      risk: 'Containers restart unless live-restore is on',
    },
    {
      do: 'Replace "flush ruleset" in the nftables file by a flush of its own table',
      on: `client ${lost?.way.node ?? ''}`,
      risk: 'none',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'https://www.cni.dev/plugins/current/meta/portmap/',
  ],
  since: '0.1.0',
  examples: [
    { name: 'nothing is left', given: { 'path.untranslated': untranslated({ cni: noCni }) }, then: 'present' },
    {
      name: 'only table nat is empty',
      given: { 'path.untranslated': untranslated({ cni: { ...noCni, filter: 2 } }) },
      then: 'absent',
    },
    { name: 'every address is translated', given: { 'path.untranslated': null }, then: 'absent' },
  ],
})
