import { nomad } from '../../ask/nomad.ts'
import { array, object } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'
import { jobSpec } from './job-spec.ts'

export const jobVersions = probe({
  id: 'job-versions',
  about: 'job',
  title: 'Reading older versions of the job',
  provides: ['job.versions'],
  given: ['job.spec'],
  cost: 'free',
  read: (ask, { names }) => look(ask, nomad.jobVersions(names.job ?? '', names.namespace)),
  parse: (answer, _, { 'job.spec': { version: now } }) => ({
    'job.versions': fromJson('job-versions', answer, (json) => {
      const found = array(object(json)['Versions'], 'Versions').map((one) => jobSpec(one))
      const older = found.filter(({ version }) => version < now).toSorted((a, b) => b.version - a.version)
      return [
        older.map((spec) => ({ version: spec.version, spec })),
        older.map(({ version }) => `version ${version}`).join('\n') || 'no older version',
      ]
    }),
  }),
})
