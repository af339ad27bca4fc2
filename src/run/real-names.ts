import { cleanLine } from '../ask/clean.ts'
import type { Known } from './names.ts'
import type { NamedSide } from './subject.ts'

/** The names as they are: one with control characters is shown, and so typed, without them. Nobody else may read the same. */
export function realNames(named: NamedSide, { jobs = [], services = [], nodes = [], groups = [] }: Known): NamedSide {
  const { namespace = 'default', job, group, task, service, node } = named
  const here = <One extends { readonly namespace: string }>(all: readonly One[]) =>
    all.filter((one) => one.namespace === namespace)
  const own = real(
    group,
    groups.map(({ name }) => name),
  )
  const found = {
    job: real(
      job,
      here(jobs).map(({ id }) => id),
    ),
    group: own,
    task: real(task, groups.find(({ name }) => name === own)?.tasks ?? []),
    service: real(
      service,
      here(services).map(({ name }) => name),
    ),
    node: real(
      node,
      nodes.map(({ name }) => name),
    ),
  }
  return { ...named, ...Object.fromEntries(Object.entries(found).filter(([, name]) => name !== undefined)) }
}

function real(typed: string | undefined, names: readonly string[]): string | undefined {
  if (typed === undefined || names.includes(typed)) return typed
  const [only, ...more] = names.filter((name) => cleanLine(name) === typed)
  return more.length === 0 ? (only ?? typed) : typed
}
