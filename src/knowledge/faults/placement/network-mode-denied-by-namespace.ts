import { fault } from '../../fault.ts'
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
})
