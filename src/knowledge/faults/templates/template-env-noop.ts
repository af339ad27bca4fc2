import { edits, unset } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { job, task, template } from '../../samples.ts'
import type { TaskSpec, TemplateSpec } from '../../shapes/job.ts'
import { moves, serviceCalls } from '../../templates.ts'
import { holdsAddress } from '../../variable-names.ts'

/** Lines whose value is not written out, nor a variable that stays. */
const filled = /^[ \t]*(?:export[ \t]+)?([A-Za-z_][\w.]*)[ \t]*=.*\{\{(?!-?\s*(?:env\s|\/\*))/gm

/** It writes addresses that may change: of a service, or under a name for one. A password is none. */
const addresses = (data: string): boolean =>
  serviceCalls(data).length > 0 ||
  (moves(data) && [...data.matchAll(filled)].some(([, name = '']) => holdsAddress(name)))

/** An env template whose new text never reaches the process, or that the servers refuse. */
const frozen = ({ templates }: TaskSpec): TemplateSpec | undefined =>
  templates.find(
    ({ env, data, changeMode, once }) =>
      env && (changeMode === 'signal' || (addresses(data) && (once || changeMode !== 'restart'))),
  )

const endsSoon = ({ lifecycle }: TaskSpec, type: string): boolean =>
  ['batch', 'sysbatch'].includes(type) || lifecycle?.sidecar === false

export const templateEnvNoop = fault({
  id: 'template-env-noop',
  about: 'task',
  title: 'Variables from a template keep the addresses of the start',
  layer: 'name',
  severity: 'degrades',
  heard: ['cannot use signals with env var templates', 'the file has the new address, the process the old one'],
  needs: ['task.spec', 'job.spec'],
  shows: ['task.spec'],
  holds: ({ 'task.spec': spec, 'job.spec': { type } }) => {
    const found = frozen(spec)
    if (!found) return false
    const where = `Template ${found.destination} of task ${spec.name}`
    if (found.changeMode === 'signal')
      return {
        says: `${where} sets variables and has change_mode = "signal", so the servers refuse the job`,
        severity: 'breaks',
        at: [found, 'change_mode'],
      }
    return {
      says: `${where} sets variables and has ${found.once ? 'once = true' : `change_mode = "${found.changeMode}"`}: when an address changes the process keeps the old one`,
      // A key of a store may be anything; a service is an address. What ends soon reads the address of its start, which may be meant.
      severity: found.once || serviceCalls(found.data).length === 0 || endsSoon(spec, type) ? 'risks' : 'degrades',
      at: [found, found.once ? 'once' : 'change_mode'],
    }
  },
  intended: 'where the address does not change while the task lives',
  byHand: 'Compare the rendered file (nomad alloc fs <alloc> <task>/<destination>) with env in the running process.',
  explains: [],
  because:
    'With env = true the rendered file is read once, when the task starts, and its lines become variables of the process. The variables of a running process cannot be changed from outside. So when a service moves, the file follows, and only a restart brings the new address into the process; change_mode = "noop" leaves that restart out.',
  fix: ({ 'task.spec': spec }) => {
    const found = frozen(spec)
    return [
      {
        do: `Take change_mode out of template ${found?.destination ?? ''} (restart is the default)`,
        on: 'job file',
        risk: 'The task restarts when an address changes',
        ...edits(found && [unset(found, found.once ? 'once' : 'change_mode')], 'the template is not written out'),
      },
      {
        do: 'Or render a file without env that the application reads again, with change_mode = "signal" or "script"',
        on: 'job file',
        risk: 'The application must support it',
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/template#change_mode'],
  since: '0.1.0',
  examples: [
    {
      name: 'noop over a service',
      given: {
        'job.spec': job(),
        'task.spec': task({
          templates: [
            template('{{ range nomadService "orders" }}ADDR={{ .Address }}{{ end }}', { changeMode: 'noop' }),
          ],
        }),
      },
      then: 'present',
    },
    {
      name: 'noop over a service in a batch job, which may be meant',
      given: {
        'job.spec': job({ type: 'batch' }),
        'task.spec': task({
          templates: [
            template('{{ range nomadService "orders" }}ADDR={{ .Address }}{{ end }}', { changeMode: 'noop' }),
          ],
        }),
      },
      then: 'present',
    },
    {
      name: 'a signal, which the servers refuse',
      given: {
        'job.spec': job(),
        'task.spec': task({ templates: [template('A={{ key "web/a" }}', { changeMode: 'signal' })] }),
      },
      then: 'present',
    },
    {
      name: 'once, which may be meant',
      given: {
        'job.spec': job(),
        'task.spec': task({ templates: [template('API_URL={{ key "web/a" }}', { once: true })] }),
      },
      then: 'present',
    },
    {
      name: 'a password, which is no address',
      given: {
        'job.spec': job(),
        'task.spec': task({
          templates: [template('PASSWORD={{ key "web/password" }}', { changeMode: 'noop' })],
        }),
      },
      then: 'absent',
    },
    {
      name: 'restart',
      given: { 'job.spec': job(), 'task.spec': task({ templates: [template('A={{ key "web/a" }}')] }) },
      then: 'absent',
    },
    {
      name: 'a text that never changes',
      given: {
        'job.spec': job(),
        'task.spec': task({ templates: [template('ID={{ env "NOMAD_ALLOC_ID" }}', { changeMode: 'noop' })] }),
      },
      then: 'absent',
    },
  ],
})
