import { cni, inbound, noCni, outbound, untranslated } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { allocCommand, drainNode } from '../../nomad-command.ts'
import type { Untranslated } from '../../shapes/crossing.ts'
import { count } from '../../words.ts'

/** The rules of other ports, or of other chains, still stand. */
const isUnmapped = ({ what, spared, way, cni: { nat, leads } }: Untranslated): boolean =>
  what === 'destination' && spared === undefined && way.inside !== null && nat > 0 && !leads

export const natFlushed = fault({
  id: 'nat-flushed',
  about: 'path',
  title: 'The port mappings are gone from the nat table of the client',
  layer: 'node',
  severity: 'breaks',
  heard: ['could not check ipv4 dnat: rule [[...]] in chain CNI-HOSTPORT-DNAT not found in table nat'],
  needs: ['path.untranslated'],
  holds: ({ 'path.untranslated': lost }) => {
    if (!lost || lost.untracked !== null || lost.way.mode !== 'bridge') return false
    const { node, address, port, inside } = lost.way
    const { nat, filter, entries } = lost.cni
    if (isUnmapped(lost))
      return entries === 0
        ? `On ${node} chain CNI-HOSTPORT-DNAT of table nat holds no rule any more, so ${address}:${port} leads to no allocation`
        : `On ${node} none of the ${count(entries, 'rule')} in CNI-HOSTPORT-DNAT leads to ${inside?.address}:${inside?.port} any more, so ${address}:${port} does not lead to the allocation`
    if (nat > 0 || filter === 0) return false
    return lost.what === 'destination'
      ? `On ${node} table nat holds no rule of CNI any more, so ${address}:${port} leads to no allocation`
      : `On ${node} table nat holds no rule of CNI any more, so packets leave it with the address of the allocation, to which nobody can answer`
  },
  byHand:
    'On the client: iptables -t nat -S CNI-HOSTPORT-DNAT is empty or missing, or has no line for the port, while allocations with ports run there.',
  explains: [
    'nsd-check-failing',
    'prerouting-or-output-jump-missing',
    'masquerade-missing',
    'hostport-masq-jump-missing',
    'node-to-node-blocked',
    'rule-drops-packet',
  ],
  because:
    'A host port of an allocation in bridge mode is no socket: a DNAT rule in table nat sends it on into the allocation, and a MASQUERADE rule gives what the allocation sends the address of the client. Both are written once, when the allocation starts. After iptables -t nat -F, or a firewall script that begins with it, every host port of the client refuses connections and no allocation gets an answer from outside, while the addresses of the allocations still answer on the client itself.',
  fix: ({ 'path.untranslated': lost }) => [
    lost && isUnmapped(lost) && lost.cni.entries > 0
      ? {
          do: 'Replace the allocation, so that its rules are written anew',
          on: 'job',
          run: allocCommand('stop', lost.way.alloc),
          risk: 'The allocation restarts elsewhere or in place',
        }
      : {
          do: 'Stop the allocations on the client, so that they are replaced and their rules written anew',
          on: `client ${lost?.way.node ?? ''}`,
          ...(lost ? { run: drainNode(lost.way.nodeId) } : {}),
          risk: 'All allocations of the client move or restart; make it eligible again afterwards',
        },
    { do: 'Let the firewall script flush its own chains only', on: `client ${lost?.way.node ?? ''}`, risk: 'none' },
  ],
  references: [
    'https://www.cni.dev/plugins/current/meta/portmap/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'nat is empty, filter is not',
      given: { 'path.untranslated': untranslated({ cni: { ...noCni, filter: 2 } }) },
      then: 'present',
    },
    {
      name: "nat is empty on the source's client",
      given: { 'path.untranslated': untranslated({ what: 'source', way: outbound(), cni: { ...noCni, filter: 2 } }) },
      then: 'present',
    },
    {
      name: 'the chain of the mappings alone is empty',
      given: { 'path.untranslated': untranslated({ cni: cni({ entries: 0, leads: false, nat: 3 }) }) },
      then: 'present',
    },
    {
      name: 'the mapping of this port alone is gone',
      given: { 'path.untranslated': untranslated({ cni: cni({ entries: 1, leads: false }) }) },
      then: 'present',
    },
    {
      name: 'a rule before spares the port',
      given: {
        'path.untranslated': untranslated({
          cni: cni({ leads: false }),
          spared: { program: 'nat', chain: 'PREROUTING', n: 1, rule: '-p tcp --dport 25001 -j ACCEPT' },
        }),
      },
      then: 'absent',
    },
    { name: 'everything is gone', given: { 'path.untranslated': untranslated({ cni: noCni }) }, then: 'absent' },
    { name: 'others are still mapped', given: { 'path.untranslated': untranslated({ cni: cni() }) }, then: 'absent' },
    {
      name: 'a network of the operator may have no rules in nat',
      given: { 'path.untranslated': untranslated({ way: inbound({ mode: 'cni' }), cni: { ...noCni, filter: 2 } }) },
      then: 'absent',
    },
    { name: 'every address is translated', given: { 'path.untranslated': null }, then: 'absent' },
  ],
})
