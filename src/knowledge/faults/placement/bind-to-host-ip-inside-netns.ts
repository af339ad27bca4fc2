import { edits } from '../../edit.ts'
import { resaid } from '../../edit-said.ts'
import type { Namespace } from '../../shapes/port.ts'
import type { Said } from '../../shapes/said.ts'
import { said } from '../../said-samples.ts'
import type { Edit } from '../../edit.ts'
import { fault } from '../../fault.ts'
import { group, record, task } from '../../samples.ts'
import type { TaskSpec } from '../../shapes/job.ts'

const variable = /NOMAD_(?:HOST_)?(?:IP|ADDR)_\w+/

/** Where the task's configuration takes the address of the host from. */
const reference = ({ config, env, templates }: TaskSpec): string | undefined =>
  variable.exec(JSON.stringify([config, env, templates.map(({ data }) => data)]))?.[0]

const ofHost = /^\$\{(?:NOMAD_(?:HOST_)?(?:IP|ADDR)_\w+|attr\.unique\.network\.ip-address)\}$/
/** The same place on all addresses: what is bound, not what others are told. */
const wide = (said: Said): readonly Edit[] => {
  const [, variable = ''] = /^\$\{(.*)\}$/.exec(said.host) ?? []
  const to = variable.includes('_ADDR_')
    ? `0.0.0.0:\${${variable.replace('_ADDR_', '_PORT_').replace('HOST_', '')}}`
    : '0.0.0.0'
  return resaid(said, said.host, to) ?? []
}
const bound = (listens: readonly Said[], namespaces: Readonly<Record<string, Namespace>>) =>
  listens.find(({ task: name, host }) => ofHost.test(host) && ['group', 'container'].includes(namespaces[name] ?? ''))

export const bindToHostIpInsideNetns = fault({
  id: 'bind-to-host-ip-inside-netns',
  about: 'alloc',
  title: "The application binds the client's address in a namespace that does not have it",
  layer: 'port',
  severity: 'breaks',
  heard: [
    'bind: Cannot assign requested address',
    'bind: cannot assign requested address',
    'listen EADDRNOTAVAIL: address not available <address>:<port>',
    'OSError: [Errno 99] Cannot assign requested address',
  ],
  needs: ['alloc.bind-error', 'alloc.record', 'alloc.namespace-kind', 'group.spec'],
  shows: ['alloc.bind-error', 'group.spec'],
  holds: ({
    'alloc.bind-error': error,
    'alloc.record': { ports },
    'alloc.namespace-kind': kind,
    'group.spec': { tasks },
  }) => {
    const found = tasks.find(({ name }) => name === error?.task)
    if (error?.kind !== 'no-such-address' || !found) return false
    if (kind !== 'own' && (found.driver !== 'docker' || found.config['network_mode'] === 'host')) return false
    const address = ports
      .map(({ hostIp }) => hostIp)
      .find((one) => one !== '' && (error.address === one || error.text.includes(one)))
    const from = reference(found)
    if (address === undefined && from === undefined) return false
    return `Task ${found.name} binds ${address ?? `the client's address (${from ?? ''})`}, which does not exist in its network namespace`
  },
  byHand: 'In the namespace of the allocation: ip -j addr; the address the application wants to bind is not there.',
  explains: [
    'nsd-check-failing',
    'nsd-unhealthy-returned',
    'consul-service-critical-filtered',
    'connect-destination-unhealthy',
  ],
  because:
    "NOMAD_IP_<label> and NOMAD_ADDR_<label> hold the address of the client, under which others reach the port. Only a task in the host namespace can bind it. In a bridge group, or in a container of docker's own network, the namespace has another address, and the kernel answers EADDRNOTAVAIL to a bind to the client's. The address is for telling others, not for listening.",
  fix: ({ 'alloc.bind-error': error, 'group.spec': { tasks } }) => {
    const found = tasks.find(({ name }) => name === error?.task)
    const from = found && reference(found)
    return [
      {
        do: `Bind 0.0.0.0 and \${NOMAD_PORT_<label>} in task ${error?.task ?? ''}${from === undefined ? '' : ` instead of ${from}`}; use NOMAD_ADDR_<label> only to tell others`,
        on: 'job file',
        risk: 'The allocation is replaced',
      },
    ]
  },
  references: [
    'https://developer.hashicorp.com/nomad/docs/reference/runtime-environment-settings',
    'https://man7.org/linux/man-pages/man2/bind.2.html',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'the argument of the server is NOMAD_IP',
      given: {
        'alloc.namespace-kind': 'own',
        'alloc.record': record('a1'),
        'group.spec': group({ tasks: [task({ config: { args: ['-p', '${NOMAD_IP_http}:8080'] } })] }),
        'alloc.bind-error': {
          kind: 'no-such-address',
          task: 'server',
          text: 'httpd: bind: Cannot assign requested address',
        },
      },
      then: 'present',
    },
    {
      name: 'the text names the address of the client',
      given: {
        'alloc.namespace-kind': 'host',
        'alloc.record': record('a1'),
        'group.spec': group(),
        'alloc.bind-error': {
          kind: 'no-such-address',
          task: 'server',
          text: 'listen tcp 10.0.0.1:8080: bind: cannot assign requested address',
          address: '10.0.0.1',
          port: 8080,
        },
      },
      then: 'present',
    },
    {
      name: 'in the host namespace the address exists, so it is another one',
      given: {
        'alloc.namespace-kind': 'host',
        'alloc.record': record('a1'),
        'group.spec': group({ tasks: [task({ driver: 'raw_exec', config: { args: ['${NOMAD_IP_http}'] } })] }),
        'alloc.bind-error': { kind: 'no-such-address', task: 'server', text: 'bind: cannot assign requested address' },
      },
      then: 'absent',
    },
    {
      name: 'no complaint',
      given: {
        'alloc.namespace-kind': 'own',
        'alloc.record': record('a1'),
        'group.spec': group(),
        'alloc.bind-error': null,
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    needs: ['group.listens', 'group.task-namespaces'],
    holds: ({ 'group.listens': listens, 'group.task-namespaces': namespaces }) => {
      const found = bound(listens, namespaces)
      return found
        ? {
            says: `Task ${found.task} is told to bind ${found.host}, an address of the client that does not exist in the network namespace of the task`,
            at: found.at,
          }
        : false
    },
    fix: ({ 'group.listens': listens, 'group.task-namespaces': namespaces }) => {
      const found = bound(listens, namespaces)
      return [
        {
          do: `Bind 0.0.0.0 in task ${found?.task ?? ''} instead of ${found?.host ?? 'the address of the client'}; use NOMAD_ADDR_<label> only to tell others`,
          on: 'job file',
          risk: 'The allocation is replaced',
          ...edits(found && wide(found), 'the address and the port are not in one text'),
        },
      ]
    },
    meets: ({ 'alloc.bind-error': error }, { 'group.listens': listens, 'group.task-namespaces': namespaces }) =>
      bound(listens, namespaces)?.task === error?.task,
    examples: [
      {
        name: 'BIND_ADDRESS is NOMAD_IP in a bridge group',
        given: { 'group.listens': [said({ host: '${NOMAD_IP_http}' })], 'group.task-namespaces': { server: 'group' } },
        then: 'present',
      },
      {
        name: "in the host's namespace the address is there",
        given: { 'group.listens': [said({ host: '${NOMAD_IP_http}' })], 'group.task-namespaces': { server: 'host' } },
        then: 'absent',
      },
    ],
  },
})
