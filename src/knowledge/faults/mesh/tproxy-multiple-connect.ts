import { edits, remove } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, meshed, redirected } from '../../samples.ts'
import type { GroupSpec, ServiceSpec } from '../../shapes/job.ts'

function several({ services }: GroupSpec): readonly ServiceSpec[] {
  const own = services.filter(({ connect }) => connect !== undefined)
  return own.length > 1 && own.some(({ connect }) => connect?.sidecar?.transparentProxy) ? own : []
}

export const tproxyMultipleConnect = fault({
  id: 'tproxy-multiple-connect',
  about: 'group',
  title: 'A group with a transparent proxy has more than one connect block',
  layer: 'mesh',
  severity: 'breaks',
  heard: ['Consul Connect transparent proxy requires there is only one connect block'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = several(spec)
    return found.length > 0
      ? {
          says: `Services ${found.map(({ name }) => name).join(' and ')} of group ${spec.name} have connect blocks, one of them with a transparent proxy, so the servers refuse the job`,
          at: found[1]?.connect ?? spec,
        }
      : false
  },
  byHand: 'nomad job validate <file> says "requires there is only one connect block".',
  explains: [],
  because:
    'A transparent proxy redirects all traffic of the namespace to its own ports. A namespace has one set of such rules, so there can be one proxy to send the traffic to. With a second connect block in the group it would not be clear whose certificate a call carries, and the servers refuse the job.',
  fix: ({ 'group.spec': spec }) => {
    const found = several(spec)
    const redirected = found.filter(({ connect }) => connect?.sidecar?.transparentProxy)
    const others = found.filter((one) => !redirected.includes(one))
    return [
      {
        do: `Move ${several(spec)
          .slice(1)
          .map(({ name }) => name)
          .join(' and ')} to a group of its own, or leave one connect block in group ${spec.name}`,
        on: 'job file',
        risk: 'none: the job was not accepted before',
        ...edits(
          redirected.length === 1 && others.every(({ connect }) => connect?.sidecar?.upstreams.length === 0)
            ? others.flatMap(({ connect }) => (connect ? [remove(connect)] : []))
            : undefined,
          'the job does not say which service is to stay in the mesh',
        ),
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/transparent_proxy'],
  versions: { nomad: '>= 1.8.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'a second sidecar',
      given: { 'group.spec': group({ services: [redirected(), meshed({ name: 'admin' })] }) },
      then: 'present',
    },
    { name: 'one connect block', given: { 'group.spec': group({ services: [redirected()] }) }, then: 'absent' },
    {
      name: 'two sidecars without redirection',
      given: { 'group.spec': group({ services: [meshed(), meshed({ name: 'admin' })] }) },
      then: 'absent',
    },
  ],
})
