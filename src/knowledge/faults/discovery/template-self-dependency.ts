import { consulNames } from '../../consul-host.ts'
import { goesFirst, whereIn } from '../../said.ts'
import { servicesOf } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { check, group, record, service, task, template } from '../../samples.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'

const call = /(?<![\w."$])(?:nomadService|service)\s+(?:\d+\s+(?:\([^)]*\)|\S+)\s+)?"(?:[\w.-]+\.)?([\w-]+)[^"]*"/g

/** A prestart task that asks for a service of its own group while the main tasks wait for it to end. */
function waitsForItself(spec: GroupSpec, current: readonly AllocRecord[]) {
  const own = servicesOf(spec)
  for (const task of spec.tasks) {
    if (task.lifecycle?.hook !== 'prestart' || task.lifecycle.sidecar) continue
    const names = task.templates.flatMap(({ data }) => [...data.matchAll(call)].map(([, name = '']) => name))
    const dns = task.templates.flatMap(({ data }) =>
      [...data.matchAll(/(?<![\w-])([\w-]+)\.service\.(?:[\w-]+\.)?consul\b/g)].map(([, name = '']) => name),
    )
    const service = own.find(({ name }) => names.includes(name) || dns.includes(name))
    if (!service) continue
    const stuck = current.filter(({ tasks }) => {
      const state = (name: string) => tasks.find((one) => one.name === name)?.state
      const main = spec.tasks.filter(({ lifecycle }) => lifecycle === undefined)
      return (
        (state(task.name) === 'running' || state(task.name) === 'pending') &&
        main.every(({ name }) => state(name) === 'pending')
      )
    })
    if (stuck.length > 0 && stuck.length === current.length) return { task, service, stuck }
  }
  return undefined
}

const waiting = group({
  tasks: [
    task({
      name: 'wait',
      lifecycle: { hook: 'prestart', sidecar: false },
      templates: [
        {
          destination: 'local/a.env',
          data: '{{ range nomadService "orders" }}DB={{ .Address }}{{ end }}',
          source: '',
          env: true,
          changeMode: 'restart',
        },
      ],
    }),
    task(),
  ],
})
const at = (wait: string, server: string) => [
  record('a1', {
    tasks: [
      { name: 'wait', state: wait, failed: false, restarts: 0, events: [] },
      { name: 'server', state: server, failed: false, restarts: 0, events: [] },
    ],
  }),
]

/** A task that has to end first asks for a service whose checks pass only afterwards. `sure`: it does not end without an answer. */
function endless(spec: GroupSpec) {
  const own = servicesOf(spec).filter(({ checks, level }) => checks.length > 0 || level === 'task')
  const all = spec.tasks.filter(goesFirst).flatMap((task) =>
    own.flatMap(({ name }) => {
      const asked = whereIn(task, `nomadService "${name}"`) ?? whereIn(task, `service "${name}"`)
      const named = consulNames(task, name).map(({ at, command }) => ({ task, name, at, sure: command }))
      return [...named, ...(asked ? [{ task, name, at: asked, sure: false }] : [])]
    }),
  )
  return all.find(({ sure }) => sure) ?? all[0]
}

export const templateSelfDependency = fault({
  id: 'template-self-dependency',
  about: 'group',
  title: 'A prestart task waits for a service of its own group',
  layer: 'name',
  severity: 'breaks',
  heard: ['the prestart task runs for ever and the main task never starts', 'waiting for <service>'],
  needs: ['group.spec', 'group.current'],
  holds: ({ 'group.spec': spec, 'group.current': current }) => {
    const found = waitsForItself(spec, current)
    return found === undefined
      ? false
      : `Prestart task ${found.task.name} of group ${spec.name} waits for ${found.service.name}, a service of the same group: its main tasks start only after ${found.task.name} ends`
  },
  intended: 'where the task ends without an answer, or asks for the instances of other allocations',
  byHand:
    'nomad alloc status <alloc>: the prestart task runs, the main task is pending; the template of the prestart task asks for the name of its own service.',
  explains: ['template-missing-dependency'],
  because:
    'Main tasks start after every prestart task that is no sidecar has ended. A native group service is registered before any task starts, so its row is there at once, but nobody listens until the main task runs; a service of Consul with a check is not passing before that. A prestart task that waits for a service of its own group waits for a task that waits for it.',
  fix: ({ 'group.spec': spec, 'group.current': current }) => {
    const found = waitsForItself(spec, current)
    return [
      {
        do: `Let ${found?.task.name ?? 'the prestart task'} wait for the service it means, not for ${found?.service.name ?? 'its own'}`,
        on: 'job file',
        risk: 'The allocations are replaced',
      },
      ...(found?.stuck ?? []).map((one) => ({
        do: 'Stop the hanging allocation when the change is taken in place',
        on: 'Nomad',
        run: allocCommand('stop', one),
        risk: 'It serves nobody now',
      })),
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/lifecycle',
    'https://developer.hashicorp.com/nomad/docs/job-specification/template',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the wait task asks for its own service',
      given: { 'group.spec': waiting, 'group.current': at('running', 'pending') },
      then: 'present',
    },
    { name: 'it has ended', given: { 'group.spec': waiting, 'group.current': at('dead', 'running') }, then: 'absent' },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec'],
    holds: ({ 'group.spec': spec }) => {
      const found = endless(spec)
      return found
        ? {
            says: `Task ${found.task.name} has to end before the main tasks start, and asks for service ${found.name} of its own group, which passes no check before that`,
            at: found.at,
            severity: found.sure ? 'breaks' : 'risks',
          }
        : false
    },
    fix: ({ 'group.spec': spec }) => [
      {
        do: `Let task ${endless(spec)?.task.name ?? ''} ask for what the group really depends on, or make it a poststart task`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ],
    examples: [
      {
        name: 'it waits for its own service',
        given: {
          'group.spec': group({
            services: [service({ checks: [check()] })],
            tasks: [
              task({
                name: 'wait',
                lifecycle: { hook: 'prestart', sidecar: false },
                config: { args: ['until nslookup orders.service.consul; do sleep 1; done'] },
              }),
              task(),
            ],
          }),
        },
        then: 'present',
      },
      {
        name: 'the host of a file that a later task may read',
        given: {
          'group.spec': group({
            services: [service({ checks: [check()] })],
            tasks: [
              task({
                name: 'setup',
                lifecycle: { hook: 'prestart', sidecar: false },
                templates: [template('host: orders.service.consul\n')],
              }),
              task(),
            ],
          }),
        },
        then: 'present',
      },
      {
        name: 'names for a certificate, of which nothing is asked',
        given: {
          'group.spec': group({
            services: [service({ checks: [check()] })],
            tasks: [
              task({
                name: 'certificate',
                lifecycle: { hook: 'prestart', sidecar: false },
                env: { SSL_DNS: 'orders.service.consul,www.service.consul' },
              }),
              task(),
            ],
          }),
        },
        then: 'absent',
      },
      {
        name: 'it waits for another one',
        given: {
          'group.spec': group({
            services: [service({ checks: [check()] })],
            tasks: [
              task({
                name: 'wait',
                lifecycle: { hook: 'prestart', sidecar: false },
                config: { args: ['until nslookup orders-db.service.consul; do sleep 1; done'] },
              }),
              task(),
            ],
          }),
        },
        then: 'absent',
      },
    ],
  },
})
