import { readsNetworks } from '../../cni-words.ts'
import { edits, unset } from '../../edit.ts'
import type { GroupSpec, JobSpec } from '../../shapes/job.ts'
import { group, job } from '../../samples.ts'
import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import { failure } from './examples.ts'

/** Only Linux has bridges and CNI. */
const elsewhere = ({ constraints }: GroupSpec, job: JobSpec) =>
  [...constraints, ...job.constraints].find(
    ({ left, operand, right }) =>
      /^\$\{attr\.(?:kernel|os)\.name\}$/.test(left) &&
      ['=', '==', 'is', ''].includes(operand) &&
      /^(?:windows|darwin|freebsd)/i.test(right),
  )

export const missingNetwork = fault({
  id: 'missing-network',
  about: 'group',
  title: 'No client that may run the group offers its network mode',
  layer: 'scheduler',
  severity: 'breaks',
  heard: ['Constraint "missing network": <n> nodes excluded by filter', 'missing network'],
  onlyWhen: {
    'group.placement': ['not-placed', 'partly'],
    'group.network.mode': ['host', 'bridge', 'cni', 'none'],
    'group.missing.network': [true],
  },
  needs: ['group.refusals', 'group.network.mode-text', 'group.placement'],
  shows: ['group.refusals', 'group.network.mode-text'],
  holds: ({ 'group.refusals': refusals, 'group.network.mode-text': mode, 'group.placement': placement }) => {
    if (!refusals) return false
    const [told] = reasons(refusals, 'constraints', /^missing network$/)
    const says = told
      ? `The scheduler left out ${told.count} of ${clients(refusals.nodesEvaluated)} because they do not offer network mode "${mode}"`
      : `Clients that may run the group do not offer network mode "${mode}"; the scheduler only says "computed class ineligible"`
    return { says, severity: grave(placement) }
  },
  byHand:
    'nomad node status -verbose <node> lists the network modes of a client under Host Networks; compare with mode in the network block of the job.',
  explains: ['computed-class-ineligible', 'ingress-absent-on-node'],
  because:
    "The scheduler places a group only on clients that offer its network mode: host, bridge, or cni/<name> with exactly the name in the network's CNI file. A client finds its modes when its agent starts, those of CNI files also at a reload: bridge needs the kernel module bridge, cni/<name> needs a file with that name field in cni_config_dir, host needs a default route or network_interface. A mode that no permitted client has leaves the evaluation blocked, and the job waits without an allocation.",
  fix: ({ 'group.network.mode-text': mode }) =>
    mode.startsWith('cni/')
      ? [
          {
            do: `Put the CNI configuration whose "name" is "${mode.slice(4)}" into cni_config_dir (default /opt/cni/config) of every client that shall run the group`,
            on: 'clients',
            risk: 'A malformed file there keeps the agent from starting',
          },
          {
            do: readsNetworks,
            on: 'clients',
            run: ['systemctl', 'restart', 'nomad'],
            risk: 'Running allocations go on',
          },
        ]
      : [
          mode === 'bridge'
            ? {
                do: 'Have the group run on Linux clients, which alone make a bridge, or use mode = "host"',
                on: 'job file',
                risk: 'In mode host the group shares the ports of the client',
              }
            : {
                do: `Make the clients offer mode ${mode}: give the agent a default route or network_interface, and restart it`,
                on: 'clients',
                run: ['systemctl', 'restart', 'nomad'],
                risk: 'Running allocations go on',
              },
        ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#mode',
    'https://developer.hashicorp.com/nomad/docs/networking/cni',
    'scheduler/feasible/feasible.go, NetworkChecker',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a CNI network that no client has',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/backend',
        'group.missing.network': true,
        'group.refusals': failure({ constraintFiltered: { 'missing network': 1, '${node.unique.name} = c1': 1 } }),
      },
      then: 'present',
    },
    {
      name: 'the reason is hidden behind the class of the clients',
      given: {
        'group.placement': 'partly',
        'group.network.mode': 'bridge',
        'group.network.mode-text': 'bridge',
        'group.missing.network': true,
        'group.refusals': failure({ constraintFiltered: { 'computed class ineligible': 1 } }),
      },
      then: 'present',
    },
    {
      name: 'left out for other reasons',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'bridge',
        'group.network.mode-text': 'bridge',
        'group.missing.network': false,
        'group.refusals': failure({ constraintFiltered: { '${attr.kernel.name} = windows': 2 } }),
      },
      then: 'absent',
    },
    {
      name: 'placed by now: an older evaluation is the past',
      given: {
        'group.placement': 'placed',
        'group.network.mode': 'cni',
        'group.network.mode-text': 'cni/backend',
        'group.missing.network': false,
        'group.refusals': null,
      },
      then: 'absent',
    },
    {
      name: 'a mode that is none is misspelt, not missing',
      given: {
        'group.placement': 'not-placed',
        'group.network.mode': 'other',
        'group.network.mode-text': 'Bridge',
        'group.missing.network': true,
        'group.refusals': failure({ constraintFiltered: { 'missing network': 2 } }),
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['bridge', 'cni'] },
    needs: ['group.spec', 'job.spec'],
    shows: ['group.spec'],
    holds: ({ 'group.spec': spec, 'job.spec': job }) => {
      const found = elsewhere(spec, job)
      return found
        ? {
            says: `Group ${spec.name} has network mode ${spec.network?.mode}, which Linux clients alone offer, and is constrained to ${found.right}`,
            severity: 'breaks',
            ...(spec.network ? { at: [spec.network, 'mode'] as const } : {}),
          }
        : false
    },
    fix: ({ 'group.spec': spec }) => [
      {
        do: `Delete mode from the network of group ${spec.name}: host mode works on every client`,
        on: 'job file',
        risk: 'Its ports are bound on the client itself',
        ...edits(spec.network && [unset(spec.network, 'mode')], 'the network is not written out'),
      },
    ],
    examples: [
      {
        name: 'a bridge on Windows',
        given: {
          'group.network.mode': 'bridge',
          'group.spec': group({ constraints: [{ left: '${attr.kernel.name}', operand: '=', right: 'windows' }] }),
          'job.spec': job(),
        },
        then: 'present',
      },
      {
        name: 'no constraint',
        given: { 'group.network.mode': 'bridge', 'group.spec': group(), 'job.spec': job() },
        then: 'absent',
      },
      {
        name: 'host mode',
        given: { 'group.network.mode': 'host', 'group.spec': group(), 'job.spec': job() },
        then: 'absent',
      },
    ],
  },
})
