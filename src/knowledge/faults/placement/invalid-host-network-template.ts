import type { GroupSpec } from '../../shapes/job.ts'
import type { Member } from '../../facts.ts'
import { group, nodeDocument } from '../../samples.ts'
import { fault } from '../../fault.ts'
import { clients, grave, reasons } from '../../placement.ts'
import type { NodeDocument, PlacementFailure } from '../../shapes/runtime.ts'
import { failure } from './examples.ts'

const invalid = (refusals: PlacementFailure | null) =>
  reasons(refusals, 'constraints', /^invalid host network "(.*)" template for port "([^"]*)"$/)

/** A port whose host network comes from metadata that no client has. */
function unset({ network }: GroupSpec, clients: readonly Member<NodeDocument>[]) {
  for (const port of network?.ports ?? []) {
    const [, key] = /\$\{meta\.([\w.-]+)\}/.exec(port.hostNetwork) ?? []
    if (key !== undefined && clients.length > 0 && clients.every(({ value }) => value.meta[key] === undefined))
      return { port, key }
  }
  return undefined
}
const fromMeta = group({ network: { mode: '', ports: [{ label: 'http', hostNetwork: '${meta.lan_name}' }] } })

export const invalidHostNetworkTemplate = fault({
  id: 'invalid-host-network-template',
  about: 'group',
  title: 'The host network of a port is a variable that the clients do not have',
  layer: 'scheduler',
  severity: 'breaks',
  heard: [
    'Constraint "invalid host network \\"<template>\\" template for port \\"<label>\\"": <n> nodes excluded by filter',
    'invalid host network "<template>" template for port "<label>"',
  ],
  onlyWhen: { 'group.placement': ['not-placed', 'partly'] },
  needs: ['group.refusals', 'group.placement'],
  shows: ['group.refusals'],
  holds: ({ 'group.refusals': refusals, 'group.placement': placement }) => {
    const [first] = invalid(refusals)
    const [template = '', label = ''] = first?.words ?? []
    return first
      ? {
          says: `Port ${label} takes its host network from ${template}, which has no value on ${clients(first.count)}`,
          severity: grave(placement),
        }
      : false
  },
  byHand: 'nomad node status -verbose <node>: the attribute or metadata key of the template is not listed.',
  explains: ['computed-class-ineligible'],
  because:
    'host_network may be a template such as ${meta.lan}: every client fills in its own attribute or metadata. On a client without that key nothing can be filled in, so the port has no network there and the client is left out. A misspelt key leaves out all of them.',
  fix: ({ 'group.refusals': refusals }) => [
    {
      do: `Set the key of ${invalid(refusals)[0]?.words[0] ?? 'the template'} in the client block (meta) of every client, or correct its name in the job`,
      on: 'client configuration',
      risk: 'The agent restarts; metadata can also be set with nomad node meta apply',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#host_network',
    'scheduler/feasible/feasible.go',
  ],
  versions: { nomad: '>= 1.1.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'no client has the key',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({
          constraintFiltered: { 'invalid host network "${meta.lan_name}" template for port "traps"': 2 },
        }),
      },
      then: 'present',
    },
    {
      name: 'a network of a plain name is missing',
      given: {
        'group.placement': 'not-placed',
        'group.refusals': failure({ constraintFiltered: { 'missing host network "lan" for port "traps"': 2 } }),
      },
      then: 'absent',
    },
    { name: 'placed', given: { 'group.placement': 'placed', 'group.refusals': null }, then: 'absent' },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'every.node.document'],
    shows: ['every.node.document'],
    holds: ({ 'group.spec': spec, 'every.node.document': clients }) => {
      const found = unset(spec, clients)
      return found
        ? {
            says: `Port ${found.port.label} of group ${spec.name} takes its host network from metadata ${found.key}, which no client has`,
            severity: 'breaks',
            at: [found.port, 'host_network'],
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'every.node.document': clients }) => [
      {
        do: `Set ${unset(spec, clients)?.key ?? 'the key'} in the meta block of the clients, or name a key that they have`,
        on: 'client configuration',
        risk: 'The client agent has to be restarted',
      },
    ],
    examples: [
      {
        name: 'another key',
        given: {
          'group.spec': fromMeta,
          'every.node.document': [{ about: 'node:c1', id: 'node:1', value: nodeDocument({ meta: { lan: 'mgmt' } }) }],
        },
        then: 'present',
      },
      {
        name: 'the key is set',
        given: {
          'group.spec': fromMeta,
          'every.node.document': [
            { about: 'node:c1', id: 'node:1', value: nodeDocument({ meta: { lan_name: 'mgmt' } }) },
          ],
        },
        then: 'absent',
      },
    ],
  },
})
