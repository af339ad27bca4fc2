/** A job block as the API has the job: what Nomad's own parser and its defaults make of it. */
import { objectOf, type Json, type Made } from './api.ts'
import { job as shape } from './api-shape.ts'
import type { Block } from './block.ts'

export function jobOf(block: Block, made: Made): Json {
  const job = objectOf(block, shape, made)
  const [label = ''] = block.labels
  job['ID'] ??= label
  job['Name'] ??= job['ID']
  const lone = list(job['LoneTasks'])
  delete job['LoneTasks']
  const groups = [...list(job['TaskGroups']), ...lone.map((task) => around(task, made))]
  job['TaskGroups'] = groups
  for (const group of groups) {
    for (const network of list(group['Networks'])) ports(network)
    for (const task of list(group['Tasks']))
      for (const network of list((task['Resources'] as Json | undefined)?.['Networks'])) ports(network)
  }
  return withNames(job)
}

/** A job with the names that Nomad gives to services without one; what the API prints of them is "". */
export function withNames(job: Json): Json {
  const called = text(job['Name']) || text(job['ID'])
  for (const group of list(job['TaskGroups'])) {
    for (const service of list(group['Services'])) nameOf(service, called, text(group['Name']), 'group')
    for (const task of list(group['Tasks']))
      for (const service of list(task['Services'])) nameOf(service, called, text(group['Name']), text(task['Name']))
  }
  return job
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
export const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as Json[]) : [])

function around(task: Json, made: Made): Json {
  const group: Json = { Name: task['Name'], Count: 1, Tasks: [task] }
  const place = made.places.get(task)
  if (place) made.places.set(group, place)
  return group
}

/** Ports with a number of their own are reserved; the others get one. */
function ports(network: Json): void {
  const all = list(network['Ports'])
  delete network['Ports']
  network['ReservedPorts'] = all.filter(({ Value }) => Value !== undefined && Value !== 0)
  network['DynamicPorts'] = all.filter(({ Value }) => Value === undefined || Value === 0)
}

/** Source: nomad/structs/services.go, `Service.Canonicalize`. */
function nameOf(service: Json, job: string, group: string, task: string): void {
  const base = `${job}-${group}-${task}`
  const values: Readonly<Record<string, string>> = { JOB: job, TASKGROUP: group, TASK: task, BASE: base }
  const name = service['Name']
  service['Name'] =
    typeof name !== 'string' || name === ''
      ? base
      : name.replaceAll(/\$\{(JOB|TASKGROUP|TASK|BASE)\}/g, (whole, key: string) => values[key] ?? whole)
}
