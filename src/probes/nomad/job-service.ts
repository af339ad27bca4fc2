/** Services of a group or a task, as the API describes them. Source: nomad/structs/services.go. */
import type { CheckSpec, ConnectSpec, ServiceSpec, UpstreamSpec } from '../../knowledge/shapes/job.ts'
import { array, map, numberOr, object, text, textOr, texts, type Json } from '../json.ts'

export const services = (value: unknown, level: 'group' | 'task', task?: string): readonly ServiceSpec[] =>
  array(value, 'Services').map((one) => serviceSpec(object(one, 'service'), level, task))

function serviceSpec(service: Json, level: 'group' | 'task', owner: string | undefined): ServiceSpec {
  const task = textOr(service['TaskName'], '') || owner
  return {
    name: text(service['Name'], 'Name'),
    provider: textOr(service['Provider'], '') || 'consul',
    port: textOr(service['PortLabel'], ''),
    address: textOr(service['Address'], ''),
    addressMode: textOr(service['AddressMode'], '') || 'auto',
    tags: texts(service['Tags'], 'Tags'),
    ...(task === undefined ? {} : { task }),
    level,
    checks: array(service['Checks'], 'Checks').map((check) => checkSpec(object(check, 'check'))),
    ...(isNull(service['Connect']) ? {} : { connect: connectSpec(object(service['Connect'], 'Connect')) }),
  }
}

function checkSpec(check: Json): CheckSpec {
  const task = textOr(check['TaskName'], '')
  return {
    name: textOr(check['Name'], ''),
    type: textOr(check['Type'], ''),
    path: textOr(check['Path'], ''),
    port: textOr(check['PortLabel'], ''),
    addressMode: textOr(check['AddressMode'], ''),
    expose: check['Expose'] === true,
    ...(task === '' ? {} : { task }),
  }
}

function connectSpec(connect: Json): ConnectSpec {
  const base = { native: connect['Native'] === true, gateway: !isNull(connect['Gateway']) }
  if (isNull(connect['SidecarService'])) return base
  const sidecar = object(connect['SidecarService'], 'SidecarService')
  const proxy = map(sidecar['Proxy'], 'Proxy')
  const port = numberOr(proxy['LocalServicePort'], 0)
  const address = textOr(proxy['LocalServiceAddress'], '')
  return {
    ...base,
    sidecar: {
      port: textOr(sidecar['Port'], ''),
      upstreams: array(proxy['Upstreams'], 'Upstreams').map((upstream) => upstreamSpec(object(upstream, 'upstream'))),
      transparentProxy: !isNull(proxy['TransparentProxy']),
      ...(port === 0 ? {} : { localServicePort: port }),
      ...(address === '' ? {} : { localServiceAddress: address }),
    },
  }
}

function upstreamSpec(upstream: Json): UpstreamSpec {
  const address = textOr(upstream['LocalBindAddress'], '')
  const datacenter = textOr(upstream['Datacenter'], '')
  return {
    destination: text(upstream['DestinationName'], 'DestinationName'),
    localBindPort: numberOr(upstream['LocalBindPort'], 0),
    ...(address === '' ? {} : { localBindAddress: address }),
    ...(datacenter === '' ? {} : { datacenter }),
  }
}

const isNull = (value: unknown): boolean => value === null || value === undefined
