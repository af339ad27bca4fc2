import { fault } from '../../fault.ts'
import { group, job } from '../../samples.ts'
import type { GroupSpec, JobSpec, PortSpec } from '../../shapes/job.ts'

/** Groups that go to the same clients, as far as their own constraints tell. */
const together = (a: GroupSpec, b: GroupSpec): boolean =>
  JSON.stringify(a.constraints) === JSON.stringify(b.constraints)

const collides = (a: PortSpec, b: PortSpec): boolean =>
  a.static !== undefined &&
  a.static === b.static &&
  a.hostNetwork === b.hostNetwork &&
  !(a.ignoreCollision && b.ignoreCollision)

/** Two groups that ask every client for one static port. */
function clash({ groups }: JobSpec) {
  return groups
    .flatMap((one, i) =>
      groups
        .slice(i + 1)
        .filter((other) => one.count > 0 && other.count > 0 && together(one, other))
        .flatMap((other) =>
          (other.network?.ports ?? [])
            .filter((port) => (one.network?.ports ?? []).some((own) => collides(own, port)))
            .map((port) => ({ one: one.name, other: other.name, port })),
        ),
    )
    .at(0)
}

const edge = (name: string, host: number, hostNetwork = 'default'): GroupSpec =>
  group({ name, services: [], network: { mode: '', ports: [{ label: 'http', static: host, to: 80, hostNetwork }] } })

export const ingressStaticPortTaken = fault({
  id: 'ingress-static-port-taken',
  about: 'job',
  title: 'Two groups of a system job want the same static port on every client',
  layer: 'scheduler',
  severity: 'breaks',
  heard: [
    'Dimension "network: reserved port collision <label>=<port>" exhausted on <n> nodes',
    'network: port collision',
  ],
  onlyWhen: { 'job.type': ['system', 'sysbatch'] },
  needs: ['job.spec'],
  holds: ({ 'job.spec': spec }) => {
    const found = clash(spec)
    return found
      ? {
          says: `Groups ${found.one} and ${found.other} of system job ${spec.id} both take static port ${found.port.static} on every client: one of them has no place anywhere`,
          at: [found.port, 'static'],
        }
      : false
  },
  byHand: 'nomad job plan <file>: the group that is not placed shows "reserved port collision".',
  explains: ['reserved-port-collision'],
  because:
    'A system job puts one allocation of each group on every client it may use. A static port can be given once per client and address, so of two groups that ask for the same number only one fits. Validation looks at each group alone and does not object.',
  fix: ({ 'job.spec': spec }) => {
    const found = clash(spec)
    return [
      {
        do: `Give port ${found?.port.label ?? ''} of group ${found?.other ?? ''} another static number or another host_network, or constrain the two groups to different clients`,
        on: 'job file',
        risk: 'Callers that use the fixed port must change',
        note: 'By hand: the job does not say which other number is meant',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/concepts/scheduling/schedulers',
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#static',
    'https://github.com/hashicorp/nomad/issues/18509',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'two groups on port 80',
      given: {
        'job.type': 'system',
        'job.spec': job({ type: 'system', groups: [edge('public', 80), edge('internal', 80)] }),
      },
      then: 'present',
    },
    {
      name: 'on two host networks',
      given: {
        'job.type': 'system',
        'job.spec': job({ type: 'system', groups: [edge('public', 80, 'public'), edge('internal', 80, 'private')] }),
      },
      then: 'absent',
    },
    {
      name: 'two numbers',
      given: {
        'job.type': 'system',
        'job.spec': job({ type: 'system', groups: [edge('public', 80), edge('internal', 8080)] }),
      },
      then: 'absent',
    },
    {
      name: 'groups of a service job may land on two clients',
      given: { 'job.type': 'service', 'job.spec': job({ groups: [edge('public', 80), edge('internal', 80)] }) },
      then: 'absent',
    },
  ],
})
