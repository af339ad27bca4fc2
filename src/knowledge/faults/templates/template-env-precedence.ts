import { edits, remove, unset } from '../../edit.ts'
import { fault } from '../../fault.ts'
import type { At } from '../../place.ts'
import { task, template } from '../../samples.ts'
import type { TaskSpec } from '../../shapes/job.ts'
import { alwaysSet, variablesOf } from '../../templates.ts'
import { quoted } from '../../quoted.ts'

interface Twice {
  readonly variable: string
  readonly by: string
  /** Not only where a condition holds or a list has something in it. */
  readonly always: boolean
  readonly hidden: string
  /** The hidden value is an address as well: two ways to one service, of which one is dead. */
  readonly address: boolean
  readonly at: At
}

const address = /:\/\/|\b[\w.-]+:\d{2,5}\b|^\d+\.\d+\.\d+\.\d+$/

function twice({ env, templates }: TaskSpec): Twice | undefined {
  const files = templates.filter((one) => one.env)
  for (const [index, file] of files.entries())
    for (const variable of variablesOf(file.data)) {
      const own = env[variable]
      if (own !== undefined && own !== '')
        return {
          variable,
          by: file.destination,
          always: alwaysSet(file.data).includes(variable),
          hidden: `the env block ("${quoted(own, 60)}")`,
          address: address.test(own),
          at: [env, variable],
        }
      const later = files.slice(index + 1).find(({ data }) => variablesOf(data).includes(variable))
      if (later)
        return {
          variable,
          by: later.destination,
          always: alwaysSet(later.data).includes(variable),
          hidden: `template ${file.destination}`,
          address: false,
          at: [later, 'data'],
        }
    }
  return undefined
}

export const templateEnvPrecedence = fault({
  id: 'template-env-precedence',
  about: 'task',
  title: 'A template sets a variable that the job sets elsewhere too, and the template wins',
  layer: 'job',
  severity: 'degrades',
  heard: ['the env block has the new address, the process the old one'],
  needs: ['task.spec'],
  holds: ({ 'task.spec': spec }) => {
    const found = twice(spec)
    if (!found) return false
    const sets = `Template ${found.by} of task ${spec.name} sets ${found.variable}`
    return found.always
      ? {
          says: `${sets}, and so does ${found.hidden}, which is never used`,
          severity: found.address ? 'degrades' : 'risks',
          at: found.at,
        }
      : {
          says: `${sets} where its condition holds or its list has entries; else ${found.hidden} is what the task gets`,
          severity: 'risks',
          at: found.at,
        }
  },
  intended: 'where the one that wins is the one that is meant, or the other one is for when it does not',
  byHand: 'env in the running task shows which of the two values the process has.',
  explains: [],
  because:
    'The variables of a task are put together from the env block first and from its templates after that; of two templates the later one counts. What is set again replaces what was there without a word. Whoever changes the value in the env block sees no effect as long as the template renders the same name.',
  fix: ({ 'task.spec': spec }) => {
    const found = twice(spec)
    const own = found && Object.hasOwn(spec.env, found.variable) ? spec.env : undefined
    return [
      {
        do: `Set ${twice(spec)?.variable ?? 'the variable'} in one place: take it out of ${twice(spec)?.hidden ?? 'the env block'}, or out of template ${twice(spec)?.by ?? ''}`,
        on: 'job file',
        risk: 'The task restarts with the value that is left',
        ...edits(
          found && own ? [Object.keys(own).length === 1 ? remove(own) : unset(own, found.variable)] : undefined,
          'which of the two templates is meant is not in the job',
          found?.always,
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#env',
    'https://github.com/hashicorp/nomad/issues/3498',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'an address in the env block, hidden by a template',
      given: {
        'task.spec': task({
          env: { API_URL: 'https://gateway.corp.example' },
          templates: [template('API_URL=http://{{ with nomadService "api" }}{{ (index . 0).Address }}{{ end }}')],
        }),
      },
      then: 'present',
    },
    {
      name: 'two templates set it',
      given: {
        'task.spec': task({ templates: [template('A=1'), template('A=2', { destination: 'local/b.env' })] }),
      },
      then: 'present',
    },
    {
      name: 'the template sets it while the service has instances, and the env block otherwise',
      given: {
        'task.spec': task({
          env: { API_URL: 'http://10.0.0.1:80' },
          templates: [
            template('{{ range nomadService "api" }}\nAPI_URL=http://{{ .Address }}:{{ .Port }}\n{{ end }}\nB=1'),
          ],
        }),
      },
      then: 'present',
    },
    {
      name: 'different names',
      given: { 'task.spec': task({ env: { A: '1' }, templates: [template('B=2')] }) },
      then: 'absent',
    },
    {
      name: 'a file that sets no variables',
      given: { 'task.spec': task({ env: { A: '1' }, templates: [template('A=2', { env: false })] }) },
      then: 'absent',
    },
  ],
})
