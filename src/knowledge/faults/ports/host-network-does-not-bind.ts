import { edits, reword } from '../../edit.ts'
import { clean } from '../../container.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, task, template } from '../../samples.ts'
import { placedTexts } from '../../templates.ts'
import type { At } from '../../place.ts'
import type { GroupSpec, PortSpec, TaskSpec } from '../../shapes/job.ts'
import type { Namespace } from '../../shapes/port.ts'

/** A wildcard, and then the port by its variable or its number. */
const wide = ({ label, static: host }: PortSpec): RegExp =>
  new RegExp(
    String.raw`(?:0\.0\.0\.0|\[::\]|\*)[:\s",]+(?:\$\{NOMAD_(?:HOST_|ALLOC_)?PORT_(?:${label}|${clean(label)})\}${host === undefined ? '' : `|${host}\\b`})`,
  )

function loose({ network, tasks }: GroupSpec, namespaces: Readonly<Record<string, Namespace>>) {
  const ports = (network?.ports ?? []).filter(({ hostNetwork }) => hostNetwork !== 'default')
  return tasks
    .filter(({ name }) => namespaces[name] === 'host')
    .flatMap((task) => ports.filter((port) => wide(port).test(texts(task))).map((port) => ({ task, port })))
    .at(0)
}

/** Nomad fills in variables in arguments and environment; a template asks for them. */
const addressIn = (block: object, { label }: PortSpec): string =>
  'data' in block ? `{{ env "NOMAD_IP_${clean(label)}" }}` : `\${NOMAD_IP_${clean(label)}}`

/** The wildcards of a port, exchanged for the address it was given. */
const narrowed = (task: TaskSpec, port: PortSpec): readonly Edit[] =>
  placedTexts(task).flatMap(({ text, at }) => {
    const found = wide(port).exec(text)?.[0]
    const [block, name] = at as readonly [object, string]
    const own = addressIn(block, port)
    return found === undefined ? [] : [reword(block, name, found, found.replace(/^(?:0\.0\.0\.0|\[::\]|\*)/, own))]
  })

/** The text in which the wildcard stands; the arguments where they spread it over several. */
function whereOf(task: TaskSpec, port: PortSpec): At {
  for (const { text, at } of placedTexts(task)) {
    const [found] = wide(port).exec(text) ?? []
    const [block, name] = at as readonly [object, string]
    if (found !== undefined) return [block, name, found]
  }
  return [task.config, 'args', '0.0.0.0']
}

const texts = ({ config, env, templates }: TaskSpec): string =>
  [JSON.stringify(config['args'] ?? ''), ...Object.values(env), ...templates.map(({ data }) => data)].join('\n')

const admin = (bind: string): GroupSpec =>
  group({
    network: { mode: '', ports: [{ label: 'http', static: 8081, hostNetwork: 'mgmt' }] },
    tasks: [task({ config: { network_mode: 'host', args: ['--bind', bind] } })],
  })

export const hostNetworkDoesNotBind = fault({
  id: 'host-network-does-not-bind',
  about: 'group',
  title: 'A port is meant for one host network, and the process listens on all of them',
  layer: 'port',
  severity: 'risks',
  // Silent: everything works, only on more addresses than the job asks for.
  heard: [],
  needs: ['group.spec', 'group.task-namespaces'],
  shows: ['group.spec'],
  holds: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = loose(spec, namespaces)
    return found
      ? {
          says: `Port ${found.port.label} belongs to host network ${found.port.hostNetwork}, but task ${found.task.name} binds every address of the host, so it answers on the other networks of the client as well`,
          at: whereOf(found.task, found.port),
        }
      : false
  },
  intended: 'where a firewall, or the task itself, keeps the other networks out',
  byHand:
    'ss -ltnp on the client: the local address of the port is 0.0.0.0, * or [::] instead of that of the host network.',
  explains: [],
  because:
    'host_network decides which address the scheduler writes down for a port, and which one docker or the port mapping publishes. A process in the namespace of the host is neither published nor mapped: it opens its socket itself, and on 0.0.0.0 it takes connections from every interface, the public one included.',
  fix: ({ 'group.spec': spec, 'group.task-namespaces': namespaces }) => {
    const found = loose(spec, namespaces)
    return [
      {
        do: `Bind the address in NOMAD_IP_${clean(found?.port.label ?? '<label>')} instead of the wildcard`,
        on: 'job file',
        risk: 'Callers on other networks of the client lose their way in',
        ...edits(found && narrowed(found.task, found.port), 'the wildcard and the port are not in one text'),
      },
      {
        do: 'Or leave the host namespace (bridge mode, or docker without network_mode = "host"), so that the port is published on that one address',
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#host_network',
    'https://github.com/hashicorp/nomad/issues/13543',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the wildcard in the host namespace',
      given: {
        'group.spec': admin('0.0.0.0:${NOMAD_PORT_http}'),
        'group.task-namespaces': { server: 'host' },
      },
      then: 'present',
    },
    {
      name: 'the wildcard in a template',
      given: {
        'group.spec': {
          ...admin(''),
          tasks: [task({ templates: [template('server {\n  listen 0.0.0.0:8081;\n}')] })],
        },
        'group.task-namespaces': { server: 'host' },
      },
      then: 'present',
    },
    {
      name: 'the address of the host network',
      given: {
        'group.spec': admin('${NOMAD_IP_http}:${NOMAD_PORT_http}'),
        'group.task-namespaces': { server: 'host' },
      },
      then: 'absent',
    },
    {
      name: 'inside a container docker publishes the one address',
      given: { 'group.spec': admin('0.0.0.0:${NOMAD_PORT_http}'), 'group.task-namespaces': { server: 'container' } },
      then: 'absent',
    },
  ],
})
