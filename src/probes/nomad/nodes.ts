import { nomad } from '../../ask/nomad.ts'
import { array, object, text, textOr } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const nodes = probe({
  id: 'nodes',
  about: 'cluster',
  title: 'Listing the client nodes',
  provides: ['cluster.nodes'],
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
      return [
        found,
        found.map(({ id, name, status, address }) => `${id.slice(0, 8)} ${name} ${address} ${status}`).join('\n') ||
          'no client node',
      ]
    }),
  }),
})
