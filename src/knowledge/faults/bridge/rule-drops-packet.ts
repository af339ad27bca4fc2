import { fault } from '../../fault.ts'
import type { FixStep } from '../../fault.ts'
import type { RuleStop } from '../../shapes/walk.ts'

const sample: RuleStop = {
  place: 'client c1',
  host: '10.0.0.11',
  port: 25001,
  answer: false,
  hook: 'prerouting',
  family: 4,
  by: 'iptables',
  table: 'raw',
  chain: 'PREROUTING',
  rule: 1,
  text: '-A PREROUTING -i eth0 -p tcp -m tcp --dport 25001 -j DROP',
  verdict: 'drop',
  handle: null,
}

/** The program that shows and changes the table. */
const program = ({ by, family }: RuleStop): string =>
  `${family === 6 ? 'ip6tables' : 'iptables'}${by === 'iptables-legacy' ? '-legacy' : ''}`

function look(stop: RuleStop): readonly string[] {
  if (stop.by === 'nftables') return ['nft', '-a', 'list', 'chain', ...stop.table.split(' '), stop.chain]
  return [program(stop), '-t', stop.table, '-nvL', stop.chain, '--line-numbers']
}

/** Undefined where no one command takes it away. */
function removal(stop: RuleStop): readonly string[] | undefined {
  const { by, table, chain, rule, text, handle } = stop
  if (rule === null || text === null) return undefined
  if (by === 'nftables')
    return handle === null ? undefined : ['nft', 'delete', 'rule', ...table.split(' '), chain, 'handle', String(handle)]
  const words = text.split(' ')
  // A quoted comment is more than one word: the rule is named by its number then.
  const named = words[0] === '-A' && words[1] === chain && !/["'\\]/.test(text)
  return [program(stop), '-t', table, '-D', ...(named ? words.slice(1) : [chain, String(rule)])]
}

export const ruleDropsPacket = fault({
  id: 'rule-drops-packet',
  about: 'path',
  title: 'A rule drops or rejects the packet',
  layer: 'node',
  severity: 'breaks',
  heard: ['-A PREROUTING -p tcp -m tcp --dport <port> -j DROP', '-A FORWARD -p tcp -m tcp --dport <port> -j DROP'],
  needs: ['path.rule-stop'],
  holds: ({ 'path.rule-stop': stop }) => {
    if (!stop) return false
    const { place, host, port, answer, by, table, chain, rule, text, verdict } = stop
    const what = answer ? `the answer of ${host}:${port}` : `a new connection to ${host}:${port}`
    const does = verdict === 'reject' ? 'rejects' : 'drops'
    const which =
      rule === null
        ? `the policy of chain ${chain} in table ${table} (${by})`
        : `rule ${rule} of chain ${chain} in table ${table} (${by})`
    return `On ${place} ${which} ${does} ${what}${text === null ? '' : `: ${text}`}`
  },
  byHand:
    'nomad-netdoctor path shows the rule at which the packet ends. By hand: the packet counter of that rule in iptables -t <table> -nvL <chain> grows with every attempt, and tcpdump on the client still sees the SYN come in.',
  explains: ['node-to-node-blocked'],
  because:
    "A packet passes the tables raw, mangle, nat and filter of every network namespace on its way, and every base chain of nftables beside them. One rule that drops or rejects it is enough, wherever it stands: raw and mangle come before NAT and before FORWARD and INPUT, so what CNI and Nomad accept later does not count, and iptables -S, which lists table filter alone, does not show it. A rule inside an allocation's own namespace is seen only from within.",
  fix: ({ 'path.rule-stop': stop }): readonly FixStep[] => {
    if (!stop) return []
    const on = stop.place
    const inside = on.startsWith('client ') ? '' : `, in its network namespace (nsenter -t <pid of a task> -n)`
    const run = removal(stop)
    return [
      { do: `Look at the rule and its counters${inside}`, on, run: look(stop), risk: 'none: it only lists' },
      run
        ? {
            do: `Remove the rule, or exclude port ${stop.port} from it${inside}`,
            on,
            run,
            risk: 'What the rule was meant to keep out comes in again: ask whoever wrote it',
          }
        : {
            do: `Accept the port in chain ${stop.chain} of table ${stop.table}, before it is stopped${inside}`,
            on,
            risk: 'The port is open to everybody the new rule matches',
          },
      {
        do: 'Take it out of where it is loaded from, too: a boot script, a configuration management, /etc/nftables.conf, netfilter-persistent',
        on,
        risk: 'none',
      },
    ]
  },
  references: [
    'https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks',
    'https://man7.org/linux/man-pages/man8/iptables.8.html',
  ],
  since: '0.1.0',
  examples: [
    { name: 'table raw drops it as it comes in', given: { 'path.rule-stop': sample }, then: 'present' },
    {
      name: "the INPUT chain of the target's namespace rejects it",
      given: {
        'path.rule-stop': {
          ...sample,
          place: 'allocation 5f3a91c2 of shop/api',
          hook: 'input',
          table: 'filter',
          chain: 'INPUT',
          text: '-A INPUT -p tcp -m tcp --dport 8080 -m comment --comment "not yet" -j REJECT',
          verdict: 'reject',
        },
      },
      then: 'present',
    },
    {
      name: 'a table of nftables drops its answer',
      given: {
        'path.rule-stop': {
          ...sample,
          answer: true,
          by: 'nftables',
          table: 'inet guard',
          chain: 'out',
          text: 'tcp sport 25001 drop',
          handle: 7,
        },
      },
      then: 'present',
    },
    {
      name: 'the policy of a chain drops it',
      given: {
        'path.rule-stop': { ...sample, table: 'filter', chain: 'INPUT', rule: null, text: null },
      },
      then: 'present',
    },
    { name: 'no rule ends it', given: { 'path.rule-stop': null }, then: 'absent' },
  ],
})
