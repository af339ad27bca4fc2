import { edits, unset } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'

/** Drivers that do not make the namespace themselves, and so cannot name it. Source: client/allocrunner/network_manager_linux.go. */
const nameless = new Set(['exec', 'raw_exec', 'java', 'qemu', 'exec2'])

function refused({ network, tasks }: GroupSpec): string | undefined {
  if ((network?.hostname ?? '') === '') return undefined
  if (['', 'host'].includes(network?.mode ?? '')) return 'it is in host mode, where there is no namespace to name'
  const other = tasks.find(({ driver }) => nameless.has(driver))
  return other && `task ${other.name} uses driver ${other.driver}, and only docker can set it`
}

const called = (mode: string, driver: string): GroupSpec =>
  group({ network: { mode, hostname: 'cam-1', ports: [] }, tasks: [task({ driver })] })

export const networkHostnameRejected = fault({
  id: 'network-hostname-rejected',
  about: 'group',
  title: 'The network block sets a host name that the client cannot give',
  layer: 'node',
  severity: 'breaks',
  heard: [
    'Unable to add allocation due to error: failed to configure network manager: hostname cannot be set on task group using "<mode>" networking mode',
    'failed to configure network manager: hostname is not currently supported on driver <driver>',
    'network hostname "<hostname>" is not a valid DNS name',
    'Hostname is not a valid DNS name',
  ],
  needs: ['group.spec'],
  holds: ({ 'group.spec': spec }) => {
    const why = refused(spec)
    return why === undefined
      ? false
      : {
          says: `Group ${spec.name} has hostname = "${spec.network?.hostname ?? ''}" in its network block, but ${why}: the client refuses the allocation`,
          at: [spec.network ?? spec, 'hostname'],
        }
  },
  byHand: 'nomad alloc status -json <alloc>: ClientDescription; the tasks have no events at all.',
  explains: ['alloc-rejected-by-client'],
  because:
    'The host name of a group is set while its network namespace is made, and of the drivers that come with Nomad only docker does that, with the pause container. In host mode there is no namespace, and one exec, raw_exec or java task in the group is enough to leave it to the client, which cannot set a name. The client then refuses the whole allocation before any task exists.',
  fix: ({ 'group.spec': spec }) => [
    {
      do: `Delete hostname from the network block of group ${spec.name}`,
      on: 'job file',
      risk: 'none',
      ...edits(spec.network && [unset(spec.network, 'hostname')], 'the network is not written out', true),
    },
    {
      do: 'Or use mode = "bridge" with docker tasks only',
      on: 'job file',
      risk: 'The tasks move into a network namespace of the group',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#hostname',
    'client/allocrunner/network_manager_linux.go',
    'https://github.com/hashicorp/nomad/issues/18851',
  ],
  versions: { nomad: '>= 1.1.5' },
  since: '0.1.0',
  examples: [
    { name: 'an exec task in a bridge group', given: { 'group.spec': called('bridge', 'exec') }, then: 'present' },
    { name: 'host mode', given: { 'group.spec': called('', 'docker') }, then: 'present' },
    { name: 'docker in a bridge group', given: { 'group.spec': called('bridge', 'docker') }, then: 'absent' },
    { name: 'no host name', given: { 'group.spec': group({ tasks: [task({ driver: 'exec' })] }) }, then: 'absent' },
  ],
})
