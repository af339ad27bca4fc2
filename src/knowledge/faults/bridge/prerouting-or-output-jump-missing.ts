import { inbound, untranslated } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

export const preroutingOrOutputJumpMissing = fault({
  id: 'prerouting-or-output-jump-missing',
  about: 'path',
  title: 'The nat table no longer jumps to CNI-HOSTPORT-DNAT',
  layer: 'node',
  severity: 'breaks',
  heard: [
    '-A PREROUTING -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
    '-A OUTPUT -m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT',
  ],
  needs: ['path.untranslated'],
  holds: ({ 'path.untranslated': lost }) => {
    if (lost?.what !== 'destination' || lost.untracked !== null || lost.cni.entries === 0) return false
    const local = lost.way.in === ''
    if (local ? lost.cni.outputJump : lost.cni.preroutingJump) return false
    return `On ${lost.way.node} ${local ? 'OUTPUT' : 'PREROUTING'} of table nat has no jump to CNI-HOSTPORT-DNAT, so ${lost.way.address}:${lost.way.port} is not sent on to the allocation for ${local ? 'callers on the client itself' : 'callers from elsewhere'}`
  },
  byHand:
    'On the client: iptables -t nat -S PREROUTING and iptables -t nat -S OUTPUT each need the line "-m addrtype --dst-type LOCAL -j CNI-HOSTPORT-DNAT".',
  explains: ['nsd-check-failing'],
  because:
    'The mappings of host ports stand in CNI-HOSTPORT-DNAT, which is called from two places: PREROUTING for packets that come in, from other machines and from allocations, and OUTPUT for packets of the client itself. A firewall that writes one of them anew loses the jump. Then one half of the callers is refused and the other half is served: without the jump in PREROUTING everybody else is refused, without the one in OUTPUT the client itself is, its health checks included.',
  fix: ({ 'path.untranslated': lost }) => [
    {
      do: 'Put the jump back',
      on: `client ${lost?.way.node ?? ''}`,
      run: [
        'iptables',
        '-t',
        'nat',
        '-A',
        lost?.way.in === '' ? 'OUTPUT' : 'PREROUTING',
        '-m',
        'addrtype',
        '--dst-type',
        'LOCAL',
        '-j',
        'CNI-HOSTPORT-DNAT',
      ],
      risk: 'none: the portmap plug-in writes the same rule with the next allocation that has ports',
    },
    {
      do: 'Let the firewall tool leave PREROUTING and OUTPUT of table nat alone',
      on: `client ${lost?.way.node ?? ''}`,
      risk: 'none',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/meta/portmap/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'no jump in PREROUTING, called from elsewhere',
      given: { 'path.untranslated': untranslated({ cni: { ...untranslated().cni, preroutingJump: false } }) },
      then: 'present',
    },
    {
      name: 'no jump in OUTPUT, called from the client',
      given: {
        'path.untranslated': untranslated({
          way: inbound({ in: '', address: '127.0.0.1' }),
          cni: { ...untranslated().cni, outputJump: false },
        }),
      },
      then: 'present',
    },
    {
      name: 'no jump in OUTPUT, called from elsewhere',
      given: { 'path.untranslated': untranslated({ cni: { ...untranslated().cni, outputJump: false } }) },
      then: 'absent',
    },
    {
      name: 'there is nothing to jump to',
      given: {
        'path.untranslated': untranslated({ cni: { ...untranslated().cni, preroutingJump: false, entries: 0 } }),
      },
      then: 'absent',
    },
    { name: 'every address is translated', given: { 'path.untranslated': null }, then: 'absent' },
  ],
})
