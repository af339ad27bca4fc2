import { nomad } from '../../ask/nomad.ts'
import { array, map, numberOr, object, text, textOr } from '../json.ts'
import { fromJson, look, probe, type Answer } from '../probe.ts'

export const jobs = probe({
  id: 'jobs',
  about: 'cluster',
  title: 'Listing the jobs of all namespaces',
  provides: ['cluster.jobs', 'cluster.own-jobs'],
  given: [],
  cost: 'free',
  // A token, or a recording, may know one namespace only.
  read: async (ask) => {
    const [all, own] = await Promise.all([look(ask, nomad.allJobs()), look(ask, nomad.anyJob())])
    return { listed: all.refusal ? await look(ask, nomad.jobs()) : all, own }
  },
  parse: ({ listed, own }: { readonly listed: Answer; readonly own: Answer }) => ({
    // The list of all namespaces leaves out silently what the token may not see.
    'cluster.own-jobs': fromJson('jobs', own, (json) => {
      array(json)
      return [true as const, 'the jobs of the own namespace may be listed']
    }),
    'cluster.jobs': fromJson('jobs', listed, (json) => {
      const found = array(json).map((one) => {
        const job = object(one, 'job')
        const summary = map(job['JobSummary'], 'JobSummary')
        const parent = textOr(job['ParentID'], '')
        return {
          id: text(job['ID'], 'ID'),
          namespace: textOr(job['Namespace'], textOr(summary['Namespace'], 'default')),
          type: textOr(job['Type'], 'service'),
          status: textOr(job['Status'], ''),
          groups: Object.keys(map(summary['Summary'], 'Summary')),
          ...(parent === '' ? {} : { parent, created: numberOr(job['CreateIndex'], 0) }),
        }
      })
      return [
        found,
        found.map(({ id, namespace, type, status }) => `${namespace}:${id} ${type} ${status}`).join('\n') || 'no job',
      ]
    }),
  }),
})
