import { edits, unset } from '../../edit.ts'
import type { Namespace } from '../../shapes/port.ts'
import type { GroupSpec } from '../../shapes/job.ts'
import { onHost, servicesWith } from '../../said.ts'
import { short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import type { Member } from '../../facts.ts'
import type { CheckResult } from '../../shapes/runtime.ts'
import { check, group, record, service } from '../../samples.ts'

/** Checks of the service that the application answered with an error, where no instance passes. */
function answered(checks: readonly Member<readonly CheckResult[]>[], name: string) {
  const own = checks.flatMap(({ id, value }) =>
    value.filter((one) => one.service === name).map((one) => ({ alloc: id.slice('alloc:'.length), one })),
  )
  return own.filter(
    ({ one }) =>
      one.status === 'failure' &&
      (one.statusCode ?? 0) >= 400 &&
      !own.some((other) => other.one.check === one.check && other.one.status === 'success'),
  )
}

/** A native check with a number, which the client dials on itself. */
const onClient = (spec: GroupSpec, spaces: Readonly<Record<string, Namespace>>) =>
  servicesWith(spec, 'nomad')
    .flatMap((own) => own.checks.map((one) => ({ own, one })))
    .find(
      ({ own, one }) =>
        /^\d+$/.test(one.port) &&
        ['', 'auto', 'host'].includes(one.addressMode) &&
        ['', 'auto', 'host'].includes(own.addressMode) &&
        !onHost(spec, own, Number(one.port), spaces),
    )

export const nsdCheckFailing = fault({
  id: 'nsd-check-failing',
  about: 'service',
  title: 'The native check fails although the application answers',
  layer: 'job',
  severity: 'breaks',
  stops: 'deployment',
  heard: [
    'Services not healthy by deadline: <names>',
    'Only <n> out of <m> checks registered and passing',
    'Alloc Unhealthy',
    'Failed due to progress deadline',
    'Task not running by healthy_deadline of <duration>',
    'Unhealthy because of failed task',
  ],
  onlyWhen: { 'service.provider': ['nomad'] },
  needs: ['every.alloc.checks', 'service.specs', 'group.current'],
  shows: ['every.alloc.checks'],
  holds: ({ 'every.alloc.checks': checks, 'service.specs': specs, 'group.current': current }) => {
    const [spec] = specs
    const [first] = spec ? answered(checks, spec.name) : []
    if (!spec || !first) return false
    const path = specs
      .flatMap((one) => one.checks)
      .find(({ name, type }) => type === 'http' && (name === '' || name === first.one.check))?.path
    const unhealthy = current.some(({ id, deployment }) => id === first.alloc && deployment?.healthy === false)
    return {
      says: `The check of ${spec.name}${path === undefined ? '' : ` asks for ${path} and`} gets HTTP ${first.one.statusCode} from allocation ${short(first.alloc)}: the application answers, the check does not accept it${unhealthy ? ', so the deployment fails' : ''}`,
      severity: unhealthy ? 'breaks' : 'degrades',
    }
  },
  byHand:
    'nomad alloc checks <alloc> shows status code and output; ask the same address and path with curl from the client.',
  explains: ['nsd-unhealthy-returned'],
  because:
    'A native http check passes on a status below 400. The client asks the registered address and port for the path of the check block; an application that has nothing at that path, or wants a login or another host name, answers with an error. The allocation then never counts as healthy: the deployment waits until its deadline, fails, and may roll back or replace the allocation again and again.',
  fix: ({ 'service.specs': [spec], 'every.alloc.checks': checks }) => {
    const code = spec && answered(checks, spec.name)[0]?.one.statusCode
    return [
      {
        do: `Give the check a path that the application answers with 200${code === undefined ? '' : ` (it answers ${code} now)`}, or use type = "tcp"`,
        on: 'job file',
        risk: 'The deployment starts anew; a tcp check tells only that the port is open',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/check',
    'https://developer.hashicorp.com/nomad/commands/alloc/checks',
  ],
  versions: { nomad: '>= 1.4.0' },
  since: '0.1.0',
  examples: [
    {
      name: 'the path of the check is not there',
      given: {
        'service.provider': 'nomad',
        'service.specs': [service()],
        'group.current': [record('a1', { deployment: { healthy: false } })],
        'every.alloc.checks': [
          {
            about: 'alloc:a1',
            id: 'alloc:a1',
            value: [{ check: 'c', service: 'orders', status: 'failure', output: '404', statusCode: 404 }],
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'nothing answers at all: that is about the port, not about the check',
      given: {
        'service.provider': 'nomad',
        'service.specs': [service()],
        'group.current': [record('a1', { deployment: { healthy: false } })],
        'every.alloc.checks': [
          {
            about: 'alloc:a1',
            id: 'alloc:a1',
            value: [{ check: 'c', service: 'orders', status: 'failure', output: 'connection refused' }],
          },
        ],
      },
      then: 'absent',
    },
    {
      name: 'checks of Consul are not run by Nomad',
      given: { 'service.provider': 'consul', 'service.specs': [], 'group.current': [], 'every.alloc.checks': [] },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.spec', 'group.task-namespaces'],
    shows: ['group.spec'],
    holds: ({ 'group.spec': spec, 'group.task-namespaces': spaces }) => {
      const found = onClient(spec, spaces)
      return found
        ? {
            says: `The check of service ${found.own.name} dials port ${found.one.port} of the client, where group ${spec.name} opens no such port: it is inside its network namespace`,
            at: [found.one, 'port'],
          }
        : false
    },
    fix: ({ 'group.spec': spec, 'group.task-namespaces': spaces }) => {
      const found = onClient(spec, spaces)
      return [
        {
          do: `Delete port from the check of service "${onClient(spec, spaces)?.own.name ?? ''}", or give it the label of a port block`,
          on: 'job file',
          risk: 'The service is registered anew',
          ...edits(
            found && /^[a-z]/i.test(found.own.port) ? [unset(found.one, 'port')] : undefined,
            'the service has no port label either',
          ),
        },
      ]
    },
    examples: [
      {
        name: 'the number inside',
        given: {
          'group.spec': group({ services: [service({ checks: [check({ port: '8080' })] })] }),
          'group.task-namespaces': { server: 'group' },
        },
        then: 'present',
      },
      {
        name: 'the label',
        given: {
          'group.spec': group({ services: [service({ checks: [check({ port: 'http' })] })] }),
          'group.task-namespaces': { server: 'group' },
        },
        then: 'absent',
      },
    ],
  },
})
