import { nomad } from '../../ask/nomad.ts'
import { object, text, textMap, textOr } from '../json.ts'
import { fromJson, look, probe } from '../probe.ts'

export const jobSource = probe({
  id: 'job-source',
  about: 'job',
  title: 'Reading the submitted job file',
  provides: ['job.source'],
  given: ['job.spec'],
  cost: 'free',
  read: (ask, { names }, { 'job.spec': { id, version } }) => look(ask, nomad.submission(id, version, names.namespace)),
  parse: (answer, _, { 'job.spec': { id } }) => ({
    'job.source': fromJson('job-source', answer, (json) => {
      const submission = object(json, 'submission')
      const source = text(submission['Source'], 'Source')
      const format = textOr(submission['Format'], '') || 'hcl2'
      const variables = textOr(submission['Variables'], '')
      const flags = textMap(submission['VariableFlags'], 'VariableFlags')
      return [
        {
          text: source,
          format,
          file: textOr(submission['File'], '') || `${id}.nomad.${format === 'json' ? 'json' : 'hcl'}`,
          ...(variables === '' ? {} : { variables }),
          ...(Object.keys(flags).length === 0 ? {} : { flags }),
        },
        source.split('\n').slice(0, 3).join('\n'),
      ]
    }),
  }),
})
