/** A service under another name: everywhere in its job, or not at all. */
import { clean } from './container.ts'
import { asked } from './edit-lookup.ts'
import { reword, set, type Edit } from './edit.ts'
import type { JobSpec, ServiceSpec, TaskSpec } from './shapes/job.ts'
import { placedTexts, serviceCalls } from './templates.ts'

export const namedElsewhere = 'other texts of the job name the service, and have to be changed with it'

/** Undefined where a text of the job names the service in a way that cannot be told from other words. */
export function renamedService(own: ServiceSpec, to: string, { groups }: JobSpec): readonly Edit[] | undefined {
  const tasks = groups.flatMap((group) => group.tasks)
  if (tasks.some((task) => spelt(task, own.name))) return undefined
  const gateways = groups.flatMap(({ services }) => services).some(({ connect }) => connect?.gateway === true)
  if (gateways) return undefined
  const upstreams = groups
    .flatMap(({ services }) => services)
    .flatMap(({ connect }) => connect?.sidecar?.upstreams ?? [])
    .filter(({ destination }) => destination === own.name)
  return [
    set(own, 'name', to),
    ...upstreams.map((one) => set(one, 'destination_name', to)),
    ...tasks.flatMap((task) =>
      asked(task, own.name, ({ fn, choice, tag, rest }) => `${fn} ${choice}"${tag}${to}${rest}"`),
    ),
    ...tasks.flatMap((task) => variables(task, own.name, to)),
  ]
}

const upstream = (name: string): RegExp =>
  new RegExp(String.raw`NOMAD_UPSTREAM_(?:ADDR|IP|PORT)_${clean(name)}(?!\w)`, 'g')

/** Nomad makes variables of the names of upstreams. */
const variables = (task: TaskSpec, name: string, to: string): readonly Edit[] =>
  placedTexts(task).flatMap(({ text, at }) => {
    const [block, key] = at as readonly [object, string]
    const found = new Set([...text.matchAll(upstream(name))].map(([variable]) => variable))
    return [...found].map((one) =>
      reword(
        block,
        key,
        one,
        one.replace(clean(name), () => clean(to)),
      ),
    )
  })

/** The name stands in a text besides the calls and variables that are changed with it: in an address, in words. */
function spelt(task: TaskSpec, name: string): boolean {
  const word = new RegExp(String.raw`(?<![\w-])${name.replace(/[^\w-]/g, String.raw`\$&`)}(?![\w-])`, 'g')
  return placedTexts(task).some(({ text }) => {
    const all = [...text.matchAll(word)].length
    return (
      all >
      serviceCalls(text).filter(
        (one) =>
          one.name
            .replace(/[@|~?].*$/, '')
            .split('.')
            .at(-1) === name,
      ).length
    )
  })
}
