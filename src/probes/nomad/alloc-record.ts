/** An allocation as the API describes it: full documents and the stubs of lists alike. */
import type { AllocPort, AllocRecord, TaskEvent, TaskState } from '../../knowledge/shapes/runtime.ts'
import { array, map, number, numberOr, object, text, textOr, type Json } from '../json.ts'

/** A stub has no ports and no address; a full document has. Source: nomad/structs/structs.go, `Allocation`, `AllocListStub`. */
export function allocRecord(json: unknown): AllocRecord {
  const alloc = object(json, 'allocation')
  const network = map(alloc['NetworkStatus'], 'NetworkStatus')
  const deployment =
    alloc['DeploymentStatus'] === null || alloc['DeploymentStatus'] === undefined
      ? undefined
      : object(alloc['DeploymentStatus'])
  const job = map(alloc['Job'], 'Job')
  const address = textOr(network['Address'], '')
  const addressV6 = textOr(network['AddressIPv6'], '')
  const device = textOr(network['InterfaceName'], '')
  const preemptedBy = textOr(alloc['PreemptedByAllocation'], '')
  return {
    id: text(alloc['ID'], 'ID'),
    name: text(alloc['Name'], 'Name'),
    namespace: textOr(alloc['Namespace'], 'default'),
    job: text(alloc['JobID'], 'JobID'),
    group: text(alloc['TaskGroup'], 'TaskGroup'),
    jobType: textOr(alloc['JobType'], textOr(job['Type'], 'service')),
    jobVersion: numberOr(alloc['JobVersion'], numberOr(job['Version'], 0)),
    node: text(alloc['NodeID'], 'NodeID'),
    nodeName: textOr(alloc['NodeName'], ''),
    clientStatus: text(alloc['ClientStatus'], 'ClientStatus'),
    desiredStatus: text(alloc['DesiredStatus'], 'DesiredStatus'),
    createIndex: number(alloc['CreateIndex'], 'CreateIndex'),
    createTime: numberOr(alloc['CreateTime'], 0),
    ...(deployment
      ? { deployment: { healthy: typeof deployment['Healthy'] === 'boolean' ? deployment['Healthy'] : null } }
      : {}),
    ports: ports(map(alloc['AllocatedResources'], 'AllocatedResources')),
    ...(address === '' ? {} : { address }),
    ...(addressV6 === '' ? {} : { addressV6 }),
    ...(device === '' ? {} : { interface: device }),
    tasks: Object.entries(map(alloc['TaskStates'], 'TaskStates')).map(([name, state]) =>
      taskState(name, object(state, `task ${name}`)),
    ),
    clientDescription: textOr(alloc['ClientDescription'], ''),
    ...(preemptedBy === '' ? {} : { preemptedBy }),
  }
}

/** One line about an allocation, as evidence. */
export const allocLine = ({
  id,
  name,
  clientStatus,
  desiredStatus,
  nodeName,
  ports: given,
  address,
}: AllocRecord): string =>
  [
    `${id.slice(0, 8)} ${name} on ${nodeName}: ClientStatus ${clientStatus}, DesiredStatus ${desiredStatus}`,
    ...(address === undefined ? [] : [`address ${address}`]),
    ...given.map(
      ({ label, hostIp, hostPort, to }) => `port ${label} ${hostIp}:${hostPort}${to === 0 ? '' : ` -> ${to}`}`,
    ),
  ].join(', ')

/** Group ports stand in `Shared.Ports`, their host network only in `Shared.Networks`; ports of a task in its own networks. */
function ports(resources: Json): readonly AllocPort[] {
  const shared = map(resources['Shared'], 'Shared')
  const networks = inNetworks(shared['Networks'])
  const named = array(shared['Ports'], 'Ports').map((one): AllocPort => {
    const port = object(one, 'port')
    const label = text(port['Label'], 'Label')
    const same = networks.find((other) => other.label === label)
    return allocPort(port, textOr(port['HostIP'], same?.hostIp ?? ''), same?.hostNetwork)
  })
  const group = named.length > 0 ? named : networks
  const own = Object.values(map(resources['Tasks'], 'Tasks')).flatMap((task) =>
    inNetworks(object(task, 'task')['Networks']),
  )
  return [...group, ...own]
}

function inNetworks(value: unknown): readonly AllocPort[] {
  return array(value, 'Networks').flatMap((one) => {
    const network = object(one, 'network')
    const both = [
      ...array(network['ReservedPorts'], 'ReservedPorts'),
      ...array(network['DynamicPorts'], 'DynamicPorts'),
    ]
    return both.map((port) => allocPort(object(port, 'port'), textOr(network['IP'], '')))
  })
}

const allocPort = (port: Json, hostIp: string, hostNetwork?: string): AllocPort => ({
  label: text(port['Label'], 'Label'),
  hostIp,
  hostPort: number(port['Value'], 'Value'),
  to: numberOr(port['To'], 0),
  hostNetwork: hostNetwork ?? (textOr(port['HostNetwork'], '') || 'default'),
})

const taskState = (name: string, state: Json): TaskState => ({
  name,
  state: text(state['State'], 'State'),
  failed: state['Failed'] === true,
  restarts: numberOr(state['Restarts'], 0),
  events: array(state['Events'], 'Events').map((event) => taskEvent(object(event, 'event'))),
})

const errors = [
  'DriverError',
  'SetupError',
  'ValidationError',
  'DownloadError',
  'VaultError',
  'KillError',
  'DriverMessage',
  'RestartReason',
  'KillReason',
] as const

function taskEvent(event: Json): TaskEvent {
  const shown = textOr(event['DisplayMessage'], '') || textOr(event['Message'], '')
  const error = errors.map((key) => textOr(event[key], '')).find((said) => said !== '') ?? ''
  return {
    type: text(event['Type'], 'Type'),
    text:
      error === '' || shown.includes(error)
        ? shown
        : shown === '' || error.includes(shown)
          ? error
          : `${shown}: ${error}`,
    time: numberOr(event['Time'], 0),
  }
}
