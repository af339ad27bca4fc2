import { fault } from '../../fault.ts'
import { quoted } from '../../quoted.ts'

const told = { task: 'connect-proxy-orders', text: 'Exit Code: 137, Exit Message: "OOM Killed"' }

export const connectEnvoyOom = fault({
  id: 'connect-envoy-oom',
  about: 'alloc',
  title: 'The sidecar is killed, because it needs more memory than it was given',
  layer: 'mesh',
  severity: 'degrades',
  heard: ['Exit Code: 137, Exit Message: "OOM Killed"', 'OOM Killed'],
  onlyWhen: { 'alloc.sidecar': ['out-of-memory'] },
  needs: ['alloc.sidecar-trouble'],
  holds: ({ 'alloc.sidecar-trouble': trouble }) =>
    trouble === null
      ? false
      : `Sidecar task ${trouble.task} was killed for want of memory: ${quoted(trouble.text, 120)}`,
  byHand:
    'nomad alloc status <alloc>: Terminated of task connect-proxy-<service> with "OOM Killed"; dmesg on the client names envoy.',
  explains: ['connect-destination-unhealthy'],
  because:
    'The task that Nomad adds for a sidecar has 128 MB of memory. Envoy keeps every cluster, endpoint and connection in memory, so a busy gateway or a mesh with many upstreams needs more. When the kernel kills it, all connections through it break at once, and it starts anew with the same limit.',
  fix: ({ 'alloc.sidecar-trouble': trouble }) => [
    {
      do: `Give ${trouble?.task ?? 'the sidecar'} more: sidecar_task { resources { memory = 256 } } in its connect block`,
      on: 'job file',
      risk: 'The allocation is replaced',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/sidecar_task',
    'https://github.com/hashicorp/nomad/issues/9749',
  ],
  since: '0.1.0',
  examples: [
    { name: 'killed', given: { 'alloc.sidecar': 'out-of-memory', 'alloc.sidecar-trouble': told }, then: 'present' },
    { name: 'the sidecar runs', given: { 'alloc.sidecar': 'up', 'alloc.sidecar-trouble': null }, then: 'absent' },
  ],
})
