/** Services of a group or a task, as the API describes them. Source: nomad/structs/services.go. */
import type {
  CheckSpec,
  ConnectSpec,
  ListenerSpec,
  RedirectSpec,
  ServiceSpec,
  UpstreamSpec,
} from '../../knowledge/shapes/job.ts'
import { array, map, numberOr, object, text, textOr, texts, type Json } from '../json.ts'
import { filledIn, type Names } from './job-names.ts'

export const services = (
  value: unknown,
  level: 'group' | 'task',
  names: Names,
  task?: string,
): readonly ServiceSpec[] =>
  array(value, 'Services').map((one) => serviceSpec(object(one, 'service'), level, names, task))

function serviceSpec(service: Json, level: 'group' | 'task', names: Names, owner: string | undefined): ServiceSpec {
  const task = textOr(service['TaskName'], '') || owner
  return {
    name: filledIn(text(service['Name'], 'Name'), names),
    provider: textOr(service['Provider'], '') || 'consul',
    port: filledIn(textOr(service['PortLabel'], ''), names),
    address: filledIn(textOr(service['Address'], ''), names),
    addressMode: textOr(service['AddressMode'], '') || 'auto',
    tags: texts(service['Tags'], 'Tags').map((tag) => filledIn(tag, names)),
    ...(task === undefined ? {} : { task }),
    level,
    checks: array(service['Checks'], 'Checks').map((check) => checkSpec(object(check, 'check'), names)),
    ...(isNull(service['Connect']) ? {} : { connect: connectSpec(object(service['Connect'], 'Connect'), names) }),
  }
}

function checkSpec(check: Json, names: Names): CheckSpec {
  const task = textOr(check['TaskName'], '')
  const command = textOr(check['Command'], '')
  return {
    name: filledIn(textOr(check['Name'], ''), names),
    type: textOr(check['Type'], ''),
    path: filledIn(textOr(check['Path'], ''), names),
    port: filledIn(textOr(check['PortLabel'], ''), names),
    addressMode: textOr(check['AddressMode'], ''),
    expose: check['Expose'] === true,
    ...(task === '' ? {} : { task }),
    ...(command === '' ? {} : { command }),
    ...(consulOnly(check).length === 0 ? {} : { consulOnly: consulOnly(check) }),
  }
}

/** Settings the servers refuse in a check of a native service. Source: nomad/structs/services.go, `validateNomad`. */
const consulOnly = (check: Json): readonly string[] => [
  ...(check['OnUpdate'] === 'ignore_warnings' ? ['on_update'] : []),
  ...(map(check['CheckRestart'], 'CheckRestart')['IgnoreWarnings'] === true ? ['ignore_warnings'] : []),
  ...(numberOr(check['SuccessBeforePassing'], 0) > 0 ? ['success_before_passing'] : []),
  ...(numberOr(check['FailuresBeforeCritical'], 0) > 0 ? ['failures_before_critical'] : []),
  ...(numberOr(check['FailuresBeforeWarning'], 0) > 0 ? ['failures_before_warning'] : []),
  ...(textOr(check['TLSServerName'], '') === '' ? [] : ['tls_server_name']),
]

function connectSpec(connect: Json, names: Names): ConnectSpec {
  const { Ingress: ingress, Terminating: terminating } = map(connect['Gateway'], 'Gateway')
  const listeners = array(map(ingress, 'Ingress')['Listeners'], 'Listeners')
  const envoy = handedOn(connect)
  const base = {
    native: connect['Native'] === true,
    gateway: !isNull(connect['Gateway']),
    ...(isNull(terminating) ? {} : { terminating: true as const }),
    ...(envoy.length === 0 ? {} : { envoy }),
    ...(isNull(ingress) ? {} : { listeners: listeners.map((one) => listenerSpec(object(one, 'listener'), names)) }),
  }
  if (isNull(connect['SidecarService'])) return base
  const sidecar = object(connect['SidecarService'], 'SidecarService')
  const proxy = map(sidecar['Proxy'], 'Proxy')
  const port = numberOr(proxy['LocalServicePort'], 0)
  const address = textOr(proxy['LocalServiceAddress'], '')
  const paths = array(map(proxy['Expose'] ?? proxy['ExposeConfig'], 'Expose')['Paths'] ?? [], 'Paths')
  return {
    ...base,
    sidecar: {
      port: filledIn(textOr(sidecar['Port'], ''), names),
      upstreams: array(proxy['Upstreams'], 'Upstreams').map((upstream) =>
        upstreamSpec(object(upstream, 'upstream'), names),
      ),
      transparentProxy: !isNull(proxy['TransparentProxy']),
      ...(port === 0 ? {} : { localServicePort: port }),
      ...(address === '' ? {} : { localServiceAddress: address }),
      ...(isNull(proxy['TransparentProxy'])
        ? {}
        : { redirect: redirectSpec(object(proxy['TransparentProxy'], 'TransparentProxy')) }),
      ...(paths.length === 0
        ? {}
        : {
            expose: paths.map((one) => {
              const path = object(one, 'path')
              return {
                path: textOr(path['Path'], ''),
                localPort: numberOr(path['LocalPathPort'], 0),
                listener: textOr(path['ListenerPort'], ''),
              }
            }),
          }),
    },
  }
}

/** What stands in settings that Nomad only passes on to Envoy, and to the task it runs in. */
function handedOn(connect: Json): readonly unknown[] {
  const proxy = map(map(connect['SidecarService'], 'SidecarService')['Proxy'], 'Proxy')
  const gateway = map(map(connect['Gateway'], 'Gateway')['Proxy'], 'Proxy')
  const task = map(connect['SidecarTask'], 'SidecarTask')
  return [proxy['Config'], gateway['Config'], gateway['EnvoyGatewayBindAddresses'], task['Config'], task['Env']].filter(
    (one) => !isNull(one),
  )
}

const redirectSpec = (proxy: Json): RedirectSpec => ({
  uid: textOr(proxy['UID'], ''),
  noDns: proxy['NoDNS'] === true,
  excludeInboundPorts: texts(proxy['ExcludeInboundPorts'], 'ExcludeInboundPorts'),
  excludeUids: texts(proxy['ExcludeUIDs'], 'ExcludeUIDs'),
})

const listenerSpec = (listener: Json, names: Names): ListenerSpec => ({
  port: Number(listener['Port'] ?? 0),
  protocol: textOr(listener['Protocol'], '') || 'tcp',
  services: array(listener['Services'], 'Services').map((one) =>
    filledIn(textOr(object(one, 'service')['Name'], ''), names),
  ),
})

function upstreamSpec(upstream: Json, names: Names): UpstreamSpec {
  const address = textOr(upstream['LocalBindAddress'], '')
  const datacenter = textOr(upstream['Datacenter'], '')
  return {
    destination: filledIn(text(upstream['DestinationName'], 'DestinationName'), names),
    localBindPort: numberOr(upstream['LocalBindPort'], 0),
    ...(address === '' ? {} : { localBindAddress: address }),
    ...(datacenter === '' ? {} : { datacenter }),
  }
}

const isNull = (value: unknown): boolean => value === null || value === undefined
