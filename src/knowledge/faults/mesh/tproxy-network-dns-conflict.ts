import { edits, remove } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { withSidecar } from '../../mesh.ts'
import { group, redirected } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

const wrong = (spec: GroupSpec) =>
  spec.network?.dns === undefined
    ? undefined
    : withSidecar(spec).find(({ connect }) => connect?.sidecar?.transparentProxy && !connect.sidecar.redirect?.noDns)

const network = { mode: 'bridge', ports: [], dns: { servers: ['10.0.0.2'], searches: [], options: [] } }

export const tproxyNetworkDnsConflict = fault({
  id: 'tproxy-network-dns-conflict',
  about: 'group',
  title: 'A transparent proxy and a dns block of the group exclude each other',
  layer: 'mesh',
  severity: 'breaks',
  heard: ['Consul Connect transparent proxy cannot be used with network.dns unless no_dns=true'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found
      ? {
          says: `Group ${spec.name} has a dns block, and service ${found.name} a transparent proxy that redirects DNS itself, so the servers refuse the job`,
          at: spec.network?.dns ?? spec,
        }
      : false
  },
  byHand: 'nomad job validate <file> says "cannot be used with network.dns unless no_dns=true".',
  explains: [],
  because:
    'A transparent proxy finds its destinations by names under .virtual.consul, so Nomad points resolv.conf of the tasks at Consul DNS and redirects port 53. A dns block of the group writes the same file with other servers. Only one of them can win, and the servers want it said.',
  fix: ({ 'group.spec': spec }) => [
    {
      do: `Take the dns block out of group ${spec.name}, and give Consul recursors for all other names`,
      on: 'job file',
      risk: 'none: the job was not accepted before',
      ...edits(spec.network?.dns && [remove(spec.network.dns)], 'the block is not written out'),
    },
    {
      do: 'Or write no_dns = true into transparent_proxy, if the name servers of the dns block know .virtual.consul',
      on: 'job file',
      risk: 'Virtual addresses do not resolve if they do not',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/transparent_proxy'],
  versions: { nomad: '>= 1.8.0' },
  since: '0.1.0',
  examples: [
    { name: 'both', given: { 'group.spec': group({ network, services: [redirected()] }) }, then: 'present' },
    {
      name: 'no_dns',
      given: { 'group.spec': group({ network, services: [redirected({ noDns: true })] }) },
      then: 'absent',
    },
    { name: 'no dns block', given: { 'group.spec': group({ services: [redirected()] }) }, then: 'absent' },
  ],
})
