import { agreed } from '../../clients.ts'
import { cniFile } from '../../crossing-samples.ts'
import { add, edits } from '../../edit.ts'
import { inOneFile, isList, severalFiles } from '../../edit-cni.ts'
import { fault } from '../../fault.ts'
import { replaceJob } from '../../nomad-command.ts'
import { called } from '../../said-samples.ts'
import { loops } from '../../said.ts'
import { group, link, task, record } from '../../samples.ts'

const bare = [{ about: 'node:c1', id: 'node:1', value: [cniFile('lan.conflist', { plugins: ['bridge', 'portmap'] })] }]
const exec = group({ tasks: [task({ driver: 'exec' })] })

export const cniNoLoopback = fault({
  id: 'cni-no-loopback',
  about: 'alloc',
  title: 'The loopback interface of the allocation is down',
  layer: 'bridge',
  severity: 'breaks',
  inside: 'loopback',
  heard: ['dial tcp 127.0.0.1:<port>: i/o timeout', 'connect: network is unreachable (127.0.0.1)'],
  onlyWhen: { 'group.network.mode': ['cni'], 'alloc.status': ['running'] },
  needs: ['alloc.links', 'alloc.record'],
  shows: ['alloc.links'],
  holds: ({ 'alloc.links': links }) =>
    links.some(({ name, up }) => name === 'lo' && !up)
      ? 'Interface lo in the network namespace of the allocation is down: its tasks do not reach each other at 127.0.0.1'
      : false,
  byHand: 'In the network namespace of the allocation: ip link show lo has no flag UP.',
  explains: ['sibling-not-up-yet'],
  because:
    "A new network namespace has its loopback interface down. Docker brings it up in the namespaces it makes, and so does Nomad's own bridge; for a CNI network of the operator the loopback plugin has to do it. Without it, whatever is sent to 127.0.0.1 is lost or leaves by the default route, while callers from outside notice nothing.",
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Put {"type": "loopback"} first into the plugins of that conflist, on every client that has it',
      on: 'CNI configuration of the clients',
      risk: 'none',
    },
    {
      do: 'Replace the allocations of the job, and of every other one on that network',
      on: 'job',
      run: replaceJob(record),
      risk: 'All its allocations are replaced',
    },
  ],
  references: ['https://www.cni.dev/plugins/current/main/loopback/', 'https://github.com/hashicorp/nomad/issues/13428'],
  since: '0.1.0',
  examples: [
    {
      name: 'lo is down',
      given: {
        'alloc.record': record('a1'),
        'group.network.mode': 'cni',
        'alloc.status': 'running',
        'alloc.links': [{ ...link('lo'), up: false }],
      },
      then: 'present',
    },
    {
      name: 'lo is up',
      given: {
        'alloc.record': record('a1'),
        'group.network.mode': 'cni',
        'alloc.status': 'running',
        'alloc.links': [link('lo', '127.0.0.1')],
      },
      then: 'absent',
    },
    {
      name: "Nomad's own bridge brings it up",
      given: {
        'alloc.record': record('a1'),
        'group.network.mode': 'bridge',
        'alloc.status': 'running',
        'alloc.links': [],
      },
      then: 'absent',
    },
    {
      name: 'the allocation is over',
      given: {
        'alloc.record': record('a1'),
        'group.network.mode': 'cni',
        'alloc.status': 'complete',
        'alloc.links': [],
      },
      then: 'absent',
    },
  ],
  foretold: {
    about: 'group',
    onlyWhen: { 'group.network.mode': ['cni'] },
    needs: ['group.spec', 'group.calls', 'group.network.mode-text', 'every.node.cni.networks'],
    shows: ['every.node.cni.networks'],
    holds: ({
      'group.spec': spec,
      'group.calls': calls,
      'group.network.mode-text': mode,
      'every.node.cni.networks': files,
    }) => {
      const network = agreed(mode, files, ({ plugins }) => !plugins.includes('loopback'))
      // Docker brings lo up in the namespace it makes.
      const docker = spec.tasks.some(({ driver }) => driver === 'docker')
      const local = calls.find(({ host }) => loops(host))
      return network && local && !docker && spec.network
        ? {
            says: `Network ${network.name} has no loopback plug-in, so lo of group ${spec.name} stays down, and task ${local.task} calls ${local.host}:${local.port}`,
            at: [spec.network, 'mode'],
          }
        : false
    },
    fix: ({ 'group.network.mode-text': mode, 'every.node.cni.networks': files }) => {
      const network = inOneFile(mode, files)
      const first = { type: 'plugins', attrs: [['type', 'loopback']] } as const
      return [
        {
          do: 'Put {"type": "loopback"} first into the plugins of that conflist, on every client that has it',
          on: 'CNI configuration of the clients',
          risk: 'Only new allocations get it',
          ...edits(network && isList(network) ? [add(network, first, 'plugins')] : undefined, severalFiles, true),
        },
      ]
    },
    examples: [
      {
        name: 'a sibling on loopback',
        given: {
          'group.network.mode': 'cni',
          'group.spec': exec,
          'group.calls': [called()],
          'group.network.mode-text': 'cni/lan',
          'every.node.cni.networks': bare,
        },
        then: 'present',
      },
      {
        name: 'docker made the namespace',
        given: {
          'group.network.mode': 'cni',
          'group.spec': group(),
          'group.calls': [called()],
          'group.network.mode-text': 'cni/lan',
          'every.node.cni.networks': bare,
        },
        then: 'absent',
      },
      {
        name: "Nomad's own bridge",
        given: {
          'group.network.mode': 'bridge',
          'group.spec': exec,
          'group.calls': [],
          'group.network.mode-text': 'bridge',
          'every.node.cni.networks': [],
        },
        then: 'absent',
      },
    ],
  },
})
