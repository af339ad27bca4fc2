import { nomad } from '../../ask/nomad.ts'
import { array, object, text, textOr } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'
import { nodeOffer } from './node-record.ts'

export const nodes = probe({
  id: 'nodes',
  about: 'cluster',
  title: 'Listing the client nodes',
  provides: ['cluster.nodes', 'cluster.offers'],
  given: [],
  cost: 'free',
  read: (ask) => look(ask, nomad.nodes()),
  parse: (answer) => ({
    'cluster.nodes': fromJson('nodes', answer, (json) => {
      const found = array(json).map((one) => {
        const node = object(one, 'node')
        return {
          id: text(node['ID'], 'ID'),
          name: text(node['Name'], 'Name'),
          status: text(node['Status'], 'Status'),
          eligible: node['SchedulingEligibility'] === 'eligible',
          address: textOr(node['Address'], ''),
          datacenter: textOr(node['Datacenter'], ''),
          version: textOr(node['Version'], ''),
        }
      })
      const lines = found.map(({ id, name, status, address }) => `${id.slice(0, 8)} ${name} ${address} ${status}`)
      return [found, lines.join('\n') || 'no client node']
    }),
    'cluster.offers': fromJson('nodes', answer, (json) => {
      const found = array(json).map(nodeOffer)
      const lines = found.map(
        ({ name, status, eligible, modes, hostNetworks }) =>
          `${name}: ${status}, ${eligible ? 'eligible' : 'ineligible'}, network modes ${modes.join(', ')}, host networks ${hostNetworks.join(', ')}`,
      )
      return [found, lines.join('\n') || 'no client node']
    }),
  }),
})
