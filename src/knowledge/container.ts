/** Small readings of a docker task's own configuration, shared by faults. */
import type { At } from './place.ts'
import type { GroupSpec, TaskSpec } from './shapes/job.ts'
import type { Namespace } from './shapes/port.ts'

/** A text of the driver's configuration; '' when it is not given. */
export const configText = ({ config }: TaskSpec, key: string): string =>
  typeof config[key] === 'string' ? config[key] : ''

/** The texts of a list in the driver's configuration. */
export const configList = ({ config }: TaskSpec, key: string): readonly string[] =>
  Array.isArray(config[key]) ? config[key].filter((one): one is string => typeof one === 'string') : []

/** The keys of a map in the driver's configuration; a block is a list of one map in the API. */
export function configKeys({ config }: TaskSpec, key: string): readonly string[] {
  const maps: readonly unknown[] = Array.isArray(config[key]) ? config[key] : [config[key]]
  return maps.flatMap((one) => (typeof one === 'object' && one !== null ? Object.keys(one) : []))
}

/** Where a map of the driver's configuration stands: its block, or the attribute. */
export function configAt({ config }: TaskSpec, key: string): At {
  const [block]: readonly unknown[] = Array.isArray(config[key]) ? config[key] : []
  return typeof block === 'object' && block !== null ? block : [config, key]
}

/** The container joins the network namespace of its group. */
export const joins = (task: TaskSpec, namespace: Namespace): boolean =>
  task.driver === 'docker' && namespace === 'group'

/** `docker network create` made it: none of docker's own words, and not another container's. */
export const userNetwork = (task: TaskSpec): string => {
  const mode = task.driver === 'docker' ? configText(task, 'network_mode') : ''
  const own = ['', 'host', 'bridge', 'none', 'default', 'nat'].includes(mode) || mode.startsWith('container:')
  return own ? '' : mode
}

/** The label in the forms Nomad writes it in a variable: as it is, and with anything but letters, digits, _ and . as _. */
export const clean = (label: string): string => label.replace(/[^\w.]/g, '_')

export const labelsOf = (group: GroupSpec): readonly string[] => (group.network?.ports ?? []).map(({ label }) => label)

/** A word that says: this is what others are told. */
export const tells = (text: string): boolean => /advert|announce|external|public|broadcast|publish/i.test(text)
