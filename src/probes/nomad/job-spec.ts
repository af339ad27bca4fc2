/** A job as the API describes it, made into a `JobSpec` without nulls. Source: nomad/structs/structs.go, `Job`. */
import { isHole } from '../../jobfile/holes.ts'
import { standardised, usual, type Delimiters } from '../../knowledge/delimiters.ts'
import type {
  Constraint,
  GroupSpec,
  JobSpec,
  NetworkSpec,
  PortSpec,
  TaskSpec,
  TemplateSpec,
} from '../../knowledge/shapes/job.ts'
import { array, map, numberOr, object, text, textMap, textOr, texts, type Json } from '../json.ts'
import { namesOf, type Names } from './job-names.ts'
import { services } from './job-service.ts'

export function jobSpec(json: unknown): JobSpec {
  const job = object(json, 'job')
  const names = namesOf(job)
  return {
    id: text(job['ID'], 'ID'),
    namespace: textOr(job['Namespace'], '') || 'default',
    type: textOr(job['Type'], '') || 'service',
    status: textOr(job['Status'], ''),
    stopped: job['Stop'] === true,
    spawns: (given(job['Periodic']) || given(job['ParameterizedJob'])) && textOr(job['ParentID'], '') === '',
    version: numberOr(job['Version'], 0),
    datacenters: texts(job['Datacenters'], 'Datacenters'),
    nodePool: textOr(job['NodePool'], '') || 'default',
    constraints: constraints(job['Constraints']),
    groups: array(job['TaskGroups'], 'TaskGroups').map((group) => groupSpec(object(group, 'group'), names)),
  }
}

function groupSpec(group: Json, ofJob: Names): GroupSpec {
  const name = text(group['Name'], 'Name')
  const names = { ...ofJob, NOMAD_GROUP_NAME: name }
  const networks = array(group['Networks'], 'Networks')
  const disconnect = map(group['Disconnect'], 'Disconnect')
  const lost = numberOr(disconnect['LostAfter'], numberOr(group['MaxClientDisconnect'], 0))
  return {
    name,
    count: numberOr(group['Count'], 1),
    constraints: constraints(group['Constraints']),
    ...(networks[0] === undefined ? {} : { network: networkSpec(networks[0]) }),
    networkBlocks: networks.length,
    ...(networks.length > 1 ? { moreNetworks: networks.slice(1).map(networkSpec) } : {}),
    services: services(group['Services'], 'group', names),
    tasks: array(group['Tasks'], 'Tasks').map((task) => taskSpec(object(task, 'task'), given(group['Consul']), names)),
    ...(lost === 0 ? {} : { lostAfter: lost / 1e9 }),
  }
}

function taskSpec(task: Json, groupHasConsul: boolean, names: Names): TaskSpec {
  const name = text(task['Name'], 'Name')
  const lifecycle =
    task['Lifecycle'] === null || task['Lifecycle'] === undefined ? undefined : object(task['Lifecycle'], 'Lifecycle')
  return {
    name,
    driver: text(task['Driver'], 'Driver'),
    user: textOr(task['User'], ''),
    config: map(task['Config'], 'Config'),
    env: textMap(task['Env'], 'Env'),
    templates: array(task['Templates'], 'Templates').map((template) => templateSpec(object(template, 'template'))),
    ...(lifecycle
      ? { lifecycle: { hook: textOr(lifecycle['Hook'], ''), sidecar: lifecycle['Sidecar'] === true } }
      : {}),
    leader: task['Leader'] === true,
    services: services(task['Services'], 'task', { ...names, NOMAD_TASK_NAME: name }, name),
    networks: array(map(task['Resources'], 'Resources')['Networks'], 'Networks').map(networkSpec),
    ...(groupHasConsul || given(task['Consul']) || hasConsulIdentity(task) ? { consulIdentity: true } : {}),
  }
}

const hasConsulIdentity = (task: Json): boolean =>
  array(task['Identities'], 'Identities').some((one) =>
    textOr(object(one, 'identity')['Name'], '').startsWith('consul_'),
  )

function templateSpec(template: Json): TemplateSpec {
  const data = textOr(template['EmbeddedTmpl'], '')
  const [left, right] = usual
  const own: Delimiters = [textOr(template['LeftDelim'], '') || left, textOr(template['RightDelim'], '') || right]
  const unlike = own[0] !== left || own[1] !== right
  return {
    destination: textOr(template['DestPath'], ''),
    // Nobody can tell what of it is an action.
    data: !unlike ? data : own.some(isHole) ? own.join(data) : standardised(data, own),
    ...(unlike ? { delimiters: own } : {}),
    source: textOr(template['SourcePath'], ''),
    env: template['Envvars'] === true,
    changeMode: textOr(template['ChangeMode'], '') || 'restart',
    ...(template['Once'] === true ? { once: true } : {}),
  }
}

export function networkSpec(json: unknown): NetworkSpec {
  const network = object(json, 'network')
  const dns = network['DNS'] === null || network['DNS'] === undefined ? undefined : object(network['DNS'], 'DNS')
  const hostname = textOr(network['Hostname'], '')
  return {
    mode: textOr(network['Mode'], ''),
    ...(hostname === '' ? {} : { hostname }),
    ports: [
      ...array(network['ReservedPorts'], 'ReservedPorts').map((port) => portSpec(object(port, 'port'), true)),
      ...array(network['DynamicPorts'], 'DynamicPorts').map((port) => portSpec(object(port, 'port'), false)),
    ],
    ...(dns
      ? {
          dns: {
            servers: texts(dns['Servers'], 'Servers'),
            searches: texts(dns['Searches'], 'Searches'),
            options: texts(dns['Options'], 'Options'),
          },
        }
      : {}),
  }
}

/** `To` 0 is what older servers write where the job has none. */
function portSpec(port: Json, reserved: boolean): PortSpec {
  const to = numberOr(port['To'], 0)
  return {
    label: text(port['Label'], 'Label'),
    ...(reserved ? { static: numberOr(port['Value'], 0) } : {}),
    ...(to === 0 ? {} : { to }),
    hostNetwork: textOr(port['HostNetwork'], '') || 'default',
    ...(port['IgnoreCollision'] === true ? { ignoreCollision: true } : {}),
  }
}

const constraints = (value: unknown): readonly Constraint[] =>
  array(value, 'Constraints').map((one) => {
    const constraint = object(one, 'constraint')
    return {
      left: textOr(constraint['LTarget'], ''),
      operand: textOr(constraint['Operand'], '='),
      right: textOr(constraint['RTarget'], ''),
    }
  })

const given = (value: unknown): boolean => value !== null && value !== undefined && value !== false
