import { lookedUp, serviceOf } from '../../edit-lookup.ts'
import { edits } from '../../edit.ts'
import { configList, userNetwork } from '../../container.ts'
import { fault } from '../../fault.ts'
import type { At } from '../../place.ts'
import { group, job, task } from '../../samples.ts'
import type { JobSpec, TaskSpec } from '../../shapes/job.ts'

/** A task that calls another group by an alias both have on a docker network. */
function aliased({ groups }: JobSpec) {
  const owners = groups.flatMap((own) =>
    own.tasks.flatMap((task) =>
      userNetwork(task) === ''
        ? []
        : configList(task, 'network_aliases').map((alias) => ({ group: own.name, network: userNetwork(task), alias })),
    ),
  )
  return groups
    .flatMap((own) =>
      own.tasks.flatMap((caller) =>
        owners
          .filter(({ group: other, network }) => other !== own.name && network === userNetwork(caller))
          .filter(({ alias }) => host(alias).test(texts(caller)))
          .map((owner) => ({ ...owner, caller: caller.name, at: writtenIn(caller, owner.alias) })),
      ),
    )
    .at(0)
}

/** The variable, argument or template with the alias. */
function writtenIn({ env, config, templates }: TaskSpec, alias: string): At {
  const variable = Object.keys(env).find((key) => host(alias).test(env[key] ?? ''))
  const template = templates.find(({ data }) => host(alias).test(data))
  if (variable !== undefined) return [env, variable]
  return template ? [template, 'data', alias] : [config, 'args', alias]
}

const host = (alias: string): RegExp =>
  new RegExp(String.raw`(?<![\w.-])${alias.replace(/[^\w-]/g, String.raw`\$&`)}(?=:\d|/|"|$)`, 'm')
const texts = ({ env, config, templates }: TaskSpec): string =>
  [...Object.values(env), JSON.stringify(config['args'] ?? ''), ...templates.map(({ data }) => data)].join('\n')

const both = (network_mode: string, name = 'api'): JobSpec =>
  job({
    groups: [
      group({
        name: 'mongo',
        tasks: [task({ name: 'mongo', config: { network_mode: 'apps', network_aliases: ['mongo'] } })],
      }),
      group({
        name,
        tasks: [task({ name: 'api', config: { network_mode }, env: { MONGO_URL: 'mongodb://mongo:27017/lists' } })],
      }),
    ],
  })

export const dockerUserNetworkIsPerHost = fault({
  id: 'docker-user-network-is-per-host',
  about: 'job',
  title: 'Two groups find each other by an alias on a docker network, which ends at each client',
  layer: 'name',
  severity: 'risks',
  heard: [
    'lookup <alias> on 127.0.0.11:53: no such host',
    'getaddrinfo ENOTFOUND <alias>',
    "bad address '<alias>'",
    'lookup <alias>: no such host',
    'lookup <alias> on 127.0.0.11:53: server misbehaving',
  ],
  needs: ['job.spec'],
  holds: ({ 'job.spec': spec }) => {
    const found = aliased(spec)
    return found
      ? {
          says: `Task ${found.caller} calls ${found.alias}, an alias of group ${found.group} on docker network ${found.network}: it resolves only while both happen to be on one client`,
          at: found.at,
        }
      : false
  },
  intended: 'where both are kept on one client',
  byHand:
    'docker network inspect <network> on the client says Driver bridge, Scope local; nomad job status shows the two groups on different clients.',
  explains: [],
  because:
    "Docker's name service knows the containers of one docker network on one machine. A bridge network of the same name on another client is another network. Groups are placed independently, so the alias works on a cluster of one client and fails as soon as the groups land on two. Only an overlay network that spans the clients would carry it.",
  fix: ({ 'job.spec': spec }) => {
    const found = aliased(spec)
    const there = spec.groups.find(({ name }) => name === found?.group)
    const caller = spec.groups.flatMap(({ tasks }) => tasks).find(({ name }) => name === found?.caller)
    const dialled =
      found && caller
        ? new RegExp(String.raw`(?<![\w.-])${found.alias.replace(/[^\w-]/g, String.raw`\$&`)}:\d+`).exec(
            texts(caller),
          )?.[0]
        : undefined
    return [
      {
        do: `Give group ${aliased(spec)?.group ?? ''} a service with a published port and read its address with a nomadService or service template`,
        on: 'job file',
        risk: 'The allocations are replaced',
        ...edits(
          found && there && caller && dialled !== undefined
            ? lookedUp(found.at, dialled, caller, serviceOf(there, Number(dialled.split(':').at(-1))))
            : undefined,
          'the address stands in arguments, or the other group has no service of its own to be looked up',
        ),
      },
      {
        do: 'Or put both tasks into one group, which always shares a client',
        on: 'job file',
        risk: 'They scale together from then on',
      },
    ]
  },
  references: ['https://developer.hashicorp.com/nomad/docs/job-declare/task-driver/docker#network_aliases'],
  since: '0.1.0',
  examples: [
    { name: 'the alias of another group', given: { 'job.spec': both('apps') }, then: 'present' },
    { name: 'within one group', given: { 'job.spec': both('apps', 'mongo') }, then: 'absent' },
    { name: 'the caller is not on that network', given: { 'job.spec': both('other') }, then: 'absent' },
  ],
})
