import { edits, reword } from '../../edit.ts'
import type { Edit } from '../../edit.ts'
import type { TaskSpec } from '../../shapes/job.ts'
import { fault } from '../../fault.ts'
import { task, template } from '../../samples.ts'
import { envError } from '../../templates.ts'
import { quoted } from '../../quoted.ts'

/** Names with dashes, written out or from a catalogue, with underscores. */
function repaired({ templates }: TaskSpec): readonly Edit[] | undefined {
  const own = templates.find(({ env, data }) => env && envError(data)?.why.endsWith("'-'"))
  const keys = (own?.data ?? '')
    .split('\n')
    .flatMap((line) => /^\s*((?:\{\{[^}]*\}\}|[^={}#\s])+)=/.exec(line)?.[1] ?? [])
  const wrong = keys.filter((key) => key.replaceAll(/\{\{[^}]*\}\}/g, '').includes('-'))
  return own && wrong.map((key) => reword(own, 'data', `${key}=`, `${underscored(key)}=`))
}
const underscored = (key: string): string =>
  key
    .split(/(\{\{[^}]*\}\})/)
    .map((piece) =>
      piece.startsWith('{{')
        ? piece.replace(/\s*(-?\}\})$/, (_, end: string) =>
            piece.includes('replaceAll') ? ` ${end}` : ` | replaceAll "-" "_" ${end}`,
          )
        : piece.replaceAll('-', '_'),
    )
    .join('')

/** What to write instead, by the words of the client. */
function cure(error: string): string {
  if (/unmatched|invalid value character|escape/.test(error))
    return 'Write the value on one line, in double quotes, with \\n for a line break and \\" for a quote; what an action gives is written so by toJSON'
  if (/missing =/.test(error))
    return 'Write every line as NAME=value; a value with line breaks goes on one line, as toJSON writes it'
  return 'Turn dashes in names into underscores ({{ .Name | replaceAll "-" "_" }}), and quote values with toJSON'
}

export const templateEnvParseError = fault({
  id: 'template-env-parse-error',
  about: 'task',
  title: 'A template with env = true does not render to lines of NAME=value',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'Template failed to read environment variables: error parsing env template "<path>": error on line <n>: missing =',
    'error parsing env template "<path>": error on line <n>: key characters must be [A-Za-z0-9/_.] but found \'-\'',
    'error parsing env template "<path>": error on line <n>: unmatched "',
    'error opening env template: <path>',
    'Template failed to read environment variables: <error>',
  ],
  needs: ['task.spec', 'task.env-file-error'],
  shows: ['task.env-file-error'],
  holds: ({ 'task.spec': spec, 'task.env-file-error': error }) => {
    if (error === null) return false
    const own = spec.templates.find(({ env, data }) => env && envError(data))
    const piece = own && envError(own.data)?.piece
    return {
      says: `Task ${spec.name} cannot read its variables and does not start: ${quoted(error, 200)}`,
      ...(own && piece !== undefined ? { at: [own, 'data', piece] as const } : {}),
    }
  },
  byHand: 'nomad alloc status <alloc>: the event says "Template failed to read environment variables".',
  explains: ['template-failed-after-retries'],
  because:
    'With env = true the rendered file is read line by line as NAME=value. Names may have letters, digits, underscore, slash and dot; a dash, as in most service names, is refused. A line without an equals sign, such as YAML or JSON, is refused as well, and so is a quote that is not closed on its line: a value has no line breaks. One bad line is enough to kill the task before it starts.',
  fix: ({ 'task.spec': spec, 'task.env-file-error': error }) => [
    {
      do: cure(error ?? ''),
      on: 'job file',
      risk: 'none: the task did not start before',
      ...edits(repaired(spec), 'the job does not say what the line is meant to be'),
    },
    {
      do: 'Or take env = true out, if the file is no list of variables',
      on: 'job file',
      risk: 'The application must read the file itself',
    },
  ],
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#env',
    'client/allocrunner/taskrunner/template/template.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a dash in a name',
      given: {
        'task.spec': task({ templates: [template('ORDERS-ADDR=1')] }),
        'task.env-file-error':
          'local/orders.env: key characters must be [A-Za-z0-9/_.] but found \'-\' in "ORDERS-ADDR=1"',
      },
      then: 'present',
    },
    { name: 'all is well', given: { 'task.spec': task(), 'task.env-file-error': null }, then: 'absent' },
  ],
})
