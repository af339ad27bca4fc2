import { admission, iptablesOf } from '../../admission.ts'
import { deletion, removalAt, type Removal } from '../../deletion.ts'
import { fault } from '../../fault.ts'
import type { FixStep } from '../../fault.ts'
import { comingBack, leftOut } from '../../left-chain.ts'
import type { RuleStop, StoppedPacket } from '../../shapes/walk.ts'

const sample: RuleStop = {
  place: 'client c1',
  host: '10.0.0.11',
  port: 25001,
  answer: false,
  met: 25001,
  hook: 'prerouting',
  family: 4,
  by: 'iptables',
  table: 'raw',
  chain: 'PREROUTING',
  rule: 1,
  text: '-A PREROUTING -i eth0 -p tcp -m tcp --dport 25001 -j DROP',
  verdict: 'drop',
  handle: null,
  packets: [{ answer: false, proto: 'tcp', in: 'eth0', out: '', port: 25001 }],
}

const left = { rule: 1, text: '-A FORWARD -i eth0 -g ADMIN', handle: null, beforeCni: true }

function look(stop: RuleStop): readonly string[] {
  if (stop.by === 'nftables') return ['nft', '-a', 'list', 'chain', ...stop.table.split(' '), stop.chain]
  return [iptablesOf(stop), '-t', stop.table, '-nvL', stop.chain, '--line-numbers']
}

const opens = 'What the rule was meant to keep out comes in again: ask whoever wrote it'

/** Undefined where no one command takes it away. */
function removal(stop: RuleStop): Removal | undefined {
  const { rule, text } = stop
  return rule === null || text === null ? opening(stop) : removalAt({ ...stop, text }, opens)
}

const opening = ({ by, table, chain, ...stop }: RuleStop): Removal => ({
  run:
    by === 'nftables'
      ? ['nft', 'chain', ...table.split(' '), chain, '{ policy accept; }']
      : [iptablesOf({ by, ...stop }), '-t', table, '-P', chain, 'ACCEPT'],
  risk: `Everything that no rule of ${chain} stops is let through then, not only port ${stop.met}`,
})

function said({ place, by, table, chain, rule, text, verdict, packets }: RuleStop, what: string): string {
  const which = rule === null ? `the policy of chain ${chain}` : `rule ${rule} of chain ${chain}`
  const does = verdict === 'reject' ? 'rejects' : 'drops'
  return `on ${place} ${which} in table ${table} (${by}) ${does} ${what}${text === null ? leftOut(packets) : `: ${text}`}`
}

function cure(stop: RuleStop): readonly FixStep[] {
  const { place: on, rule, text, chain, table, packets } = stop
  const inside = on.startsWith('client ') ? '' : `, in its network namespace (nsenter -t <pid of a task> -n)`
  const { answer, met, port } = stop
  const end = `${answer ? 'source ' : ''}port ${met}${met === port ? '' : `, which the packet has there in place of ${port},`}`
  const broad = rule === null || text === null || !isOfPort(text)
  const narrow = broad ? packets.flatMap((packet) => letIn(stop, packet, inside)) : []
  const made = narrow.length > 0 && rule !== null && isCounted(stop) ? undefined : removal(stop)
  const open =
    rule === null
      ? `Let the chain accept what no rule of it decides${inside}`
      : `Remove the rule, or exclude ${end} from it${inside}`
  return [
    { do: `Look at the rule and its counters${inside}`, on, run: look(stop), risk: 'none: it only lists' },
    ...narrow,
    ...comingBack(stop, inside),
    ...(made
      ? [
          {
            do: narrow.length > 0 ? `Instead, which opens more: ${open[0]?.toLowerCase()}${open.slice(1)}` : open,
            on,
            ...made,
          },
        ]
      : []),
    ...(made || narrow.length > 0
      ? []
      : [
          {
            do: `Accept ${end} in chain ${chain} of table ${table}, before it is stopped${inside}`,
            on,
            risk: 'The port is open to everybody the new rule matches',
          },
        ]),
  ]
}

/** Whether a rule is about ports: taking it away opens no more than those. */
const isOfPort = (text: string): boolean => /(^|[\s-])([ds]ports?|ports)\s/.test(text)

/** One that is deleted by its number, which a new rule above it moves on. */
const isCounted = (stop: RuleStop): boolean =>
  stop.by !== 'nftables' && deletion(iptablesOf(stop), stop.table, stop.chain, stop.text) === undefined

/** Chains of docker, Kubernetes, CNI plug-ins and fail2ban. */
const rewritten = /^(DOCKER|KUBE-|CNI-|f2b-)/

function letIn(stop: RuleStop, packet: StoppedPacket, inside: string): readonly FixStep[] {
  const run = admission(stop, packet)
  const { answer, proto, port, in: from, out } = packet
  if (!run) return []
  const way = [...(from === '' ? [] : [`comes in by ${from}`]), ...(out === '' ? [] : [`leaves by ${out}`])].join(
    ' and ',
  )
  const what = answer ? `answers from ${proto} port ${port}` : `new connections to ${proto} port ${port}`
  return [
    {
      do: `Let ${what} through${way === '' ? '' : `, where the packet ${way}`}${inside}`,
      on: stop.place,
      run,
      risk: answer
        ? 'None beyond the connections that were let in'
        : `Port ${port} is open to everybody whose packets come this way${rewritten.test(stop.chain) ? `, until ${stop.chain} is written anew by the program it belongs to: keep the rule where that reads its own` : ''}`,
    },
  ]
}

export const ruleDropsPacket = fault({
  id: 'rule-drops-packet',
  about: 'path',
  title: 'A rule drops or rejects the packet',
  layer: 'node',
  severity: 'breaks',
  heard: [
    '-A PREROUTING -p tcp -m tcp --dport <port> -j DROP',
    '-A FORWARD -p tcp -m tcp --dport <port> -j DROP',
    'sendto: Operation not permitted',
    'sendmsg: Operation not permitted',
    'write udp <address>-><address>: write: operation not permitted',
  ],
  needs: ['path.rule-stops'],
  holds: ({ 'path.rule-stops': [stop, ...behind] }) => {
    if (!stop) return false
    const { host, port, answer } = stop
    const what = answer ? `the answer of ${host}:${port}` : `a new connection to ${host}:${port}`
    const all = [
      said(stop, what),
      ...behind.map((one) => `behind it, ${said(one, one.answer === answer ? 'it too' : 'its answer')}`),
    ].join('; ')
    return `O${all.slice(1)}`
  },
  byHand:
    'nomad-netdoctor path shows the rule at which the packet ends. By hand: the packet counter of that rule in iptables -t <table> -nvL <chain> grows with every attempt, and tcpdump on the client still sees the SYN come in.',
  explains: ['node-to-node-blocked'],
  because:
    "A packet passes the tables raw, mangle, nat and filter of every network namespace on its way, and every base chain of nftables beside them. One rule that drops or rejects it is enough, wherever it stands: raw and mangle come before NAT and before FORWARD and INPUT, so what CNI and Nomad accept later does not count, and iptables -S, which lists table filter alone, does not show it. A rule inside an allocation's own namespace is seen only from within.",
  fix: ({ 'path.rule-stops': stops }): readonly FixStep[] =>
    stops.length === 0
      ? []
      : [
          ...stops.flatMap(cure),
          {
            do: 'Take it out of where it is loaded from, too: a boot script, a configuration management, /etc/nftables.conf, netfilter-persistent',
            on: [...new Set(stops.map(({ place }) => place))].join(', '),
            risk: 'none',
          },
        ],
  references: [
    'https://wiki.nftables.org/wiki-nftables/index.php/Netfilter_hooks',
    'https://man7.org/linux/man-pages/man8/iptables.8.html',
  ],
  since: '0.1.0',
  examples: [
    { name: 'table raw drops it as it comes in', given: { 'path.rule-stops': [sample] }, then: 'present' },
    {
      name: "the INPUT chain of the target's namespace rejects it",
      given: {
        'path.rule-stops': [
          {
            ...sample,
            place: 'allocation 5f3a91c2 of shop/api',
            hook: 'input',
            table: 'filter',
            chain: 'INPUT',
            text: '-A INPUT -p tcp -m tcp --dport 8080 -m comment --comment "not yet" -j REJECT',
            verdict: 'reject',
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'a table of nftables drops its answer',
      given: {
        'path.rule-stops': [
          {
            ...sample,
            answer: true,
            by: 'nftables',
            table: 'inet guard',
            chain: 'out',
            text: 'tcp sport 25001 drop',
            handle: 7,
          },
        ],
      },
      then: 'present',
    },
    {
      name: 'one rule drops the call, and another one its answer',
      given: {
        'path.rule-stops': [
          { ...sample, text: '-A PREROUTING -p tcp -j DROP' },
          { ...sample, answer: true, rule: 2, text: '-A PREROUTING -j DROP' },
        ],
      },
      then: 'present',
    },
    {
      name: 'the policy of a chain drops it',
      given: {
        'path.rule-stops': [sample, { ...sample, table: 'filter', chain: 'INPUT', rule: null, text: null }],
      },
      then: 'present',
    },
    {
      name: 'a goto keeps it from CNI-FORWARD, and the policy drops it',
      given: {
        'path.rule-stops': [
          {
            ...sample,
            hook: 'forward',
            table: 'filter',
            chain: 'FORWARD',
            rule: null,
            text: null,
            packets: sample.packets.map((one) => ({ ...one, left })),
          },
        ],
      },
      then: 'present',
    },
    { name: 'no rule ends it', given: { 'path.rule-stops': [] }, then: 'absent' },
  ],
})
