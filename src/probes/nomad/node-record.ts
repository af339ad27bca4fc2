/** A client as the API describes it: its own document, and its line in the list. Source: nomad/structs/structs.go, `Node`. */
import type { NodeDocument, NodeOffer } from '../../knowledge/shapes/runtime.ts'
import { array, map, numberOr, object, text, textMap, textOr, type Json } from '../json.ts'

export function nodeDocument(json: unknown): NodeDocument {
  const node = object(json, 'node')
  const attributes = textMap(node['Attributes'], 'Attributes')
  return {
    ...common(node),
    httpAddress: textOr(node['HTTPAddr'], ''),
    version: attributes['nomad.version'] ?? '',
    attributes,
    meta: textMap(node['Meta'], 'Meta'),
    networks: networks(map(node['NodeResources'], 'NodeResources')),
    hostNetworks: Object.values(map(node['HostNetworks'], 'HostNetworks')).map((one) => {
      const network = object(one, 'host network')
      return {
        name: text(network['Name'], 'Name'),
        cidr: textOr(network['CIDR'], ''),
        interface: textOr(network['Interface'], ''),
        reservedPorts: textOr(network['ReservedPorts'], ''),
      }
    }),
  }
}

export function nodeOffer(json: unknown): NodeOffer {
  const node = object(json, 'node')
  const resources = map(node['NodeResources'], 'NodeResources')
  const aliases = networks(resources).flatMap(({ addresses }) => addresses.map(({ alias }) => alias))
  const reservedOn = reserved(resources)
  return {
    ...common(node),
    ...(Object.keys(reservedOn).length > 0 ? { reservedOn } : {}),
    os: textOr(map(node['Attributes'], 'Attributes')['os.name'], ''),
    hostNetworks: [...new Set(aliases.filter((alias) => alias !== ''))],
  }
}

/** By address, so that networks that share one share it; of several the first counts. Source: nomad/structs/network.go, `AssignPorts`. */
function reserved(resources: Json): Readonly<Record<string, string>> {
  const addresses = array(resources['NodeNetworks'], 'NodeNetworks').flatMap((one) =>
    array(object(one, 'network')['Addresses'], 'Addresses').map((entry) => object(entry, 'address')),
  )
  const kept = (of: Json) =>
    addresses.flatMap((one) =>
      one['Address'] === of['Address'] && textOr(one['ReservedPorts'], '') !== ''
        ? [textOr(one['ReservedPorts'], '')]
        : [],
    )
  const first = new Map(addresses.toReversed().map((one) => [textOr(one['Alias'], ''), one] as const))
  return Object.fromEntries(
    [...first].flatMap(([alias, one]) => (alias !== '' && kept(one).length > 0 ? [[alias, kept(one).join(',')]] : [])),
  )
}

function common(node: Json) {
  const resources = map(node['NodeResources'], 'NodeResources')
  const drivers = Object.entries(map(node['Drivers'], 'Drivers')).map(
    ([name, info]) => [name, object(info, name)] as const,
  )
  const reserved = map(map(node['ReservedResources'], 'ReservedResources')['Networks'], 'Networks')
  return {
    id: text(node['ID'], 'ID'),
    name: text(node['Name'], 'Name'),
    status: text(node['Status'], 'Status'),
    eligible: node['SchedulingEligibility'] === 'eligible',
    draining: node['Drain'] === true,
    datacenter: textOr(node['Datacenter'], ''),
    nodePool: textOr(node['NodePool'], '') || 'default',
    nodeClass: textOr(node['NodeClass'], ''),
    drivers: Object.fromEntries(
      drivers.filter(([, info]) => info['Detected'] === true).map(([name, info]) => [name, info['Healthy'] === true]),
    ),
    modes: modes(resources),
    // Servers before 1.2 send no range: the built-in one counts.
    dynamicPorts: {
      min: numberOr(resources['MinDynamicPort'], 20000),
      max: numberOr(resources['MaxDynamicPort'], 32000),
    },
    reservedPorts: textOr(reserved['ReservedHostPorts'], ''),
  }
}

/** The scheduler reads `Networks`, where an empty mode is host; `NodeNetworks` keeps one CNI network only. */
const modes = (resources: Json): readonly string[] => [
  ...new Set(
    array(resources['Networks'], 'Networks').map((one) => textOr(object(one, 'network')['Mode'], '') || 'host'),
  ),
]

const networks = (resources: Json): NodeDocument['networks'] =>
  array(resources['NodeNetworks'], 'NodeNetworks').map((one) => {
    const network = object(one, 'network')
    return {
      mode: textOr(network['Mode'], ''),
      device: textOr(network['Device'], ''),
      addresses: array(network['Addresses'], 'Addresses').map((entry) => {
        const address = object(entry, 'address')
        return {
          alias: textOr(address['Alias'], ''),
          address: text(address['Address'], 'Address'),
          family: textOr(address['Family'], ''),
        }
      }),
    }
  })
