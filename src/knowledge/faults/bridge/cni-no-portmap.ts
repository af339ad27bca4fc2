import { agreed } from '../../clients.ts'
import { cniNetwork, onCniNetwork, onNomadsBridge, inbound } from '../../crossing-samples.ts'
import { servicesOf } from '../../discovery.ts'
import { add, edits, type Edit } from '../../edit.ts'
import { inOneFile, isList, pluginIn, severalFiles } from '../../edit-cni.ts'
import { fault } from '../../fault.ts'
import type { FixStep } from '../../fault.ts'
import { replaceJob } from '../../nomad-command.ts'
import { group, service, record } from '../../samples.ts'
import type { CniNetwork } from '../../shapes/crossing.ts'
import type { GroupSpec, PortSpec } from '../../shapes/job.ts'

const given = {
  'target.alloc.record': record('a1'),
  'target.group.network.mode': 'cni',
  'path.inbound.way': inbound({ mode: 'cni', out: 'lan0' }),
  'path.inbound.translation': { kind: 'none' },
  'target.alloc.cni.network': cniNetwork({ mapsPorts: false, plugins: ['loopback', 'bridge'] }),
} as const

const lacks = ({ plugins }: CniNetwork): string =>
  plugins.includes('portmap') ? 'has portmap without "capabilities": {"portMappings": true}' : 'has no portmap plug-in'

/** An interface of the client's own network: the client cannot reach it, so it can map nothing to it. */
const beside = ({ plugins }: CniNetwork): boolean => plugins.some((one) => one === 'macvlan' || one === 'ipvlan')

/** A port whose number on the host somebody is given: all its services may register the allocation's own address instead. */
function usedPort(spec: GroupSpec): PortSpec | undefined {
  const services = servicesOf(spec)
  return spec.network?.ports.find(({ label, static: host }) => {
    const own = services.filter(({ port }) => port === label)
    return own.some(({ addressMode }) => addressMode !== 'alloc') || (own.length === 0 && host !== undefined)
  })
}

/** A plug-in that is there is given the ports; another one comes last. */
function portmapIn(network: CniNetwork): readonly Edit[] | undefined {
  if (!isList(network)) return undefined
  const capabilities = { type: 'capabilities', attrs: [['portMappings', true]], once: true } as const
  const portmap = pluginIn(network, 'portmap')
  if (portmap) return [add(portmap, capabilities)]
  return [
    add(network, {
      type: 'plugins',
      attrs: [
        ['type', 'portmap'],
        ['snat', true],
      ],
      blocks: [capabilities],
    }),
  ]
}

function mapping(network: CniNetwork | undefined | null, on: string, editable = false): FixStep {
  const file = network?.file ?? 'the conflist'
  if (network && beside(network))
    return {
      do: 'Register the address of the allocation: address_mode = "alloc" in the services and their checks, with the port inside; portmap cannot map to a macvlan or ipvlan interface',
      on: 'job file',
      risk: 'Callers need a way into that network',
    }
  return {
    ...edits(network && editable ? portmapIn(network) : undefined, severalFiles),
    do: network?.plugins.includes('portmap')
      ? `Write "capabilities": { "portMappings": true } into the portmap plug-in of ${file} on every client that has it`
      : `Add { "type": "portmap", "capabilities": { "portMappings": true }, "snat": true } at the end of the plug-ins in ${file} on every client that has it`,
    on,
    risk: 'Allocations that run keep their network',
  }
}

export const cniNoPortmap = fault({
  id: 'cni-no-portmap',
  about: 'path',
  title: "The operator's CNI network maps no host ports",
  layer: 'port',
  severity: 'breaks',
  heard: ['Connection refused', 'connect: connection refused'],
  onlyWhen: { 'target.group.network.mode': ['cni'] },
  needs: ['path.inbound.way', 'path.inbound.translation', 'target.alloc.cni.network', 'target.alloc.record'],
  shows: ['target.alloc.cni.network', 'path.inbound.translation'],
  holds: ({ 'path.inbound.way': way, 'path.inbound.translation': nat, 'target.alloc.cni.network': network }) => {
    if (!way || nat?.kind !== 'none' || !network || network.mapsPorts) return false
    return `Network ${network.name} (${network.file} on ${way.node}) ${lacks(network)}, so nothing sends ${way.address}:${way.port} on to the allocation`
  },
  byHand:
    'In the conflist on the client there is no plug-in of type portmap, or it lacks "capabilities": {"portMappings": true}; iptables -t nat -S has no CNI-DN chain for the allocation.',
  explains: ['nsd-check-failing'],
  because:
    'Nomad gives a host port to every port of the group and registers it, whatever the network can do. In a CNI network of the operator the mapping is the work of the portmap plug-in, which has to be in the list, and gets to know the ports only when its capabilities say portMappings. A network defined by a single .conf file can have neither. The host port is then refused everywhere, while the address of the allocation answers on the client.',
  fix: ({ 'target.alloc.cni.network': network, 'target.alloc.record': record }) => [
    mapping(network, 'CNI configuration of the clients'),
    {
      do: 'Replace the allocations of the job, and of every other one on that network',
      on: 'job',
      run: replaceJob(record),
      risk: 'All its allocations are replaced',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/meta/portmap/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni#cni-configuration',
  ],
  since: '0.1.0',
  examples: [
    { name: 'no portmap, and nothing is translated', given, then: 'present' },
    {
      name: 'portmap is not given the ports',
      given: { ...given, 'target.alloc.cni.network': cniNetwork({ mapsPorts: false }) },
      then: 'present',
    },
    { name: 'portmap is there', given: { ...given, 'target.alloc.cni.network': cniNetwork() }, then: 'absent' },
    {
      name: 'somebody else maps the port',
      given: {
        ...given,
        'path.inbound.translation': {
          kind: 'to',
          address: '10.22.0.5',
          port: 8080,
          chain: 'PREROUTING',
          rule: '-A PREROUTING -j DNAT',
          alloc: null,
        },
      },
      then: 'absent',
    },
    {
      name: "Nomad's own bridge has portmap",
      given: { ...given, 'target.group.network.mode': 'bridge', 'target.alloc.cni.network': null },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['cni'] },
    needs: ['group.spec', 'group.network.mode-text', 'every.node.cni.networks'],
    shows: ['every.node.cni.networks'],
    holds: ({ 'group.spec': spec, 'group.network.mode-text': mode, 'every.node.cni.networks': files }) => {
      const network = agreed(mode, files, ({ mapsPorts }) => !mapsPorts)
      const port = usedPort(spec)
      return network && port && spec.network
        ? {
            says: `Group ${spec.name} has port ${port.label}, and network ${network.name} ${beside(network) ? 'is of a kind whose ports the client cannot map' : lacks(network)}: the host port leads nowhere`,
            at: [spec.network, 'mode'],
          }
        : false
    },
    fix: ({ 'group.network.mode-text': mode, 'every.node.cni.networks': files }) => [
      mapping(
        agreed(mode, files, ({ mapsPorts }) => !mapsPorts),
        'CNI configuration of the clients',
        inOneFile(mode, files) !== undefined,
      ),
    ],
    examples: [
      {
        name: 'no portmap',
        given: onCniNetwork({ mapsPorts: false, plugins: ['loopback', 'bridge'] }),
        then: 'present',
      },
      {
        name: 'portmap is not given the ports',
        given: onCniNetwork({ mapsPorts: false }),
        then: 'present',
      },
      {
        name: 'the service has the address of the allocation',
        given: {
          ...onCniNetwork({ mapsPorts: false, plugins: ['loopback', 'macvlan'] }),
          'group.spec': group({ services: [service({ addressMode: 'alloc' })] }),
        },
        then: 'absent',
      },
      {
        name: 'the service has the address of the client, which cannot reach a macvlan interface',
        given: onCniNetwork({ mapsPorts: false, plugins: ['loopback', 'macvlan'] }),
        then: 'present',
      },
      {
        name: 'nobody is told of the port',
        given: { ...onCniNetwork({ mapsPorts: false }), 'group.spec': group({ services: [] }) },
        then: 'absent',
      },
      {
        name: 'with portmap',
        given: onCniNetwork({ mapsPorts: true }),
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
