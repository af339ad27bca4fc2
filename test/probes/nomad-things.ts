import { group, task } from '../../src/knowledge/samples.ts'
import type { Held } from '../../src/knowledge/fact.ts'
import { nomadProbes } from '../../src/probes/nomad/index.ts'
import { thing } from './ask.ts'

export const probe = (id: string) => {
  const found = nomadProbes.find((one) => one.id === id)
  if (!found) throw new Error(`no probe ${id}`)
  return found
}
export const value = (held: Held<unknown> | undefined) => (held?.known ? held.value : held)

export const cluster = thing('cluster')
export const node = thing('node', { node: 'n1', nodeName: 'c1' })
export const job = thing('job', { job: 'orders-api' })
export const alloc = thing('alloc', { alloc: 'a1', job: 'orders-api', namespace: 'default' })
export const service = thing('service', { service: 'orders-api' })
const spec = { id: 'orders-api', namespace: 'default', version: 3 }
const record = { id: 'a1', tasks: [{ name: 'server', state: 'running' }, { name: 'init' }] }
const looksUp = {
  destination: 'local/peers',
  data: '{{ range nomadService "orders" }}{{ .Address }}{{ end }}',
  source: '',
  env: false,
  changeMode: 'restart',
}
export const given: Readonly<Record<string, unknown>> = {
  'job.spec': spec,
  'alloc.record': record,
  'group.spec': group({
    tasks: record.tasks.map(({ name }) => task({ name, templates: [looksUp] })),
  }),
}

export const parsedJob = {
  ID: 'orders-api',
  Namespace: 'default',
  Type: 'service',
  TaskGroups: [{ Name: 'api', Count: 1, Tasks: null, Networks: null }],
}
