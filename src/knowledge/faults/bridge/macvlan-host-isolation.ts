import { agreed } from '../../clients.ts'
import { cniFile, cniNetwork } from '../../crossing-samples.ts'
import { fault } from '../../fault.ts'
import { check, group, service } from '../../samples.ts'
import type { CniNetwork } from '../../shapes/crossing.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** What of the group asks the client itself to reach the allocation: a check the agent makes, or a host port. */
function fromHost(network: CniNetwork | null, spec: GroupSpec) {
  const kind = network?.plugins.find((plugin) => plugin === 'macvlan' || plugin === 'ipvlan')
  if (!network || kind === undefined) return undefined
  const checked = [...spec.services, ...spec.tasks.flatMap(({ services }) => services)].flatMap((one) =>
    one.checks.filter(({ type }) => type !== 'script').map((found) => ({ service: one.name, found })),
  )[0]
  if (checked)
    return { network, kind, at: checked.found, what: `check "${checked.found.name}" of service ${checked.service}` }
  const port = spec.network?.ports[0]
  return port && { network, kind, at: port, what: `host port ${port.label}` }
}

const plant = cniNetwork({ name: 'plant', file: 'plant.conflist', plugins: ['loopback', 'macvlan'], bridge: null })
const checkedGroup = group({
  network: { mode: 'cni/plant', ports: [] },
  services: [service({ addressMode: 'alloc', port: '8080', checks: [check()] })],
})
const given = {
  'group.network.mode': 'cni',
  'alloc.status': 'running',
  'alloc.cni.network': plant,
  'group.spec': checkedGroup,
} as const

const filed = (plugin: string) => [
  { about: 'node:c1', id: 'node:1', value: [cniFile('plant.conflist', { plugins: ['loopback', plugin] })] },
]

export const macvlanHostIsolation = fault({
  id: 'macvlan-host-isolation',
  about: 'alloc',
  title: 'The allocation is on a macvlan or ipvlan network, where its own client cannot reach it',
  layer: 'bridge',
  severity: 'breaks',
  heard: ['connect: no route to host', 'context deadline exceeded (Client.Timeout exceeded while awaiting headers)'],
  onlyWhen: { 'group.network.mode': ['cni'], 'alloc.status': ['running'] },
  needs: ['alloc.cni.network', 'group.spec'],
  holds: ({ 'alloc.cni.network': network, 'group.spec': spec }) => {
    const found = fromHost(network, spec)
    return found
      ? {
          says: `Group ${spec.name} is on the ${found.kind} network ${found.network.name} (${found.network.file}); its own client cannot reach it there, and ${found.what} needs that`,
          at: found.at,
        }
      : false
  },
  byHand:
    'From another machine of that network the address of the allocation answers; from the client itself it is "No route to host" after three seconds.',
  explains: ['nsd-check-failing', 'consul-service-critical-filtered'],
  because:
    'macvlan and ipvlan put the allocation on the network of a card, beside the client and not behind it. The kernel does not pass packets between the card itself and the interfaces made on top of it. So all other machines reach the allocation, and the client does not: the checks that Nomad and Consul make from there fail for ever, and a host port, which the client would have to pass on, leads nowhere.',
  fix: ({ 'alloc.cni.network': network }) => [
    {
      do: 'Use a script check, which runs in the task, or leave the check to a machine of that network',
      on: 'job file',
      risk: 'The allocations are replaced',
    },
    {
      do: `Or give the client an interface of the same kind on that network, and a route to the allocations of ${network?.name ?? 'it'} by it`,
      on: 'client',
      run: ['ip', 'link', 'add', 'shim0', 'link', '<card>', 'type', 'macvlan', 'mode', 'bridge'],
      risk: 'The client gets an address more on that network',
    },
    {
      do: 'Or use a bridge network, where the client is the gateway',
      on: 'job file',
      risk: 'Addresses and ports change',
    },
  ],
  references: [
    'https://www.cni.dev/plugins/current/main/macvlan/',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
  ],
  since: '0.1.0',
  examples: [
    { name: 'a check by the agent', given, then: 'present' },
    {
      name: 'a host port',
      given: {
        ...given,
        'group.spec': group({
          network: { mode: 'cni/plant', ports: [{ label: 'http', to: 8080, hostNetwork: 'default' }] },
          services: [],
        }),
      },
      then: 'present',
    },
    {
      name: 'nothing on the client has to reach it',
      given: { ...given, 'group.spec': group({ network: { mode: 'cni/plant', ports: [] }, services: [service()] }) },
      then: 'absent',
    },
    {
      name: 'a script check runs inside',
      given: {
        ...given,
        'group.spec': group({
          network: { mode: 'cni/plant', ports: [] },
          services: [service({ checks: [check({ type: 'script' })] })],
        }),
      },
      then: 'absent',
    },
    { name: 'a bridge network', given: { ...given, 'alloc.cni.network': cniNetwork() }, then: 'absent' },
    {
      name: "Nomad's own bridge",
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
      const network = agreed(mode, files, ({ plugins }) => plugins.some((one) => one === 'macvlan' || one === 'ipvlan'))
      const found = spec.services
        .flatMap((own) => own.checks.map((one) => ({ own, one })))
        .find(
          ({ own, one }) =>
            ['http', 'https', 'tcp', 'grpc'].includes(one.type) && (one.addressMode || own.addressMode) === 'alloc',
        )
      return network && found
        ? {
            says: `The check of service ${found.own.name} dials the allocation from its own client, which a ${network.plugins.find((one) => one !== 'loopback')} network such as ${network.name} does not allow`,
            at: [found.one, 'type'],
          }
        : false
    },
    fix: () => [
      {
        do: 'Check from inside: a script check, or one from another machine; or give the client a macvlan interface of its own on that network',
        on: 'job file',
        risk: 'The service is registered anew',
      },
    ],
    examples: [
      {
        name: 'an http check on macvlan',
        given: {
          'group.network.mode': 'cni',
          'group.spec': group({
            services: [
              service({
                provider: 'consul',
                port: '8080',
                addressMode: 'alloc',
                checks: [check({ addressMode: 'alloc' })],
              }),
            ],
          }),
          'group.network.mode-text': 'cni/plant',
          'every.node.cni.networks': filed('macvlan'),
        },
        then: 'present',
      },
      {
        name: 'a bridge',
        given: {
          'group.network.mode': 'cni',
          'group.spec': group({
            services: [
              service({
                provider: 'consul',
                port: '8080',
                addressMode: 'alloc',
                checks: [check({ addressMode: 'alloc' })],
              }),
            ],
          }),
          'group.network.mode-text': 'cni/plant',
          'every.node.cni.networks': filed('bridge'),
        },
        then: 'absent',
      },
      {
        name: 'the bridge of Nomad',
        given: {
          'group.network.mode': 'bridge',
          'group.spec': group(),
          'group.network.mode-text': 'bridge',
          'every.node.cni.networks': [],
        },
        then: 'absent',
      },
    ],
  },
})
