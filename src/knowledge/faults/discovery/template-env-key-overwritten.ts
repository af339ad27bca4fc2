import { asked } from '../../edit-lookup.ts'
import { edits } from '../../edit.ts'
import { whereIn } from '../../said.ts'
import type { Asking } from '../../edit-lookup.ts'
import { fault } from '../../fault.ts'
import { healthOf, place, servicesOf } from '../../discovery.ts'
import { group, job, row, task } from '../../samples.ts'
import type { JobSpec, TaskSpec } from '../../shapes/job.ts'

interface Repeated {
  readonly template: string
  readonly fn: 'nomadService' | 'service'
  readonly name: string
  readonly key: string
}

/** Environment templates that write a literal key once per instance, inside a range without a number of instances. */
function repeated({ templates }: TaskSpec): readonly Repeated[] {
  return templates
    .filter(({ env }) => env)
    .flatMap(({ destination, data }) =>
      [
        ...data.matchAll(
          /\{\{-?\s*range\s+(?:\$\w+\s*,\s*\$\w+\s*:=\s*)?(nomadService|service)\s+"(?:[\w.-]+\.)?([\w-]+)[^"]*"[^}]*\}\}([\s\S]*?)\{\{-?\s*(?:end|else)/g,
        ),
      ].flatMap(([, fn, name = '', body = '']): readonly Repeated[] => {
        const key = /(?:^|\n)?\s*(?:export\s+)?([A-Za-z_][\w/.]*)\s*=/.exec(body.trimStart())
        return key?.index === 0 && key[1] !== undefined
          ? [{ template: destination, fn: fn === 'service' ? 'service' : 'nomadService', name, key: key[1] }]
          : []
      }),
    )
}

/** One instance for each caller instead of all. */
const one = ({ fn, choice, tag, name, rest }: Asking): string | undefined =>
  fn === 'nomadService' && choice === '' ? `nomadService 1 (env "NOMAD_ALLOC_ID") "${tag}${name}${rest}"` : undefined

/** A range over a service of this job of which several instances are wanted. */
const several = (task: TaskSpec, { groups, type }: JobSpec) =>
  repeated(task).find(({ name }) =>
    groups.some((spec) => (spec.count > 1 || type === 'system') && servicesOf(spec).some((one) => one.name === name)),
  )

export const templateEnvKeyOverwritten = fault({
  id: 'template-env-key-overwritten',
  about: 'path',
  title: 'An environment template writes one key per instance, and the last one wins',
  layer: 'name',
  severity: 'degrades',
  heard: ['all requests go to the same instance', 'only one backend gets traffic'],
  needs: ['source.task.spec', 'path.asks', 'target.group.spec', 'path.asked.rows', 'path.asked.instances'],
  shows: ['path.asks', 'path.asked.rows', 'path.asked.instances'],
  holds: ({
    'source.task.spec': source,
    'target.group.spec': target,
    'path.asked.rows': rows,
    'path.asked.instances': instances,
  }) => {
    const own = servicesOf(target).map(({ name }) => name)
    for (const { template, fn, name, key } of repeated(source).filter((one) => own.includes(one.name))) {
      const native = rows.filter(({ ask }) => ask.name === name).flatMap((one) => one.rows)
      const consul = instances
        .filter(({ ask }) => ask.name === name && ask.via === 'consul-template')
        .flatMap((one) => one.instances.filter((found) => healthOf(found) !== 'critical'))
        .map(({ address, nodeAddress, port }) => ({ address: address || nodeAddress, port }))
      // Rows of one place are one instance to the caller, whatever allocation they name.
      const count = new Set((fn === 'nomadService' ? native : consul).map(place)).size
      if (count > 1)
        return `Template ${template} writes ${key} once for each of the ${count} instances of ${name}: only the last line counts, one instance gets all calls`
    }
    return false
  },
  byHand: 'nomad alloc fs <alloc> <task>/<template destination>: the same key stands there more than once.',
  explains: [],
  because:
    'An environment file holds one value per key, and of several lines with the same key the last one counts. A range that writes the same key for every instance therefore ends with the last instance: nothing fails, but with more than one instance all calls of this task go to a single one, and they move together when the list changes.',
  fix: ({ 'source.task.spec': source }) => {
    const [first] = repeated(source)
    const { fn = 'nomadService', name = 'name', key = 'KEY' } = first ?? {}
    return [
      {
        do: `Write all instances into one value: ${key}="{{ range ${fn} "${name}" }}{{ .Address }}:{{ .Port }} {{ end }}"`,
        on: 'job file of the source',
        risk: 'The application must read a list',
      },
      ...(fn === 'nomadService'
        ? [
            {
              do: `Or pick one per allocation, spread over the callers: {{ range nomadService 1 (env "NOMAD_ALLOC_ID") "${name}" }}`,
              on: 'job file of the source',
              risk: 'One caller still uses one instance only',
            },
          ]
        : []),
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#environment-variables',
    'https://developer.hashicorp.com/nomad/docs/networking/service-discovery',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'two rows, one key',
      given: {
        'path.asks': [],
        'source.task.spec': task({
          templates: [
            {
              destination: 'local/a.env',
              data: '{{ range nomadService "orders" }}ORDERS={{ .Address }}:{{ .Port }}\n{{ end }}',
              source: '',
              env: true,
              changeMode: 'restart',
            },
          ],
        }),
        'target.group.spec': group(),
        'path.asked.rows': [
          {
            ask: { via: 'nomad-template', name: 'orders', where: 'template local/a.env' },
            rows: [row('a1'), row('a2', { address: '10.0.0.2' })],
          },
        ],
        'path.asked.instances': [],
      },
      then: 'present',
    },
    {
      name: 'one value for all',
      given: {
        'path.asks': [],
        'source.task.spec': task({
          templates: [
            {
              destination: 'local/a.env',
              data: 'ORDERS="{{ range nomadService "orders" }}{{ .Address }}:{{ .Port }} {{ end }}"',
              source: '',
              env: true,
              changeMode: 'restart',
            },
          ],
        }),
        'target.group.spec': group(),
        'path.asked.rows': [
          {
            ask: { via: 'nomad-template', name: 'orders', where: 'template local/a.env' },
            rows: [row('a1'), row('a2', { address: '10.0.0.2' })],
          },
        ],
        'path.asked.instances': [],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'task',
    needs: ['task.spec', 'job.spec'],
    shows: ['task.spec'],
    holds: ({ 'task.spec': task, 'job.spec': job }) => {
      const found = several(task, job)
      return found
        ? {
            says: `Template ${found.template} of task ${task.name} writes ${found.key} once per instance of ${found.name}, of which the job wants several: the last one wins`,
            at: whereIn(task, `${found.key}=`) ?? task,
          }
        : false
    },
    fix: ({ 'task.spec': task, 'job.spec': job }) => {
      const found = several(task, job)
      return [
        {
          do: `Ask for one instance: ${found?.fn === 'service' ? '{{ with service' : '{{ range nomadService 1 (env "NOMAD_ALLOC_ID")'} "${found?.name ?? ''}" }}; or write all of them into one line`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(
            found?.fn === 'nomadService' ? asked(task, found.name, one) : undefined,
            'the text has to choose an instance by other means',
          ),
        },
      ]
    },
    examples: [
      {
        name: 'three instances, one key',
        given: {
          'task.spec': task({
            templates: [
              {
                destination: 'local/a.env',
                data: '{{ range nomadService "orders" }}\nURL={{ .Address }}\n{{ end }}',
                source: '',
                env: true,
                changeMode: 'restart',
              },
            ],
          }),
          'job.spec': job({ groups: [group({ count: 3 })] }),
        },
        then: 'present',
      },
      {
        name: 'one instance is wanted',
        given: {
          'task.spec': task({
            templates: [
              {
                destination: 'local/a.env',
                data: '{{ range nomadService "orders" }}\nURL={{ .Address }}\n{{ end }}',
                source: '',
                env: true,
                changeMode: 'restart',
              },
            ],
          }),
          'job.spec': job(),
        },
        then: 'absent',
      },
    ],
  },
})
