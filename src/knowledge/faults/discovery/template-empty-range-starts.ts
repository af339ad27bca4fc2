import { asked, type Asking } from '../../edit-lookup.ts'
import { edits } from '../../edit.ts'
import { alike } from '../../slip.ts'
import { whereIn } from '../../said.ts'
import { servicesOf, spelling } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { group, record, task } from '../../samples.ts'
import type { Asked } from '../../shapes/discovery.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'
import { begun } from '../../words.ts'

interface Empty {
  readonly asked: Asked
  /** The name the target has instead; absent when it is the target's own name and the target runs nowhere. */
  readonly instead?: string
  readonly severity: 'breaks' | 'risks'
}

/** Templates that render nothing: a name nobody registers, or the target's own name while it runs nowhere. */
function empty(
  native: readonly Asked[],
  consul: readonly Asked[],
  target: GroupSpec,
  current: readonly AllocRecord[],
): Empty | undefined {
  const templates = [...native, ...consul].filter(({ ask }) => ask.via !== 'upstream' && ask.via !== 'consul-dns')
  const own = servicesOf(target)
  const meant = templates.filter(({ ask }) => own.some(({ name }) => name === ask.name))
  const nobody = templates.filter(({ here, elsewhere }) => !here && elsewhere.length === 0)
  if (meant.length > 0) {
    const asked = nobody.find((one) => meant.includes(one))
    return asked && !current.some(({ clientStatus }) => clientStatus === 'running')
      ? { asked, severity: 'risks' }
      : undefined
  }
  for (const asked of nobody) {
    const near = own.find(({ name }) => alike(asked.ask.name, name))
    const instead = near?.name ?? (own.length === 1 ? own[0]?.name : undefined)
    if (instead !== undefined && (near || templates.length === 1)) return { asked, instead, severity: 'breaks' }
  }
  return undefined
}

export const templateEmptyRangeStarts = fault({
  id: 'template-empty-range-starts',
  about: 'path',
  title: 'The template asks for a name that nobody registers, and the task starts with nothing',
  layer: 'name',
  severity: 'breaks',
  heard: [
    'nomadService range is empty',
    'the task starts before the address is known',
    'missing <name>_ADDR',
    'environment variable is empty although the template renders',
    'nginx: [emerg] no servers are inside upstream in <file>:<line>',
    'nginx: [emerg] invalid port in upstream ":0" in <file>:<line>',
  ],
  onlyWhen: { 'path.discovery': ['nomad-template', 'consul-template'] },
  needs: [
    'source.task.spec',
    'path.asks',
    'path.asked.nomad',
    'path.asked.consul',
    'target.group.spec',
    'source.group.current',
    'target.group.current',
  ],
  shows: ['path.asks', 'path.asked.nomad', 'path.asked.consul'],
  holds: (known) => {
    const found = empty(
      known['path.asked.nomad'],
      known['path.asked.consul'],
      known['target.group.spec'],
      known['target.group.current'],
    )
    if (!found || !known['source.group.current'].some(({ clientStatus }) => clientStatus === 'running')) return false
    const { ask } = found.asked
    const asks = `${begun(ask.where)} asks ${spelling(ask)}`
    return {
      says:
        found.instead === undefined
          ? `${asks}, which has no row while the target runs nowhere: the task started without an address`
          : `${asks}, which nobody registers (the target registers ${found.instead}): the task runs without an address`,
      severity: found.severity,
    }
  },
  byHand:
    'nomad service list (or the Consul catalogue) does not have the name in the template; nomad alloc fs <alloc> <task>/local/<file> shows what was rendered.',
  explains: [],
  because:
    'A template waits until the catalogue has answered once. No instance is an answer too: a name that does not exist gives an empty list at once, the range renders nothing, and the task starts with its variable unset. There is no event and no error; only the application complains. When a row appears later the template renders again and the change_mode restarts the task.',
  fix: (known) => {
    const found = empty(
      known['path.asked.nomad'],
      known['path.asked.consul'],
      known['target.group.spec'],
      known['target.group.current'],
    )
    const rename =
      found?.instead === undefined
        ? []
        : [
            {
              do: `Ask for "${found.instead}" instead of "${found.asked.ask.name}" in ${found.asked.ask.where}`,
              on: 'job file of the source',
              risk: 'The task restarts',
            },
          ]
    return [
      ...rename,
      {
        do: 'Let the application cope with an empty list, or let a prestart task wait for the name',
        on: 'job file of the source',
        risk: 'none',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template',
    'https://developer.hashicorp.com/nomad/docs/networking/service-discovery',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the source has the address from elsewhere',
      given: {
        'path.discovery': 'fixed-address',
        'source.task.spec': task(),
        'path.asks': [],
        'target.group.spec': group(),
        'source.group.current': [record('s1')],
        'target.group.current': [record('a1')],
        'path.asked.nomad': [
          { ask: { via: 'nomad-template', name: 'order', where: 'template local/a.env' }, here: false, elsewhere: [] },
        ],
        'path.asked.consul': [],
      },
      then: 'absent',
    },
    {
      name: 'a shortened name',
      given: {
        'path.discovery': 'nomad-template',
        'source.task.spec': task(),
        'path.asks': [],
        'target.group.spec': group(),
        'source.group.current': [record('s1')],
        'target.group.current': [record('a1')],
        'path.asked.nomad': [
          { ask: { via: 'nomad-template', name: 'order', where: 'template local/a.env' }, here: false, elsewhere: [] },
        ],
        'path.asked.consul': [],
      },
      then: 'present',
    },
    {
      name: 'the name is registered',
      given: {
        'path.discovery': 'nomad-template',
        'source.task.spec': task(),
        'path.asks': [],
        'target.group.spec': group(),
        'source.group.current': [record('s1')],
        'target.group.current': [record('a1')],
        'path.asked.nomad': [
          { ask: { via: 'nomad-template', name: 'orders', where: 'template local/a.env' }, here: true, elsewhere: [] },
        ],
        'path.asked.consul': [],
      },
      then: 'absent',
    },
    {
      name: 'a name of somebody else is empty, the target has its row',
      given: {
        'path.discovery': 'nomad-template',
        'source.task.spec': task(),
        'path.asks': [],
        'target.group.spec': group(),
        'source.group.current': [record('s1')],
        'target.group.current': [record('a1')],
        'path.asked.nomad': [
          { ask: { via: 'nomad-template', name: 'orders', where: 'template local/a.env' }, here: true, elsewhere: [] },
          {
            ask: { via: 'nomad-template', name: 'metrics', where: 'template local/b.env' },
            here: false,
            elsewhere: [],
          },
        ],
        'path.asked.consul': [],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'task',
    needs: ['task.slip', 'task.spec'],
    shows: ['task.spec'],
    holds: ({ 'task.slip': found, 'task.spec': task }) =>
      found
        ? {
            says: `${begun(found.ask.where)} of task ${task.name} asks for ${spelling(found.ask)}; this job registers ${found.meant}`,
            at: whereIn(task, found.ask.name) ?? task,
          }
        : false,
    fix: ({ 'task.slip': found, 'task.spec': task }) => {
      const call = ({ fn, choice, tag, rest }: Asking) => `${fn} ${choice}"${tag}${found?.meant ?? ''}${rest}"`
      const edit = found ? asked(task, found.ask.name, call) : undefined
      const step = { do: `Ask for "${found?.meant ?? ''}"`, on: 'job file', risk: 'The allocation is replaced' }
      return [{ ...step, ...edits(edit, 'the call stands in no template') }]
    },
    examples: [
      {
        name: 'two letters swapped',
        given: {
          'task.slip': {
            ask: { via: 'nomad-template', name: 'stock-cahce', where: 'template local/a.env' },
            meant: 'stock-cache',
          },
          'task.spec': task(),
        },
        then: 'present',
      },
      {
        name: 'a service of another job',
        given: {
          'task.slip': null,
          'task.spec': task(),
        },
        then: 'absent',
      },
    ],
  },
})
