import { edits, meant, reword, severalPorts } from '../../edit.ts'
import { configList } from '../../container.ts'
import { fault } from '../../fault.ts'
import { addsPort } from '../../mesh.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { Namespace } from '../../shapes/port.ts'
import { group, task } from '../../samples.ts'

/** Labels that a container lists and its group does not have. A container in the group's namespace lists them in vain, without an error. */
function strangers(spec: GroupSpec, namespaces: Readonly<Record<string, Namespace>>) {
  const labels = new Set((spec.network?.ports ?? []).map(({ label }) => label))
  return spec.tasks.flatMap(({ name, driver, config, networks }) => {
    const listed = Array.isArray(config['ports'])
      ? config['ports'].filter((label): label is string => typeof label === 'string')
      : []
    const apart = driver === 'docker' && namespaces[name] !== 'group' && networks.length === 0
    return apart
      ? listed
          .filter((label) => !labels.has(label) && !label.includes('${') && !addsPort(spec, label))
          .map((label) => ({ task: name, label, config }))
      : []
  })
}

export const dockerPortsUnknownLabel = fault({
  id: 'docker-ports-unknown-label',
  about: 'group',
  title: 'The docker config lists a port that the group does not have',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'Failed to create container configuration for image <image>: Port "<label>" not found, check network block',
    'Port "<label>" not found, check network stanza',
    'Port "<label>" not found, check network block',
  ],
  needs: ['group.spec', 'group.task-namespaces'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const [first] = strangers(spec, namespaces)
    const labels = (spec.network?.ports ?? []).map(({ label }) => label)
    return first
      ? `Task ${first.task} lists port ${first.label} in its docker config, but the network of group ${spec.name} has ${labels.length > 0 ? `only ${labels.join(', ')}` : 'no port'}: the container cannot be created`
      : false
  },
  byHand: 'nomad alloc status <alloc>: event Driver Failure with: Port "<label>" not found, check network block.',
  explains: ['docker-ports-not-listed'],
  because:
    "config.ports of a docker task names port blocks of the group's network. The driver looks every name up before it creates the container, and a name that is not there is an error it cannot go on from: the task fails, is restarted or rescheduled, and fails again. In a bridge group the list is ignored, so the same mistake stays silent there until the mode changes.",
  fix: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const [first] = strangers(spec, namespaces)
    const owner = spec.tasks.find(({ name }) => name === first?.task)
    const listed = owner ? configList(owner, 'ports') : []
    const free = (spec.network?.ports ?? []).map(({ label }) => label).filter((label) => !listed.includes(label))
    // Only the first network block counts: the label may stand in another one.
    const better = first && spec.networkBlocks <= 1 ? meant(first.label, free) : undefined
    return [
      {
        do: `Correct ${strangers(spec, namespaces)
          .map(({ label }) => `"${label}"`)
          .join(', ')} in config.ports, or add a port block of that name to the network of the group`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(
          first && better && [reword(first.config, 'ports', first.label, better.name)],
          severalPorts,
          better?.sure,
        ),
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker', 'drivers/docker/driver.go'],
  versions: { nomad: '>= 0.12.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'ports = ["web"], the group has http',
      given: {
        'group.spec': group({
          network: { mode: '', ports: [{ label: 'http', hostNetwork: 'default' }] },
          tasks: [task({ config: { ports: ['web'] } })],
        }),
        'group.task-namespaces': { server: 'container' },
      },
      then: 'present',
    },
    {
      name: 'in a bridge group the list is ignored',
      given: {
        'group.spec': group({ tasks: [task({ config: { ports: ['web'] } })] }),
        'group.task-namespaces': { server: 'group' },
      },
      then: 'absent',
    },
    {
      name: 'the label is there',
      given: {
        'group.spec': group({
          network: { mode: '', ports: [{ label: 'http', hostNetwork: 'default' }] },
          tasks: [task({ config: { ports: ['http'] } })],
        }),
        'group.task-namespaces': { server: 'container' },
      },
      then: 'absent',
    },
  ],
})
