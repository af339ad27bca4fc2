import { edits, reword } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

const old = /\$\{attr\.consul\.dns\.addr\}/
const wrong = ({ network }: GroupSpec) => network?.dns?.servers.find((server) => old.test(server))

const withServer = (server: string) =>
  group({ services: [], network: { mode: 'bridge', ports: [], dns: { servers: [server], searches: [], options: [] } } })

export const dnsAttrRenamed = fault({
  id: 'dns-attr-renamed',
  about: 'group',
  title: 'network.dns names a client attribute that has been renamed',
  layer: 'name',
  severity: 'breaks',
  heard: ['nameserver ${attr.consul.dns.addr}', '${attr.consul.dns.addr}'],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const found = wrong(spec)
    return found === undefined
      ? false
      : {
          says: `Group ${spec.name} has network.dns server ${found}; since Nomad 1.9.7 the attribute is called unique.consul.dns.addr, and the old name stays in resolv.conf as text`,
          ...(spec.network?.dns ? { at: [spec.network.dns, 'servers'] } : {}),
        }
  },
  byHand: 'cat /etc/resolv.conf in the task shows a nameserver line with ${attr.consul.dns.addr} in it.',
  explains: [],
  because:
    'The servers of a dns block may name attributes of the client, which are put in when the allocation starts. The attribute with the address of Consul DNS is different on every client, so it was renamed to unique.consul.dns.addr in Nomad 1.9.7 (1.8.11 and 1.7.19 of Enterprise). A name that does not exist is left as it is, and the resolver skips such a line.',
  fix: ({ 'group.spec': { network } }) => [
    {
      do: 'Write ${attr.unique.consul.dns.addr} instead of ${attr.consul.dns.addr}',
      on: 'job file',
      risk: 'The allocations are replaced',
      ...edits(
        network?.dns && [reword(network.dns, 'servers', 'attr.consul.dns.addr', 'attr.unique.consul.dns.addr')],
        'it is not written out',
      ),
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#dns-parameters',
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific',
  ],
  versions: { nomad: '>= 1.9.7 || >= 1.8.11 < 1.9.0 || >= 1.7.19 < 1.8.0', of: 'group.client-versions' },
  since: '0.1.0',
  examples: [
    {
      name: 'the old name',
      given: { 'group.client-versions': ['2.0.5'], 'group.spec': withServer('${attr.consul.dns.addr}') },
      then: 'present',
    },
    {
      name: 'the new name',
      given: { 'group.client-versions': ['2.0.5'], 'group.spec': withServer('${attr.unique.consul.dns.addr}') },
      then: 'absent',
    },
    {
      name: 'clients that still call it so',
      given: { 'group.client-versions': ['1.8.4'], 'group.spec': withServer('${attr.consul.dns.addr}') },
      then: 'absent',
    },
    {
      name: 'one client of Enterprise with the new name',
      given: { 'group.client-versions': ['1.8.4', '1.8.11+ent'], 'group.spec': withServer('${attr.consul.dns.addr}') },
      then: 'present',
    },
    {
      name: 'a job file without any client',
      given: { 'group.client-versions': [], 'group.spec': withServer('${attr.consul.dns.addr}') },
      then: 'present',
    },
  ],
})
