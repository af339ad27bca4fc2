import { inbound, outbound, untranslated } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'

const local = inbound({ in: '', sources: ['127.0.0.1'], address: '127.0.0.1' })

const self = {
  place: 'client c1',
  source: '172.26.64.2',
  address: '10.0.0.11',
  port: 25001,
  from: 'env PEERS of task broker',
}

export const hostportMasqJumpMissing = fault({
  id: 'hostport-masq-jump-missing',
  about: 'path',
  title: 'Calls to a host port from its own client keep a source that gets no answer',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'CNI portfwd requiring masquerade',
    '-A POSTROUTING -m comment --comment "CNI portfwd requiring masquerade" -j CNI-HOSTPORT-MASQ',
  ],
  needs: ['path.untranslated', 'path.own-source'],
  holds: ({ 'path.untranslated': lost, 'path.own-source': own }) => {
    if (own && !own.jump)
      return `On ${own.place} POSTROUTING has no jump to CNI-HOSTPORT-MASQ, so the call of the allocation to its own host port ${own.address}:${own.port} (${own.from}) comes back to it with its own address ${own.source} as source, and is dropped`
    if (lost?.what !== 'source' || lost.way.side !== 'target' || lost.cni.masqueradeJump) return false
    return `On client ${lost.way.node} POSTROUTING has no jump to CNI-HOSTPORT-MASQ, so a call to ${lost.way.address}:${lost.way.port} reaches the allocation with source 127.0.0.1, to which it cannot answer`
  },
  byHand:
    "On the client: iptables -t nat -S POSTROUTING needs the line with -j CNI-HOSTPORT-MASQ. Calls from the client to 127.0.0.1:<host port>, and of the allocation to its own host port, time out; the client's own address works from there and from elsewhere.",
  explains: ['nsd-check-failing'],
  because:
    'A call to 127.0.0.1 and a host port is sent on into the allocation, where 127.0.0.1 means the allocation itself; a call of the allocation to its own host port is sent back to it, where its own address is no address of a caller. The kernel drops a packet that seems to come from the very namespace it arrives in. Therefore the portmap plug-in marks both, and CNI-HOSTPORT-MASQ, called from POSTROUTING, gives marked packets the address of the bridge. Without the jump they keep their source and are dropped, while callers on other machines are served, which makes it look like a fault of the caller.',
  fix: ({ 'path.untranslated': lost, 'path.own-source': own }) => [
    {
      do: 'Put the jump back',
      on: own?.place ?? `client ${lost?.way.node ?? ''}`,
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
    {
      do: own
        ? 'Or let the allocation call itself by 127.0.0.1 and the port inside'
        : "Or let the caller use the client's address instead of 127.0.0.1",
      on: 'job file',
      risk: own ? 'The allocation is replaced' : 'none',
    },
  ],
  references: ['https://www.cni.dev/plugins/current/meta/portmap/'],
  since: '0.1.0',
  examples: [
    {
      name: 'called by 127.0.0.1, no jump',
      given: {
        'path.own-source': null,
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
      given: { 'path.own-source': null, 'path.untranslated': untranslated({ what: 'source', way: local }) },
      then: 'absent',
    },
    {
      name: 'an allocation calls out',
      given: {
        'path.own-source': null,
        'path.untranslated': untranslated({
          what: 'source',
          way: outbound(),
          cni: { ...untranslated().cni, masqueradeJump: false },
        }),
      },
      then: 'absent',
    },
    {
      name: 'the allocation calls its own host port, no jump',
      given: { 'path.untranslated': null, 'path.own-source': { ...self, jump: false } },
      then: 'present',
    },
    {
      name: 'it does so, and the jump is there',
      given: { 'path.untranslated': null, 'path.own-source': { ...self, jump: true } },
      then: 'absent',
    },
    {
      name: 'every address is translated',
      given: { 'path.own-source': null, 'path.untranslated': null },
      then: 'absent',
    },
  ],
})
