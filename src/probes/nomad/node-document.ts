import type { NodeDocument } from '../../knowledge/shapes/runtime.ts'
import { nomad } from '../../ask/nomad.ts'
import { array, map, numberOr, object, text, textMap, textOr } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const nodeDocument = probe({
  id: 'node-document',
  about: 'node',
  title: 'Reading what the client told the servers',
  provides: ['node.document'],
  given: [],
  cost: 'free',
  read: (ask, { names }) => look(ask, nomad.node(names.node ?? '')),
  parse: (answer) => ({
    'node.document': fromJson('node-document', answer, (json) => {
      const document = nodeOf(json)
      return [
        document,
        `${document.name}: Status ${document.status}, ${document.eligible ? 'eligible' : 'ineligible'}${document.draining ? ', draining' : ''}, nomad ${document.version}`,
      ]
    }),
  }),
})

/** Source: nomad/structs/structs.go, `Node`. */
function nodeOf(json: unknown): NodeDocument {
  const node = object(json, 'node')
  const attributes = textMap(node['Attributes'], 'Attributes')
  const resources = map(node['NodeResources'], 'NodeResources')
  const drivers = Object.entries(map(node['Drivers'], 'Drivers')).map(
    ([name, info]) => [name, object(info, name)] as const,
  )
  return {
    id: text(node['ID'], 'ID'),
    name: text(node['Name'], 'Name'),
    status: text(node['Status'], 'Status'),
    eligible: node['SchedulingEligibility'] === 'eligible',
    draining: node['Drain'] === true,
    datacenter: textOr(node['Datacenter'], ''),
    nodePool: textOr(node['NodePool'], '') || 'default',
    nodeClass: textOr(node['NodeClass'], ''),
    httpAddress: textOr(node['HTTPAddr'], ''),
    version: attributes['nomad.version'] ?? '',
    attributes,
    meta: textMap(node['Meta'], 'Meta'),
    drivers: Object.fromEntries(
      drivers.filter(([, info]) => info['Detected'] === true).map(([name, info]) => [name, info['Healthy'] === true]),
    ),
    networks: array(resources['NodeNetworks'], 'NodeNetworks').map((one) => {
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
    }),
    hostNetworks: Object.values(map(node['HostNetworks'], 'HostNetworks')).map((one) => {
      const network = object(one, 'host network')
      return {
        name: text(network['Name'], 'Name'),
        cidr: textOr(network['CIDR'], ''),
        interface: textOr(network['Interface'], ''),
        reservedPorts: textOr(network['ReservedPorts'], ''),
      }
    }),
    // Servers before 1.1 send no range: the built-in one counts.
    dynamicPorts: {
      min: numberOr(resources['MinDynamicPort'], 20000),
      max: numberOr(resources['MaxDynamicPort'], 32000),
    },
    reservedPorts: textOr(
      map(map(node['ReservedResources'], 'ReservedResources')['Networks'], 'Networks')['ReservedHostPorts'],
      '',
    ),
  }
}
