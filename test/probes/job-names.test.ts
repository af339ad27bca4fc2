import { expect, test } from 'vitest'
import { jobSpec } from '../../src/probes/nomad/job-spec.ts'

const service = (name: string, more: object = {}) => ({ Name: name, PortLabel: '${NOMAD_GROUP_NAME}-http', ...more })
const job = (more: object = {}) => ({
  ID: 'shop-id',
  Name: 'shop',
  Namespace: 'prod',
  Region: 'eu',
  TaskGroups: [
    {
      Name: 'api',
      Services: [
        service('${NOMAD_JOB_NAME}-${NOMAD_GROUP_NAME}-${NOMAD_NAMESPACE}-${NOMAD_REGION}', {
          Tags: ['${NOMAD_JOB_ID}'],
          Connect: {
            SidecarService: {
              Proxy: { Upstreams: [{ DestinationName: '${NOMAD_JOB_NAME}-db', LocalBindPort: 5432 }] },
            },
          },
        }),
        service('${NOMAD_TASK_NAME}-${NOMAD_DC}'),
      ],
      Tasks: [{ Name: 'server', Driver: 'docker', Services: [service('${NOMAD_TASK_NAME}-${attr.unique.hostname}')] }],
    },
  ],
  ...more,
})

test('the names that services register are those that Nomad makes of its variables', () => {
  const [group] = jobSpec(job()).groups
  expect(group?.services[0]).toMatchObject({ name: 'shop-api-prod-eu', port: 'api-http', tags: ['shop-id'] })
  expect(group?.services[0]?.connect?.sidecar?.upstreams[0]?.destination).toBe('shop-db')
  expect(group?.tasks[0]?.services[0]?.name).toBe('server-${attr.unique.hostname}')
})

test('what only an allocation or the place of submission knows stays as it is', () => {
  const [group] = jobSpec(job({ Namespace: null, Region: null })).groups
  expect(group?.services.map(({ name }) => name)).toEqual([
    'shop-api-${NOMAD_NAMESPACE}-${NOMAD_REGION}',
    '${NOMAD_TASK_NAME}-${NOMAD_DC}',
  ])
})

test('the children of a periodic job have names of their own', () => {
  const [group] = jobSpec(job({ Periodic: { Spec: '@daily' } })).groups
  expect(group?.services[0]?.name).toBe('${NOMAD_JOB_NAME}-api-prod-eu')
})
