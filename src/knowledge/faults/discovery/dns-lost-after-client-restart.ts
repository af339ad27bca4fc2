import { fault } from '../../fault.ts'
import { allocCommand } from '../../nomad-command.ts'
import { meshOf } from '../../mesh.ts'
import { group, redirected, record } from '../../samples.ts'

export const dnsLostAfterClientRestart = fault({
  id: 'dns-lost-after-client-restart',
  about: 'alloc',
  title: 'Tasks that restart after the client agent did lose the name servers of the network',
  layer: 'name',
  severity: 'risks',
  // Silent: the task starts with another resolv.conf, and nothing is logged.
  heard: [],
  onlyWhen: { 'group.network.mode': ['bridge', 'cni'] },
  needs: ['node.version', 'group.spec', 'group.network.mode', 'alloc.record'],
  shows: ['node.version', 'group.spec', 'group.network.mode'],
  holds: ({ 'node.version': version, 'group.spec': spec, 'group.network.mode': mode }) => {
    const given = mode === 'cni' || meshOf(spec) === 'transparent-proxy'
    return given && spec.network?.dns === undefined
      ? `Group ${spec.name} has its name servers from ${mode === 'cni' ? 'the CNI network' : 'the transparent proxy'}; with Nomad ${version} its tasks lose them when they restart after the agent did`
      : false
  },
  intended: 'where the name servers of the client know the same names',
  byHand:
    'nomad alloc exec <alloc> cat /etc/resolv.conf before and after a restart of the task; the agent was restarted while the allocation ran.',
  explains: [],
  because:
    'The name servers that a CNI network or the transparent proxy gives are known to the client from the set-up of the namespace. Before 1.11.0 (for Enterprise before 1.10.6 and 1.8.18) the agent did not keep that answer: after a restart of the agent the namespace stands, but a task that is started anew in it gets the resolver file of the client, and its names do not resolve.',
  fix: ({ 'alloc.record': record }) => [
    {
      do: 'Upgrade the client to 1.11.0 or newer (Enterprise: 1.10.6 or 1.8.18); until then replace allocations that lost their servers',
      on: 'client',
      run: allocCommand('stop', record),
      risk: 'The allocation is replaced',
    },
  ],
  references: ['https://github.com/hashicorp/nomad/issues/26699'],
  // Mended in 1.11.0, and for Enterprise in 1.10.6 and 1.8.18.
  versions: { nomad: '< 1.8.18 || >= 1.9.0 < 1.10.6', of: 'node.version' },
  since: '0.1.0',
  examples: [
    {
      name: 'a transparent proxy and a client of 1.9',
      given: {
        'alloc.record': record('a1'),
        'group.network.mode': 'bridge',
        'node.version': '1.9.3',
        'group.spec': group({ services: [redirected()] }),
      },
      then: 'present',
    },
    {
      name: 'a client of Enterprise that was mended',
      given: {
        'alloc.record': record('a1'),
        'group.network.mode': 'bridge',
        'node.version': '1.8.18+ent',
        'group.spec': group({ services: [redirected()] }),
      },
      then: 'absent',
    },
    {
      name: 'a newer client',
      given: {
        'alloc.record': record('a1'),
        'group.network.mode': 'bridge',
        'node.version': '2.0.5',
        'group.spec': group({ services: [redirected()] }),
      },
      then: 'absent',
    },
    {
      name: 'a plain bridge group',
      given: {
        'alloc.record': record('a1'),
        'group.network.mode': 'bridge',
        'node.version': '1.9.3',
        'group.spec': group(),
      },
      then: 'absent',
    },
    {
      name: 'host networking',
      given: {
        'alloc.record': record('a1'),
        'group.network.mode': 'host',
        'node.version': '1.9.3',
        'group.spec': group(),
      },
      then: 'absent',
    },
  ],
})
