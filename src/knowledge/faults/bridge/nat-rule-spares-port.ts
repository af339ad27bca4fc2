import { untranslated } from '../../crossing-samples.ts'
import { removalOf } from '../../deletion.ts'
import { fault } from '../../fault.ts'

const rule = '-A PREROUTING -p tcp -m tcp --dport 25001 -j ACCEPT'

export const natRuleSparesPort = fault({
  id: 'nat-rule-spares-port',
  about: 'path',
  title: 'A rule of table nat lets the host port through before it is translated',
  layer: 'node',
  severity: 'breaks',
  heard: [
    '-A PREROUTING -p tcp -m tcp --dport <port> -j ACCEPT',
    '-A CNI-HOSTPORT-DNAT -p tcp -m tcp --dport <port> -j RETURN',
  ],
  needs: ['path.untranslated'],
  holds: ({ 'path.untranslated': lost }) =>
    lost?.spared
      ? `On ${lost.way.node} rule ${lost.spared.n} of chain ${lost.spared.chain} in table nat lets ${lost.way.address}:${lost.way.port} through before its mapping to the allocation is asked: ${lost.spared.rule}`
      : false,
  byHand:
    'On the client: iptables -t nat -nvL PREROUTING --line-numbers, and the same of CNI-HOSTPORT-DNAT, show a rule with ACCEPT or RETURN above the mapping, whose packet counter grows with every attempt.',
  explains: ['nsd-check-failing'],
  because:
    'Table nat is asked once for each connection, from top to bottom. ACCEPT there does not let anything in, it ends the table: the packet keeps its address, comes to the client itself, where nothing listens on the host port, and is refused. RETURN in a chain does the same to the rest of that chain. Such rules are written to keep some traffic from a proxy or from masquerading, and match more than they were meant for.',
  fix: ({ 'path.untranslated': lost }) => {
    if (!lost?.spared) return []
    const on = `client ${lost.way.node}`
    const risk = 'What the rule was meant to leave as it is may be translated then: ask whoever wrote it'
    return [
      {
        do: `Remove the rule, or exclude port ${lost.way.port} from it`,
        on,
        ...removalOf({ ...lost.spared, table: 'nat' }, risk),
      },
      {
        do: 'Take it out of where it is loaded from, too: a boot script, a configuration management, netfilter-persistent',
        on,
        risk: 'none',
      },
    ]
  },
  references: [
    'https://man7.org/linux/man-pages/man8/iptables.8.html',
    'https://www.cni.dev/plugins/current/meta/portmap/',
  ],
  since: '0.1.0',
  examples: [
    {
      name: 'a rule accepts the host port',
      given: {
        'path.untranslated': untranslated({ spared: { program: 'iptables', chain: 'PREROUTING', n: 1, rule } }),
      },
      then: 'present',
    },
    { name: 'no rule is asked for it', given: { 'path.untranslated': untranslated() }, then: 'absent' },
    { name: 'every address is translated', given: { 'path.untranslated': null }, then: 'absent' },
  ],
})
