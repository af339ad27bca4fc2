import { cniFile } from '../../crossing-samples.ts'
import { edits, unset } from '../../edit.ts'
import { pluginIn } from '../../edit-cni.ts'
import { fault } from '../../fault.ts'
import type { CniFile } from '../../shapes/crossing.ts'

const bare = (files: readonly CniFile[]) =>
  files.flatMap(({ network }) => network ?? []).find(({ mapsPorts, snat }) => mapsPorts && !snat)

export const cniSnatFalse = fault({
  id: 'cni-snat-false',
  about: 'node',
  title: "The operator's CNI network maps host ports without changing the source",
  layer: 'port',
  severity: 'risks',
  // Silent: packets of the client itself are dropped as impossible ones, and nothing is logged.
  heard: [],
  needs: ['node.cni.networks'],
  holds: ({ 'node.cni.networks': files }) => {
    const found = bare(files)
    return found
      ? `Network "${found.name}" (${found.file}) has snat = false in portmap: its host ports do not answer on 127.0.0.1 of the client, nor always for allocations beside`
      : false
  },
  intended: 'where the addresses of callers matter more',
  byHand:
    'On the client: curl 127.0.0.1:<host port> times out while the address of the client answers; iptables -t nat -S has no CNI-HOSTPORT-SETMARK in the CNI-DN chain of the allocation.',
  explains: [],
  because:
    'A packet from 127.0.0.1, or from an allocation of the same bridge, to a host port must get another source on its way, or the answer does not come back the same way. The portmap plugin sees to it, and lets the kernel route loopback addresses on the bridge, unless snat is false. Callers on other machines are not affected: their packets keep the source either way.',
  fix: ({ 'node.cni.networks': files }) => {
    const found = bare(files)
    const portmap = found && pluginIn(found, 'portmap')
    return [
      {
        do: `Remove "snat": false from portmap in ${found?.file ?? 'the conflist'}; true is the default`,
        on: 'CNI configuration of the clients',
        risk: 'Allocations that run keep their rules: replace them afterwards',
        ...edits(portmap && [unset(portmap, 'snat')], 'the file has no plug-in portmap'),
      },
    ]
  },
  references: ['https://www.cni.dev/plugins/current/meta/portmap/'],
  since: '0.1.0',
  examples: [
    {
      name: 'snat is switched off',
      given: { 'node.cni.networks': [cniFile('lan.conflist', { snat: false })] },
      then: 'present',
    },
    { name: 'it is on', given: { 'node.cni.networks': [cniFile('lan.conflist')] }, then: 'absent' },
    {
      name: 'no ports are mapped',
      given: { 'node.cni.networks': [cniFile('lan.conflist', { snat: false, mapsPorts: false })] },
      then: 'absent',
    },
  ],
})
