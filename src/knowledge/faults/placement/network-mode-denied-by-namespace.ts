import { group, job } from '../../samples.ts'
import { fault } from '../../fault.ts'
import type { NamespaceRule } from '../../shapes/namespace.ts'
import type { PlanAnswer } from '../../shapes/runtime.ts'

const denied = /used group network modes? (.+?) (?:is|are) not allowed in namespace "([^"]*)"/

const told = ({ errors }: PlanAnswer): { mode: string; namespace: string } | undefined => {
  const [, mode, namespace] = errors.map((error) => denied.exec(error)).find((found) => found !== null) ?? []
  return mode === undefined || namespace === undefined ? undefined : { mode, namespace }
}

const answer = (...errors: readonly string[]): PlanAnswer => ({
  accepted: errors.length === 0,
  errors,
  warnings: '',
  failed: {},
})
const text = 'used group network mode "host" is not allowed in namespace "tenants"'

/** What the specification of the namespace says to a mode. Source: nomad/job_endpoint_validators.go. */
const forbids = (rules: readonly NamespaceRule[], namespace: string, mode: string): boolean =>
  rules.some(
    ({ name, enabled, disabled }) =>
      name === namespace && ((enabled.length > 0 && !enabled.includes(mode)) || disabled.includes(mode)),
  )

export const networkModeDeniedByNamespace = fault({
  id: 'network-mode-denied-by-namespace',
  about: 'job',
  title: 'The namespace does not allow the network mode of a group',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'used group network mode "<mode>" is not allowed in namespace "<namespace>"',
    'used group network modes ["<mode>" "<mode>"] are not allowed in namespace "<namespace>"',
  ],
  onlyWhen: { 'job.registered': [false] },
  needs: ['job.plan'],
  holds: ({ 'job.plan': plan }) => {
    const found = told(plan)
    return found
      ? `Namespace ${found.namespace} does not allow network mode ${found.mode}, which a group of the job uses: the servers refuse the job`
      : false
  },
  byHand:
    'nomad namespace status <namespace>: enabled and disabled network modes; a group without a network block counts as host.',
  explains: [],
  because:
    'Since Nomad 1.8.4 a namespace may list the network modes its jobs are allowed to use, or those they are not. The words are compared as they are written, a group without a mode counts as "host", and a CNI network has to be listed by its name, "cni/<name>". Often nobody chose host mode: the mode is simply not written.',
  fix: ({ 'job.plan': plan }) => [
    {
      do: 'Write an allowed mode into the network block of every group, most often mode = "bridge"',
      on: 'job file',
      risk: 'none',
    },
    {
      do: `Or allow ${told(plan)?.mode ?? 'the mode'} in the capabilities of namespace ${told(plan)?.namespace ?? ''} (enabled_network_modes, disabled_network_modes) and apply it`,
      on: 'namespace specification',
      risk: 'All jobs of the namespace may use it',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/other-specifications/namespace#capabilities-parameters',
    'nomad/job_endpoint_validators.go',
  ],
  versions: { nomad: '>= 1.8.4' },
  since: '0.1.0',
  examples: [
    { name: 'host mode by default', given: { 'job.registered': false, 'job.plan': answer(text) }, then: 'present' },
    {
      name: 'refused for another reason',
      given: { 'job.registered': false, 'job.plan': answer('Task group api validation failed') },
      then: 'absent',
    },
    { name: 'the servers have it', given: { 'job.registered': true, 'job.plan': answer() }, then: 'absent' },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'group.network.mode-text', 'job.spec', 'cluster.namespace-rules'],
    shows: ['cluster.namespace-rules'],
    holds: ({
      'group.spec': spec,
      'group.network.mode-text': mode,
      'job.spec': { namespace },
      'cluster.namespace-rules': rules,
    }) =>
      forbids(rules, namespace, mode)
        ? {
            says: `Group ${spec.name} has network mode ${mode}, which namespace ${namespace} does not allow`,
            at: spec.network ?? spec,
          }
        : false,
    fix: ({ 'group.spec': { name }, 'cluster.namespace-rules': rules, 'job.spec': { namespace } }) => [
      {
        do: `Set a mode in the network of group ${name} that namespace ${namespace} allows: ${rules.find((one) => one.name === namespace)?.enabled.join(', ') || 'none of the disabled ones'}`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      {
        name: 'only bridge is allowed',
        given: {
          'group.spec': group(),
          'group.network.mode-text': 'host',
          'job.spec': job({ namespace: 'tenants' }),
          'cluster.namespace-rules': [{ name: 'tenants', enabled: ['bridge'], disabled: [] }],
        },
        then: 'present',
      },
      {
        name: 'another namespace',
        given: {
          'group.spec': group(),
          'group.network.mode-text': 'host',
          'job.spec': job(),
          'cluster.namespace-rules': [{ name: 'tenants', enabled: ['bridge'], disabled: [] }],
        },
        then: 'absent',
      },
    ],
  },
})
