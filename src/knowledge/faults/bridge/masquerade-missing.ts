import { outbound, untranslated } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'

export const masqueradeMissing = fault({
  id: 'masquerade-missing',
  about: 'path',
  title: 'Packets of the allocation leave the client with an address nobody can answer to',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Connection timed out',
    String.raw`-A POSTROUTING -s <address> -m comment --comment "name: \"nomad\" id: \"<allocation>\"" -j CNI-<chain>`,
  ],
  needs: ['path.untranslated'],
  holds: ({ 'path.untranslated': lost }) => {
    if (lost?.what !== 'source' || lost.way.side !== 'source' || lost.way.mode !== 'bridge' || lost.cni.nat === 0)
      return false
    return `On ${lost.way.node} no rule of POSTROUTING masquerades ${lost.way.sources.join(', ')}, so packets to ${lost.way.address}:${lost.way.port} leave by ${lost.way.out} with the address of the allocation`
  },
  byHand:
    'On the client: iptables -t nat -S POSTROUTING has no line with -s <address of the allocation>; tcpdump on the uplink shows that address as the source.',
  explains: ['node-to-node-blocked'],
  because:
    "The address of an allocation means nothing outside of its client; every client uses the same ones. When its network is set up, the bridge plug-in therefore writes a rule that gives its packets the client's address on their way out. Without it they arrive elsewhere, but answers go nowhere, or to another allocation with the same address. Calls to the allocation still work, as answers to them are translated by their own connection.",
  fix: ({ 'path.untranslated': lost }) => [
    {
      do: 'Replace the allocation, so that its rules are written anew',
      on: 'job',
      ...(lost ? { run: allocCommand('stop', lost.way.alloc) } : {}),
      risk: 'The allocation restarts elsewhere or in place',
    },
    {
      do: 'Find what writes POSTROUTING of table nat (a firewall script, rules restored from a file)',
      on: `client ${lost?.way.node ?? ''}`,
      risk: 'none',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/main/bridge/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'no rule for the address of the allocation',
      given: { 'path.untranslated': untranslated({ what: 'source', way: outbound() }) },
      then: 'present',
    },
    {
      name: 'a network of the operator may be routed instead',
      given: { 'path.untranslated': untranslated({ what: 'source', way: outbound({ mode: 'cni' }) }) },
      then: 'absent',
    },
    {
      name: 'the whole table is empty',
      given: {
        'path.untranslated': untranslated({ what: 'source', way: outbound(), cni: { ...untranslated().cni, nat: 0 } }),
      },
      then: 'absent',
    },
    { name: 'the host port is not mapped', given: { 'path.untranslated': untranslated() }, then: 'absent' },
    { name: 'every address is translated', given: { 'path.untranslated': null }, then: 'absent' },
  ],
})
