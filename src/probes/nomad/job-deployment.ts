import { nomad } from '../../ask/nomad.ts'
import { array, numberOr, object, text, textOr } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const jobDeployment = probe({
  id: 'job-deployment',
  about: 'job',
  title: 'Reading the newest deployment of the job',
  provides: ['job.deployment'],
  given: [],
  cost: 'free',
  read: (ask, { names }) => look(ask, nomad.jobDeployments(names.job ?? '', names.namespace)),
  parse: (answer) => ({
    'job.deployment': fromJson('job-deployment', answer, (json) => {
      const newest = array(json)
        .map((one) => object(one, 'deployment'))
        .toSorted((a, b) => numberOr(b['CreateIndex'], 0) - numberOr(a['CreateIndex'], 0))[0]
      if (!newest) return [null, 'no deployment']
      const found = { status: text(newest['Status'], 'Status'), description: textOr(newest['StatusDescription'], '') }
      return [found, `${found.status}: ${found.description}`]
    }),
  }),
})
