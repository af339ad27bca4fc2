/** What `path` adds to the JSON contract: fields of `walks`, and an example with all of them. */

const whereFields = (of: string): Readonly<Record<string, string>> => ({
  [`${of}.at`]:
    'A hook (`prerouting`, `input`, `forward`, `output`, `postrouting`), or what the kernel does beside them',
  [`${of}.by`]: '`iptables`, `iptables-legacy`, `nftables` or `kernel`',
  [`${of}.in`]: 'Device it came in by',
  [`${of}.out`]: 'Device it goes out by',
  [`${of}.table`]: 'Table of the rule',
  [`${of}.chain`]: 'Chain of the rule',
  [`${of}.rule`]: 'Its number in the chain, from 1; absent for a policy',
  [`${of}.text`]: 'The rule, route or socket as written',
})
const hopFields = (of: string): Readonly<Record<string, string>> => ({
  [`${of}.place`]: 'The network namespace',
  [`${of}.does`]: 'What happens: `accept`, `drop`, `jump`, `dnat`, `masquerade`, `route`, …',
  ...whereFields(of),
  [`${of}.before`]: 'The packet before it',
  [`${of}.after`]: 'The packet after it',
  [`${of}.mark`]: 'Its mark afterwards, when it is not 0',
  [`${of}.request`]: 'The command whose reply shows it',
})

const retried = (of: string): Readonly<Record<string, string>> => ({
  [`${of}.what`]: 'Which connection',
  [`${of}.before`]: 'Its outcome now',
  [`${of}.after`]: 'Its outcome with the command',
})

export const walkFields: Readonly<Record<string, string>> = {
  walks: 'Only in `path`: how packets to the addresses of the target fare, the one the source dials first',
  'walks[].dial': 'What is dialled',
  'walks[].dial.proto': '`tcp` or `udp`',
  'walks[].dial.host': 'Address',
  'walks[].dial.port': 'Port',
  'walks[].dial.from': 'Where that address stands: a variable, a template, the registration, …',
  'walks[].from': 'The network namespace it starts in',
  'walks[].outcome':
    'What the caller sees: `answered`, `refused`, `unreachable`, `silent`, or `unknown`, also where several ways differ; `elsewhere` where it is answered by another than the target',
  'walks[].met':
    'What the caller meets: the outcome that was measured where the very connection was tried and fared otherwise, and that of the walk where it was not; `elsewhere` as in `outcome`',
  'walks[].sentence': 'The same in a sentence: where it ends, and by which rule',
  'walks[].ways': 'The ways it may take: several where a rule matches by chance',
  'walks[].ways[].chances': 'Which of these rules matched on this way',
  'walks[].ways[].outcome': 'What the caller sees of this way',
  'walks[].ways[].verdict':
    'The end of the way there: `delivered`, `refused`, `rejected`, `dropped`, `unreachable`, `looped` or `unknown`',
  'walks[].ways[].packet': 'The packet at that end, as the target sees it',
  'walks[].ways[].there': 'Every hop to the target, in order',
  ...hopFields('walks[].ways[].there[]'),
  'walks[].ways[].back': 'Every hop of the answer; `null` where there is none',
  ...hopFields('walks[].ways[].back[]'),
  'walks[].ways[].end': 'Where it ends; `null` where nothing could be followed',
  'walks[].ways[].end.on': '`there` or `back`',
  'walks[].ways[].end.place': 'The network namespace',
  'walks[].ways[].end.what': 'What happens there, in a word or two',
  'walks[].ways[].end.says': 'The same in a sentence',
  ...whereFields('walks[].ways[].end'),
  'walks[].measured': 'Connection attempts along the way, each beside the walk of the same packet',
  'walks[].unmeasured': 'Why no attempt says anything of this packet (it goes by UDP), else `null`',
  'walks[].measured[].place': 'Where it was made from',
  'walks[].measured[].host': 'Address it went to',
  'walks[].measured[].port': 'Port it went to',
  'walks[].measured[].outcome':
    '`answered`, `connected`, `stalled`, `refused`, `timed-out`, `unreachable`, `reset`, `empty`, `name-unknown`, `sometimes` (of two attempts one stood, the other did not) or `unclear`',
  'walks[].measured[].ms': 'How long it took',
  'walks[].measured[].simulated': 'The outcome of the walk of the same packet',
  'walks[].measured[].agrees': 'Whether both are the same; `null` where one of them cannot tell',
  'walks[].captured': 'Packets of one attempt as they were seen; `null` where nothing was watched',
  'walks[].captured.outcome': 'What the attempt met; `null` where it could not be made',
  'walks[].captured.lastSeen':
    'Where the packet was last seen on its way to the target; `null` where it was seen nowhere, or the target took it',
  'walks[].captured.certain': '`false` where packets of several connections were seen at that place',
  'walks[].captured.places': 'The network namespaces that were watched',
  'walks[].captured.places[].place': 'Which one',
  'walks[].captured.places[].why': 'Why it could not be watched, else `null`',
  'walks[].captured.places[].packets': 'What was seen there',
  'walks[].captured.places[].packets[].device': 'By which device; empty where tcpdump does not say',
  'walks[].captured.places[].packets[].direction': '`in`, `out` or `null`',
  'walks[].captured.places[].packets[].packet': 'The packet, without the port of the caller',
  'walks[].captured.places[].packets[].answers': 'Whether it comes from the target',
  'walks[].captured.places[].packets[].count': 'How often',
  'walks[].unread': 'What could not be read, and why',
  'walks[].unread[].place': 'The network namespace',
  'walks[].unread[].what': 'The command',
  'walks[].unread[].why': 'The refusal in the words of the world',
  whatIf: 'Only in `path` with `--what-if`: the command, tried on a copy of what was read',
  'whatIf.command': 'The command as a list of arguments',
  'whatIf.on': 'The place it was tried on',
  'whatIf.commands': 'All commands that were tried one after another; the first one stands above, too',
  'whatIf.commands[].command': 'The command as a list of arguments',
  'whatIf.commands[].on': 'The place it was tried on',
  'whatIf.tried': 'Whether it could be tried',
  'whatIf.because': 'Why it could not, else `null`',
  'whatIf.arrives': '`yes`, `no` or `unknown`: whether every address of the path is answered with it',
  'whatIf.walks': 'The connections of the path itself',
  ...retried('whatIf.walks[]'),
  'whatIf.walks[].because': 'Where it is lost sight of and why, when it is `unknown` then, else `null`',
  'whatIf.walks[].ends':
    'Where the packet or its answer ends then, and by what, when it does not come through to the target, else `null`',
  'whatIf.walks[].stray': 'Who takes it then in place of the target, else `null`',
  'whatIf.walks[].strayed': 'Who takes it now in place of the target, else `null`',
  'whatIf.others': 'How many other connections to these clients were compared',
  'whatIf.notCompared': 'How many more could not be, as what becomes of them is known neither now nor then',
  'whatIf.left': 'How many more there are than are compared',
  'whatIf.worse': 'Those of all that fare worse with it',
  ...retried('whatIf.worse[]'),
}

const where = {
  at: 'forward',
  by: 'iptables',
  in: 'eth0',
  out: 'nomad',
  table: 'filter',
  chain: 'NOMAD-ADMIN',
  rule: 1,
  text: '-A NOMAD-ADMIN -o nomad -d 172.26.64.0/20 -j ACCEPT',
}
const hop = {
  place: 'client c2',
  does: 'accept',
  ...where,
  before: 'tcp 10.0.0.1 -> 172.26.64.9:8080',
  after: 'tcp 10.0.0.1 -> 172.26.64.9:8080',
  mark: 8192,
  request: 'iptables-save -c   on node 5f3a91c2',
}
const seen = { device: 'nomad', direction: 'out', packet: '10.0.0.1 -> 172.26.64.9:8080', answers: false, count: 3 }

export const walkSample: object = {
  dial: { proto: 'tcp', host: '10.0.0.2', port: 25000, from: 'env API of task loop' },
  from: 'allocation 5f3a91c2 of checkout/web',
  outcome: 'refused',
  met: 'refused',
  sentence: 'The packet ends at allocation 0c1d2e3f of shop/api: refused, nothing listens on 172.26.64.9:8080 here',
  ways: [
    {
      chances: ['unless filter INPUT rule 1 matches'],
      outcome: 'refused',
      verdict: 'refused',
      packet: 'tcp 10.0.0.1 -> 172.26.64.9:8080',
      there: [hop],
      back: [hop],
      end: {
        on: 'there',
        place: 'allocation 0c1d2e3f of shop/api',
        what: 'refused',
        says: 'nothing listens on 172.26.64.9:8080 here',
        ...where,
      },
    },
  ],
  unmeasured: null,
  measured: [
    {
      place: 'client c1',
      host: '10.0.0.2',
      port: 25000,
      outcome: 'refused',
      ms: 3,
      simulated: 'refused',
      agrees: true,
    },
  ],
  captured: {
    outcome: 'refused',
    lastSeen: 'client c2, out by nomad as 10.0.0.1 -> 172.26.64.9:8080',
    certain: true,
    places: [{ place: 'client c2', why: null, packets: [seen] }],
  },
  unread: [{ place: 'client c2', what: 'nft list ruleset', why: 'exit code 127: nft: command not found' }],
}

export const whatIfSample: object = {
  command: ['iptables', '-P', 'FORWARD', 'DROP'],
  on: 'client c2',
  commands: [{ command: ['iptables', '-P', 'FORWARD', 'DROP'], on: 'client c2' }],
  tried: true,
  because: null,
  arrives: 'no',
  walks: [
    {
      what: '10.0.0.2:25000, env API of task loop',
      before: 'refused',
      after: 'silent',
      because: null,
      ends: 'The packet ends at client c2: dropped by filter FORWARD policy, nobody is told',
      stray: null,
      strayed: null,
    },
  ],
  others: 4,
  notCompared: 0,
  left: 0,
  worse: [{ what: 'port http of shop/files at 10.0.0.2:25001, from outside', before: 'answered', after: 'silent' }],
}
