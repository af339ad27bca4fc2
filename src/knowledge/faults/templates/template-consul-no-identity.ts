import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { ConsulSettings, TemplateTrouble } from '../../shapes/runtime.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import { ofConsul } from '../../templates.ts'
import { before } from '../../version.ts'

const refused = /\b403\b|ACL not found|Permission denied/i

/** Since 2.0.4 a task without identity is refused outright; 1.10 to 2.0.3 sent no token, which lists answer with nothing. */
function anonymous(found: readonly TemplateTrouble[], spec: GroupSpec, version: string): TemplateTrouble | undefined {
  return found.find(
    ({ task: name, kind, on, text }) =>
      on.some(ofConsul) &&
      spec.tasks.some((one) => one.name === name && !one.consulIdentity) &&
      (kind === 'failed' ? refused.test(text) : !before(version, '2.0.4')),
  )
}

const settings = (acls: boolean): ConsulSettings => ({
  version: '1.20.0',
  datacenter: 'dc1',
  acls,
  defaultPolicy: acls ? 'deny' : 'allow',
  grpcPort: 8502,
  grpcTlsPort: -1,
  dnsPort: 8600,
  recursors: [],
  envoy: [],
})
const waits: TemplateTrouble = {
  task: 'server',
  kind: 'waiting',
  on: ['health.service(orders|passing)'],
  text: 'Missing: health.service(orders|passing)',
}
const base = {
  'alloc.templates': 'waiting',
  'alloc.template-asks': 'consul',
  'alloc.template-trouble': [waits],
  'node.version': '2.0.5',
} as const

export const templateConsulNoIdentity = fault({
  id: 'template-consul-no-identity',
  about: 'alloc',
  title: 'A template asks a Consul with ACLs, and its task has no identity there',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'Template failed: health.service(<name>|passing): Unexpected response code: 403 (ACL not found)',
    'Missing: health.service(<name>|passing)',
    'consul tokens for cluster default requested by task <task> not found',
  ],
  onlyWhen: { 'alloc.templates': ['waiting', 'failed'], 'alloc.template-asks': ['consul'] },
  needs: ['alloc.template-trouble', 'group.spec', 'cluster.consul.settings', 'node.version'],
  shows: ['alloc.template-trouble', 'group.spec', 'cluster.consul.settings'],
  holds: ({
    'alloc.template-trouble': found,
    'group.spec': spec,
    'cluster.consul.settings': { acls },
    'node.version': version,
  }) => {
    const one = acls ? anonymous(found, spec, version) : undefined
    return one
      ? `Task ${one.task} asks Consul for ${one.on.filter(ofConsul).join(', ')} without an identity: Consul has ACLs, and Nomad ${version} sends no token of its own for it`
      : false
  },
  byHand:
    'nomad job inspect <job>: the task has no identity consul_default and neither it nor its group a consul block; consul acl token read -self says that ACLs are on.',
  explains: ['template-missing-dependency', 'template-failed-after-retries'],
  because:
    'Up to 1.9 a template that asked Consul used the token of the client. Since 1.10 each task needs an identity of its own, from which Nomad gets it a token; a consul block in the task or group asks for it. Without one the request goes out without a token, and since 2.0.4 with one that Consul refuses, so the template never gets an answer.',
  fix: () => [
    {
      do: 'Write consul {} into the task or its group (the servers need task_identity in their consul block, Consul an auth method: nomad setup consul)',
      on: 'job file',
      risk: 'The allocation is replaced',
    },
    {
      do: 'Or let templates use the token of the client: template { use_client_consul_token = true } (2.0.4 and newer)',
      on: 'client configuration',
      risk: 'Every task of the client may then read what the client may',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/consul',
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific',
    'https://github.com/hashicorp/nomad/issues/26283',
  ],
  versions: { nomad: '>= 1.10.0', of: 'node.version' },
  since: '0.1.0',
  examples: [
    {
      name: 'ACLs and no identity',
      given: { ...base, 'group.spec': group(), 'cluster.consul.settings': settings(true) },
      then: 'present',
    },
    {
      name: 'no ACLs',
      given: { ...base, 'group.spec': group(), 'cluster.consul.settings': settings(false) },
      then: 'absent',
    },
    {
      name: 'the task has an identity',
      given: {
        ...base,
        'group.spec': group({ tasks: [task({ consulIdentity: true })] }),
        'cluster.consul.settings': settings(true),
      },
      then: 'absent',
    },
    {
      name: 'a client that still uses its own token',
      given: { ...base, 'node.version': '1.9.3', 'group.spec': group(), 'cluster.consul.settings': settings(true) },
      then: 'absent',
    },
    {
      name: 'the templates wait for services of Nomad',
      given: {
        ...base,
        'alloc.template-asks': 'others',
        'group.spec': group(),
        'cluster.consul.settings': settings(true),
      },
      then: 'absent',
    },
    {
      name: 'all templates are rendered',
      given: {
        ...base,
        'alloc.templates': 'rendered',
        'group.spec': group(),
        'cluster.consul.settings': settings(true),
      },
      then: 'absent',
    },
  ],
})
