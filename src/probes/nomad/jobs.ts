import { nomad } from '../../ask/nomad.ts'
import { array, map, object, text, textOr } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const jobs = probe({
  id: 'jobs',
  about: 'cluster',
  title: 'Listing the jobs of all namespaces',
  provides: ['cluster.jobs'],
  given: [],
  cost: 'free',
  // A token, or a recording, may know one namespace only.
  read: async (ask) => {
    const all = await look(ask, nomad.allJobs())
    return all.refusal ? look(ask, nomad.jobs()) : all
  },
  parse: (answer) => ({
    'cluster.jobs': fromJson('jobs', answer, (json) => {
      const found = array(json).map((one) => {
        const job = object(one, 'job')
        const summary = map(job['JobSummary'], 'JobSummary')
        return {
          id: text(job['ID'], 'ID'),
          namespace: textOr(job['Namespace'], textOr(summary['Namespace'], 'default')),
          type: textOr(job['Type'], 'service'),
          status: textOr(job['Status'], ''),
          groups: Object.keys(map(summary['Summary'], 'Summary')),
        }
      })
      return [
        found,
        found.map(({ id, namespace, type, status }) => `${namespace}:${id} ${type} ${status}`).join('\n') || 'no job',
      ]
    }),
  }),
})
