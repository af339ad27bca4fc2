import { edits, reword, set } from '../../edit.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { mentions } from '../../said.ts'
import { task, template } from '../../samples.ts'
import type { TaskSpec, TemplateSpec } from '../../shapes/job.ts'

const seen = ['local', 'secrets', 'alloc', '..']

const first = (path: string): string => path.replace(/^\/+|^\.\/+/, '').split('/')[0] ?? ''

/** Host sides of what the container config maps: `volumes`, `mount` and `mounts`, as far as they are texts. */
function mapped(config: TaskSpec['config']): readonly string[] {
  const volumes = Array.isArray(config['volumes']) ? config['volumes'] : []
  const mounts = [config['mount'], config['mounts']].flat()
  const sources = mounts.map((one) =>
    typeof one === 'object' && one !== null && 'source' in one ? one.source : undefined,
  )
  const paths = volumes.map((one: unknown) => (typeof one === 'string' ? (one.split(':')[0] ?? '') : one))
  return [...paths, ...sources].filter((one) => typeof one === 'string')
}

/** A file below the task's folder that no folder in the container shows. */
function invisible({ driver, config, templates }: TaskSpec): TemplateSpec | undefined {
  if (!['docker', 'podman'].includes(driver)) return undefined
  return templates.find(({ destination, env }) => {
    const top = first(destination)
    if (env || destination === '' || destination.startsWith('${') || seen.includes(top)) return false
    return !mapped(config).some((source) => first(source) === top || source.startsWith('.') || source.includes('${'))
  })
}

const below = (path: string): string => path.replace(/^\/+|^\.\/+/, '')

/** Somebody means the file at its place in the container: its path is absolute, or a text of the task says it. */
const wanted = (spec: TaskSpec, found: TemplateSpec): boolean =>
  found.destination.startsWith('/') ||
  mentions({ ...spec, templates: spec.templates.filter((one) => one !== found) }, below(found.destination))

/** The file below local, and the arguments that name it. */
function shown({ config, env }: TaskSpec, found: TemplateSpec): readonly Edit[] {
  const old = below(found.destination)
  const args = Array.isArray(config['args']) ? config['args'].map(String) : []
  // Where it stands in a longer path, only what is not right already would have to be changed.
  const longer = new RegExp(String.raw`[\w.}/-]/${old.replace(/[^\w-]/g, String.raw`\$&`)}`)
  const names = (text: string): boolean => text.includes(`/${old}`) && !longer.test(text)
  const rewords = [
    ...(names(args.join(' ')) ? [reword(config, 'args', `/${old}`, `/local/${old}`)] : []),
    ...Object.entries(env).flatMap(([name, value]) =>
      names(value) ? [reword(env, name, `/${old}`, `/local/${old}`)] : [],
    ),
  ]
  return [set(found, 'destination', `local/${old}`), ...rewords]
}

export const templateDestinationInvisible = fault({
  id: 'template-destination-invisible',
  about: 'task',
  title: 'A template is rendered to a place that the container does not see',
  layer: 'job',
  severity: 'breaks',
  intended: 'where nobody in the container reads the file',
  heard: [
    'open <path>: no such file or directory',
    'template destination path escapes alloc directory',
    'destination escapes allocation directory',
    'Must specify a destination for the template',
  ],
  needs: ['task.spec'],
  holds: ({ 'task.spec': spec }) => {
    const found = invisible(spec)
    return found
      ? {
          says: `Template ${found.destination} of task ${spec.name} is rendered beside local, secrets and alloc, the only folders its container sees${wanted(spec, found) ? '' : '; nothing in the task names that file'}`,
          severity: wanted(spec, found) ? 'breaks' : 'risks',
          at: [found, 'destination'],
        }
      : false
  },
  byHand: 'nomad alloc fs <alloc> <task>/ shows the file, ls in the container does not.',
  explains: [],
  because:
    "A destination is a path below the task's folder on the client. Drivers such as exec make that folder the root of the task, but a container has the root of its image: Nomad mounts only local, secrets and alloc into it. A file anywhere else is written, and the container starts without it.",
  fix: ({ 'task.spec': spec }) => {
    const found = invisible(spec)
    return [
      {
        do: `Render to local/${found?.destination.replace(/^\/+/, '') ?? ''}, and have the application read /local/${found?.destination.replace(/^\/+/, '') ?? ''} or mount the folder where it wants it`,
        on: 'job file',
        risk: 'The task is replaced',
        ...edits(found && shown(spec, found), 'the template is not written out'),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/template#destination',
    'https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings#task-directories',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a folder of its own',
      given: {
        'task.spec': task({
          config: { args: ['--config=/config/dns.conf'] },
          templates: [template('port=53', { env: false, destination: 'config/dns.conf' })],
        }),
      },
      then: 'present',
    },
    {
      name: 'a file that nothing in the task names',
      given: { 'task.spec': task({ templates: [template('me', { env: false, destination: 'owner' })] }) },
      then: 'present',
    },
    {
      name: 'a file whose name is only a part of other words',
      given: {
        'task.spec': task({
          env: { ROLE: 'coowners' },
          config: { image: 'example/owner:3' },
          templates: [template('me', { env: false, destination: 'owner' })],
        }),
      },
      then: 'present',
    },
    {
      name: 'the same with exec',
      given: {
        'task.spec': task({
          driver: 'exec',
          templates: [template('port=53', { env: false, destination: 'config/dns.conf' })],
        }),
      },
      then: 'absent',
    },
    {
      name: 'mounted by the job',
      given: {
        'task.spec': task({
          config: { volumes: ['config/dns.conf:/etc/dns.conf'] },
          templates: [template('port=53', { env: false, destination: 'config/dns.conf' })],
        }),
      },
      then: 'absent',
    },
    {
      name: 'the file itself is mounted by the job',
      given: {
        'task.spec': task({
          config: { volumes: ['dns.conf:/etc/dns.conf:ro'] },
          templates: [template('port=53', { env: false, destination: 'dns.conf' })],
        }),
      },
      then: 'absent',
    },
    {
      name: 'below local',
      given: {
        'task.spec': task({ templates: [template('port=53', { env: false, destination: '/local/dns.conf' })] }),
      },
      then: 'absent',
    },
  ],
})
