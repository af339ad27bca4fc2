/** Services and checks as Consul's endpoints tell them. */
import type { ConsulInstance } from '../../knowledge/shapes/runtime.ts'
import { map, numberOr, object, text, textMap, textOr, texts, type Json } from '../json.ts'

type Check = ConsulInstance['checks'][number]

/** `service` in the spelling of `/v1/agent/services` and of the Service part of `/v1/health/service`. */
export function instance(
  service: Json,
  node: { readonly name: string; readonly address: string },
  checks: readonly Check[],
): ConsulInstance {
  const proxyFor = textOr(map(service['Proxy'], 'Proxy')['DestinationServiceName'], '')
  return {
    id: text(service['ID'], 'ID'),
    service: text(service['Service'], 'Service'),
    node: node.name,
    nodeAddress: node.address,
    address: textOr(service['Address'], ''),
    port: numberOr(service['Port'], 0),
    tags: texts(service['Tags'], 'Tags'),
    meta: textMap(service['Meta'], 'Meta'),
    kind: textOr(service['Kind'], ''),
    ...(proxyFor === '' ? {} : { proxyFor }),
    checks,
  }
}

export function check(json: unknown): Check & { readonly serviceId: string; readonly node: string } {
  const one = object(json, 'check')
  return {
    id: text(one['CheckID'], 'CheckID'),
    name: textOr(one['Name'], ''),
    type: textOr(one['Type'], ''),
    status: text(one['Status'], 'Status'),
    output: textOr(one['Output'], ''),
    serviceId: textOr(one['ServiceID'], ''),
    node: textOr(one['Node'], ''),
  }
}

/** The check without what joined it to its service. */
export const bare = ({ id, name, type, status, output }: Check): Check => ({ id, name, type, status, output })

export const instanceLine = ({ service, node, address, port, checks }: ConsulInstance): string =>
  [
    `${service} ${address === '' ? `(address of node ${node})` : address}:${port} on ${node}`,
    ...checks.map(({ name, status, output }) => `  ${name}: ${status}${output === '' ? '' : `: ${output}`}`),
  ].join('\n')
