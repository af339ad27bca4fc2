import { agreed } from '../../clients.ts'
import { cniNetwork, onCniNetwork, onNomadsBridge, routes } from '../../crossing-samples.ts'
import { add, edits, inner } from '../../edit.ts'
import { inOneFile, pluginIn, severalFiles } from '../../edit-cni.ts'
import { fault } from '../../fault.ts'
import { replaceJob } from '../../nomad-command.ts'
import { record } from '../../samples.ts'

const given = {
  'alloc.record': record('a1'),
  'group.network.mode': 'cni',
  'alloc.status': 'running',
  'alloc.routes': routes.slice(1),
  'alloc.cni.network': cniNetwork({ defaultRoute: false }),
} as const

export const cniNoDefaultRoute = fault({
  id: 'cni-no-default-route',
  about: 'alloc',
  title: "The operator's CNI network gives its allocations no default route",
  layer: 'bridge',
  severity: 'breaks',
  heard: ['Network is unreachable', 'connect: network is unreachable'],
  onlyWhen: { 'group.network.mode': ['cni'], 'alloc.status': ['running'] },
  needs: ['alloc.routes', 'alloc.cni.network', 'alloc.record'],
  shows: ['alloc.routes', 'alloc.cni.network'],
  holds: ({ 'alloc.routes': own, 'alloc.cni.network': network }) =>
    network && !network.defaultRoute && !own.some(({ dst, type }) => dst === 'default' && type === 'unicast')
      ? `Network ${network.name} (${network.file}) names no route to 0.0.0.0/0, so its allocations answer nobody outside of it`
      : false,
  byHand:
    'In the conflist on the client, ipam.routes lacks { "dst": "0.0.0.0/0" } and the bridge plug-in has no isDefaultGateway; in the allocation ip route has no default.',
  explains: ['nsd-check-failing'],
  because:
    'A CNI network of the operator has the routes its conflist asks for, and nothing else. Without a route to 0.0.0.0/0 in ipam.routes (or isDefaultGateway in the bridge plug-in) an allocation can talk within its subnet only. Callers on other machines time out, because the answer has no way back, and everything the allocation calls is "Network is unreachable".',
  fix: ({ 'alloc.cni.network': network, 'alloc.record': record }) => [
    {
      do: `Add "routes": [{ "dst": "0.0.0.0/0" }] to ipam in ${network?.file ?? 'the conflist'} on every client that has it`,
      on: 'CNI configuration of the clients',
      risk: 'Allocations that run keep their routes',
    },
    {
      do: 'Replace the allocations of the job, and of every other one on that network',
      on: 'job',
      run: replaceJob(record),
      risk: 'All its allocations are replaced',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/ipam/host-local/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni#cni-configuration',
  ],
  since: '0.1.0',
  examples: [
    { name: 'neither the file nor the allocation has one', given, then: 'present' },
    {
      name: 'the file has been corrected, and the allocation replaced',
      given: { ...given, 'alloc.routes': routes, 'alloc.cni.network': cniNetwork() },
      then: 'absent',
    },
    { name: 'the allocation got one from elsewhere', given: { ...given, 'alloc.routes': routes }, then: 'absent' },
    {
      name: "Nomad's own bridge always has one",
      given: { ...given, 'group.network.mode': 'bridge', 'alloc.cni.network': null },
      then: 'absent',
    },
    { name: 'the allocation does not run', given: { ...given, 'alloc.status': 'failed' }, then: 'absent' },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['cni'] },
    needs: ['group.spec', 'group.network.mode-text', 'every.node.cni.networks'],
    shows: ['every.node.cni.networks'],
    holds: ({ 'group.spec': spec, 'group.network.mode-text': mode, 'every.node.cni.networks': files }) => {
      const network = agreed(mode, files, ({ bridge, defaultRoute }) => bridge !== null && !defaultRoute)
      return network && spec.network
        ? {
            says: `Group ${spec.name} is on network ${network.name}, which gives its allocations no default route: nothing outside that network is reached, and no answer gets out`,
            at: [spec.network, 'mode'],
          }
        : false
    },
    fix: ({ 'group.network.mode-text': mode, 'every.node.cni.networks': files }) => {
      const network = inOneFile(mode, files)
      const bridge = network && pluginIn(network, 'bridge')
      const route = { type: 'routes', attrs: [['dst', '0.0.0.0/0']] } as const
      return [
        {
          do: 'Add "routes": [{"dst": "0.0.0.0/0"}] to the ipam part of that conflist',
          on: 'CNI configuration of the clients',
          risk: 'Only new allocations get it',
          ...edits(bridge && [add(inner(bridge, 'ipam'), route)], severalFiles),
        },
      ]
    },
    examples: [
      {
        name: 'no route',
        given: onCniNetwork({ defaultRoute: false }),
        then: 'present',
      },
      {
        name: 'a route',
        given: onCniNetwork({ defaultRoute: true }),
        then: 'absent',
      },
      {
        name: 'the bridge of Nomad',
        given: onNomadsBridge,
        then: 'absent',
      },
    ],
  },
})
