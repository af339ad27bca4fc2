import { servicesOf, short } from '../../discovery.ts'
import { fault } from '../../fault.ts'
import { check, group, record, service } from '../../samples.ts'
import type { AllocRecord } from '../../shapes/runtime.ts'
import { quoted } from '../../quoted.ts'

const words = /Service checks not registered|checks registered and passing|Services not healthy by deadline/

const told = ({ deployment, tasks }: AllocRecord): string | undefined =>
  deployment?.healthy === false
    ? tasks.flatMap(({ events }) => events.filter(({ text }) => words.test(text))).at(-1)?.text
    : undefined

const checked = group({ services: [service({ provider: 'consul', checks: [check()] })] })
const waiting = (healthy: boolean) =>
  record('a1', {
    deployment: { healthy },
    tasks: [
      {
        name: 'server',
        state: 'running',
        failed: false,
        restarts: 0,
        events: [{ type: 'Alloc Unhealthy', text: 'Service checks not registered', time: 1 }],
      },
    ],
  })

export const consulCheckNameMissingDeploy = fault({
  id: 'consul-check-name-missing-deploy',
  about: 'alloc',
  title: 'The deployment gave up waiting for checks in Consul',
  layer: 'name',
  severity: 'degrades',
  stops: 'deployment',
  heard: [
    'Service checks not registered',
    'Only <n> out of <m> checks registered and passing',
    'Services not healthy by deadline: <service>',
  ],
  needs: ['alloc.record', 'group.spec'],
  shows: ['alloc.record'],
  holds: ({ 'alloc.record': alloc, 'group.spec': spec }) => {
    const text = told(alloc)
    const watched = servicesOf(spec).some(({ provider, checks }) => provider === 'consul' && checks.length > 0)
    return text !== undefined && watched
      ? `Allocation ${short(alloc.id)} of ${alloc.job}/${alloc.group} counts as unhealthy: ${quoted(text, 160)}`
      : false
  },
  byHand:
    'nomad alloc status <alloc> shows Alloc Unhealthy; on the client curl http://127.0.0.1:8500/v1/agent/checks tells whether the checks of the allocation are there, and critical.',
  explains: [],
  because:
    'A deployment takes an allocation for healthy when its tasks run and all its checks pass. It reads the checks from the Consul agent of the client. If they were never registered, it waits until its deadline for something that cannot come; if they are critical, it waits for the application. Then the allocation is replaced, and the deployment fails.',
  fix: ({ 'alloc.record': { nodeName } }) => [
    {
      do: 'Look at the checks of the allocation: missing ones were refused by Consul (the log of the client says why), critical ones say in their output what they met',
      on: `client ${nodeName}`,
      run: ['curl', '-sS', 'http://127.0.0.1:8500/v1/agent/checks'],
      risk: 'none',
    },
  ],
  references: ['https://developer.hashicorp.com/nomad/docs/job-specification/check', 'client/allochealth/tracker.go'],
  since: '0.1.0',
  examples: [
    { name: 'never registered', given: { 'alloc.record': waiting(false), 'group.spec': checked }, then: 'present' },
    { name: 'healthy after all', given: { 'alloc.record': waiting(true), 'group.spec': checked }, then: 'absent' },
    { name: 'checks of Nomad', given: { 'alloc.record': waiting(false), 'group.spec': group() }, then: 'absent' },
  ],
})
