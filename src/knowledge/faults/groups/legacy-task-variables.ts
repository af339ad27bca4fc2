import { edits, reword } from '../../edit.ts'
import { clean, labelsOf } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'
import type { GroupSpec, TaskText } from '../../shapes/job.ts'
import { begun } from '../../words.ts'

/** NOMAD_ADDR_<task>_<label>, where neither the task has a network of its own nor the group such a label. */
function legacy(texts: readonly TaskText[], spec: GroupSpec) {
  const labels = labelsOf(spec)
  return spec.tasks
    .filter(({ networks }) => networks.length === 0)
    .flatMap(({ name }) => labels.map((label) => ({ task: name, label, both: `${clean(name)}_${clean(label)}` })))
    .filter(({ both }) => !labels.some((label) => clean(label) === both))
    .flatMap((one) => {
      const pattern = new RegExp(`NOMAD_(?:ADDR|IP|PORT)_${one.both}(?!\\w)`)
      const at = texts.find(({ text }) => pattern.test(text))
      return at ? [{ ...one, at, name: pattern.exec(at.text)?.[0] ?? '' }] : []
    })
    .at(0)
}

const coupons = group({
  services: [],
  network: { mode: '', ports: [{ label: 'db', to: 6379, hostNetwork: 'default' }] },
  tasks: [task({ name: 'redis' }), task({ name: 'api' })],
})
const env = (text: string): readonly TaskText[] => [
  { kind: 'env', from: 'env REDIS of task api', text, variable: 'REDIS' },
]

export const legacyTaskVariables = fault({
  id: 'legacy-task-variables',
  about: 'task',
  title: "A variable names task and port, which exists for a task's own network block only",
  layer: 'name',
  severity: 'breaks',
  heard: ['${NOMAD_ADDR_<task>_<label>}', 'There is no variable named "NOMAD_ADDR_<task>_<label>"'],
  needs: ['task.texts', 'group.spec'],
  holds: ({ 'task.texts': texts, 'group.spec': spec }) => {
    const found = legacy(texts, spec)
    return found
      ? {
          says: `${begun(found.at.from)} uses ${found.name}, but port ${found.label} belongs to group ${spec.name}, and its variables do not name a task: this one is not set`,
          at: [found.at, 'text', found.name],
        }
      : false
  },
  byHand: 'env in the task: NOMAD_ADDR_<label> is there, NOMAD_ADDR_<task>_<label> is not.',
  explains: [],
  because:
    'Before Nomad 0.12 every task had a network block of its own, and the variables for a sibling named task and port. Ports of the group belong to all of its tasks, so their variables have the label alone. After the move of the network block the old names are no longer set: in an env block the text stays as it is, in a template it is empty, in a driver config it fails the task.',
  fix: ({ 'task.texts': texts, 'group.spec': spec }) => {
    const found = legacy(texts, spec)
    return [
      {
        do: `Write ${found?.name.replace(found.both, clean(found.label)) ?? 'NOMAD_ADDR_<label>'} instead of ${found?.name ?? ''}`,
        on: 'job file',
        risk: 'The allocation is replaced',
        ...edits(
          found && [reword(found.at, 'text', found.name, found.name.replace(found.both, clean(found.label)))],
          'the text is put together elsewhere',
          true,
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/upgrade/upgrade-specific',
    'https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings',
    'client/taskenv/env.go',
  ],
  versions: { nomad: '>= 0.12.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'the sibling by task and label',
      given: { 'task.texts': env('${NOMAD_ADDR_redis_db}'), 'group.spec': coupons },
      then: 'present',
    },
    { name: 'by label', given: { 'task.texts': env('${NOMAD_ADDR_db}'), 'group.spec': coupons }, then: 'absent' },
    {
      name: 'the label is really called so',
      given: {
        'task.texts': env('${NOMAD_ADDR_redis_db}'),
        'group.spec': {
          ...coupons,
          network: {
            mode: '',
            ports: [
              { label: 'redis_db', hostNetwork: 'default' },
              { label: 'db', hostNetwork: 'default' },
            ],
          },
        },
      },
      then: 'absent',
    },
    {
      name: 'the task has a network block of its own',
      given: {
        'task.texts': env('${NOMAD_ADDR_redis_db}'),
        'group.spec': {
          ...coupons,
          tasks: [task({ name: 'redis', networks: [{ mode: '', ports: [] }] })],
        },
      },
      then: 'absent',
    },
  ],
})
