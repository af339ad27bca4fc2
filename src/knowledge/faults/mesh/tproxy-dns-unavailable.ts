import { fault } from '../../fault.ts'
import { applications, withSidecar } from '../../mesh.ts'
import { group, nodeDocument, redirected, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { NodeDocument } from '../../shapes/runtime.ts'
import { textsOf } from '../../templates.ts'

/** Source: client/allocrunner/networking_cni.go: without address or port of Consul DNS the redirect is left out. */
function silent({ attributes }: NodeDocument): string | undefined {
  const address = attributes['unique.consul.dns.addr'] ?? attributes['consul.dns.addr']
  if (address === undefined || address === '') return 'Consul DNS listens on loopback only (no unique.consul.dns.addr)'
  return Number(attributes['consul.dns.port'] ?? '0') > 0 ? undefined : 'Consul DNS is switched off (consul.dns.port)'
}
const relies = (spec: GroupSpec): boolean =>
  withSidecar(spec).some(({ connect }) => connect?.sidecar?.transparentProxy && !connect.sidecar.redirect?.noDns)
const named = (spec: GroupSpec): boolean =>
  applications(spec).some((one) => textsOf(one).some((text) => /\.virtual(\.[\w-]+)*\.consul\b/.test(text)))

const open = nodeDocument({ attributes: { 'unique.consul.dns.addr': '10.0.0.1', 'consul.dns.port': '8600' } })
const spec = group({ services: [redirected()], tasks: [task({ env: { API: 'http://api.virtual.consul' } })] })

export const tproxyDnsUnavailable = fault({
  id: 'tproxy-dns-unavailable',
  about: 'alloc',
  title: 'Names under .virtual.consul do not resolve, because Consul DNS is out of reach of the namespace',
  layer: 'mesh',
  severity: 'breaks',
  heard: [
    'could not resolve host: <service>.virtual.consul',
    "** server can't find <service>.virtual.consul: NXDOMAIN",
    'lookup <service>.virtual.consul on <server>:53: no such host',
    'getaddrinfo ENOTFOUND <service>.virtual.consul',
    "bad address '<service>.virtual.consul'",
    'lookup <service>.virtual.consul: no such host',
  ],
  onlyWhen: { 'group.mesh': ['transparent-proxy'] },
  needs: ['group.spec', 'node.document'],
  holds: ({ 'group.spec': own, 'node.document': node }) => {
    const why = relies(own) ? silent(node) : undefined
    return why === undefined
      ? false
      : {
          says: `On client ${node.name} ${why}, so the tasks of group ${own.name} cannot resolve names under .virtual.consul`,
          severity: named(own) ? 'breaks' : 'degrades',
        }
  },
  byHand:
    'nslookup <service>.virtual.consul in the task fails; nomad node status -verbose <node> has no unique.consul.dns.addr.',
  explains: [],
  because:
    'With a transparent proxy an application calls <service>.virtual.consul, which only Consul DNS knows. Nomad redirects the DNS of the namespace to it, if it listens on an address that can be reached from there. A Consul whose DNS listens on 127.0.0.1 only is in another namespace; Nomad then leaves the redirect out without a word.',
  fix: ({ 'node.document': { name } }) => [
    {
      do: 'Set addresses { dns = "<address of the client>" } and recursors for all other names, and restart the Consul agent',
      on: `Consul on client ${name}`,
      risk: 'Its DNS can then be asked by others in that network',
    },
    {
      do: 'Then restart the Nomad agent and replace the allocations',
      on: `client ${name}`,
      risk: 'The allocations are replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/networking/consul/service-mesh',
    'https://developer.hashicorp.com/nomad/docs/job-specification/transparent_proxy',
  ],
  versions: { nomad: '>= 1.8.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'Consul DNS on loopback',
      given: { 'group.mesh': 'transparent-proxy', 'group.spec': spec, 'node.document': nodeDocument() },
      then: 'present',
    },
    {
      name: 'it can be reached',
      given: { 'group.mesh': 'transparent-proxy', 'group.spec': spec, 'node.document': open },
      then: 'absent',
    },
    {
      name: 'the job wants no redirect of DNS',
      given: {
        'group.mesh': 'transparent-proxy',
        'group.spec': group({ services: [redirected({ noDns: true })] }),
        'node.document': nodeDocument(),
      },
      then: 'absent',
    },
    {
      name: 'a plain sidecar',
      given: { 'group.mesh': 'sidecar', 'group.spec': group(), 'node.document': nodeDocument() },
      then: 'absent',
    },
  ],
})
