import { inbound, outbound, untranslated } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

const local = inbound({ in: '', sources: ['127.0.0.1'], address: '127.0.0.1' })

export const hostportMasqJumpMissing = fault({
  id: 'hostport-masq-jump-missing',
  about: 'path',
  title: 'Calls to 127.0.0.1 and the host port keep 127.0.0.1 as their source',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'CNI portfwd requiring masquerade',
    '-A POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ',
  ],
  needs: ['path.untranslated'],
  holds: ({ 'path.untranslated': lost }) => {
    if (lost?.what !== 'source' || lost.way.side !== 'target' || lost.cni.masqueradeJump) return false
    return `On ${lost.way.node} POSTROUTING has no jump to CNI-HOSTPORT-MASQ, so a call to ${lost.way.address}:${lost.way.port} reaches the allocation with source 127.0.0.1, to which it cannot answer`
  },
  byHand:
    "On the client: iptables -t nat -S POSTROUTING needs the line with -j CNI-HOSTPORT-MASQ. Only 127.0.0.1:<host port> times out, the client's own address works.",
  explains: ['nsd-check-failing'],
  because:
    'A call to 127.0.0.1 and a host port is sent on into the allocation, where 127.0.0.1 means the allocation itself. Therefore the portmap plug-in marks such packets, and CNI-HOSTPORT-MASQ, called from POSTROUTING, gives marked packets the address of the bridge. Without the jump they keep 127.0.0.1 and are dropped; every other way to the port works, which makes it look like a fault of the caller.',
  fix: ({ 'path.untranslated': lost }) => [
    {
      do: 'Put the jump back',
      on: `client ${lost?.way.node ?? ''}`,
      run: [
        'iptables',
        '-t',
        'nat',
        '-I',
        'POSTROUTING',
        '1',
        '-m',
        'comment',
        '--comment',
        'CNI portfwd requiring masquerade',
        '-j',
        'CNI-HOSTPORT-MASQ',
      ],
      risk: 'none: the portmap plug-in writes the same rule with the next allocation that has ports',
    },
    { do: "Or let the caller use the client's address instead of 127.0.0.1", on: 'job file', risk: 'none' },
  ],
  references: ['https://www.cni.dev/plugins/current/meta/portmap/'],
  since: '0.1.0',
  examples: [
    {
      name: 'called by 127.0.0.1, no jump',
      given: {
        'path.untranslated': untranslated({
          what: 'source',
          way: local,
          cni: { ...untranslated().cni, masqueradeJump: false },
        }),
      },
      then: 'present',
    },
    {
      name: 'the jump is there',
      given: { 'path.untranslated': untranslated({ what: 'source', way: local }) },
      then: 'absent',
    },
    {
      name: 'an allocation calls out',
      given: {
        'path.untranslated': untranslated({
          what: 'source',
          way: outbound(),
          cni: { ...untranslated().cni, masqueradeJump: false },
        }),
      },
      then: 'absent',
    },
    { name: 'every address is translated', given: { 'path.untranslated': null }, then: 'absent' },
  ],
})
