import { add, edits, unset } from '../../edit.ts'
import { configList } from '../../container.ts'
import { fault } from '../../fault.ts'
import { group, task } from '../../samples.ts'

const resolver = { servers: ['10.20.0.2'], searches: [], options: [] }

export const dockerDnsOptionsInBridge = fault({
  id: 'docker-dns-options-in-bridge',
  aliases: ['dns-docker-option-conflict'],
  about: 'task',
  title: 'The docker config sets DNS servers for a container that shares the network of its group',
  layer: 'job',
  severity: 'breaks',
  heard: [
    'failed to create container: Error response from daemon: conflicting options: dns and the network mode',
    'conflicting options: dns and the network mode',
  ],
  onlyWhen: { 'task.driver': ['docker'], 'task.namespace': ['group'], 'task.started': ['no'] },
  needs: ['task.spec', 'group.spec'],
  holds: ({ 'task.spec': task, 'group.spec': { name, network } }) => {
    const servers = configList(task, 'dns_servers')
    return servers.length > 0 && network?.dns === undefined
      ? {
          says: `Task ${task.name} has dns_servers = ${servers.join(', ')} in its docker config, but it joins the network namespace of group ${name}: docker refuses to create the container`,
          at: [task.config, 'dns_servers'],
        }
      : false
  },
  byHand: 'nomad alloc status <alloc>: event Driver Failure with: conflicting options: dns and the network mode.',
  explains: [],
  because:
    "A task of a bridge group joins the namespace of the pause container, so its network, resolver included, is not docker's to set: the engine refuses DNS servers together with container network mode. With a dns block in the network of the group Nomad mounts a resolv.conf of its own and leaves docker's options aside.",
  fix: ({ 'task.spec': task, 'group.spec': { network } }) => {
    const dns = (
      [
        ['dns_servers', 'servers'],
        ['dns_search_domains', 'searches'],
        ['dns_options', 'options'],
      ] as const
    ).flatMap(([key, name]) => {
      const list = configList(task, key)
      return list.length > 0 ? [[key, name, list] as const] : []
    })
    return [
      {
        do: `Delete dns_servers from task ${task.name} and write dns { servers = [${configList(task, 'dns_servers')
          .map((one) => `"${one}"`)
          .join(', ')}] } into the network block of the group`,
        on: 'job file',
        risk: 'The allocation is replaced; all tasks of the group get these servers',
        ...edits(
          network && !network.dns
            ? [
                add(network, { type: 'dns', attrs: dns.map(([, name, list]) => [name, list] as const) }),
                ...dns.map(([key]) => unset(task.config, key)),
              ]
            : undefined,
          'the network is not written out',
        ),
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/job-specification/network#dns-parameters',
    'https://github.com/hashicorp/nomad/issues/11857',
    'moby daemon/internal/runconfig/hostconfig.go',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'it runs all the same',
      given: {
        'task.started': 'yes',
        'task.driver': 'docker',
        'task.namespace': 'group',
        'task.spec': task({ config: { dns_servers: ['10.20.0.2'] } }),
        'group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'dns_servers in a bridge group',
      given: {
        'task.started': 'no',
        'task.driver': 'docker',
        'task.namespace': 'group',
        'task.spec': task({ config: { dns_servers: ['10.20.0.2'] } }),
        'group.spec': group(),
      },
      then: 'present',
    },
    {
      name: 'the group has a dns block: docker is not asked',
      given: {
        'task.started': 'no',
        'task.driver': 'docker',
        'task.namespace': 'group',
        'task.spec': task({ config: { dns_servers: ['10.20.0.2'] } }),
        'group.spec': group({ network: { mode: 'bridge', ports: [], dns: resolver } }),
      },
      then: 'absent',
    },
    {
      name: 'a container of its own may have them',
      given: {
        'task.started': 'no',
        'task.driver': 'docker',
        'task.namespace': 'container',
        'task.spec': task({ config: { dns_servers: ['10.20.0.2'] } }),
        'group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'another driver',
      given: {
        'task.started': 'no',
        'task.driver': 'podman',
        'task.namespace': 'group',
        'task.spec': task({ driver: 'podman', config: { dns_servers: ['10.20.0.2'] } }),
        'group.spec': group(),
      },
      then: 'absent',
    },
  ],
})
