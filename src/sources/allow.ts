/** Which commands may run on a client machine: those that only look. Anything else is refused before it starts. */
import { isWatch } from '../ask/packets.ts'

type Judge = (args: readonly string[]) => boolean

const isOption = (word: string): boolean => word.startsWith('-') && word.length > 1
/** Flags by pattern; other words up to a number of them, by pattern. */
const only =
  (flags: RegExp, words: RegExp = /^$/, most = 99): Judge =>
  (args) =>
    args.every((arg) => (isOption(arg) ? flags : words).test(arg)) &&
    args.filter((arg) => !isOption(arg)).length <= most

/** `ip`, `bridge`, `tc`: options, an object, and at most a verb that shows. */
const shows =
  (objects: RegExp): Judge =>
  (args) => {
    const at = args.findIndex((arg) => !isOption(arg))
    const options = at === -1 ? args : args.slice(0, at)
    const [object = '', verb = 'show', ...rest] = at === -1 ? [] : args.slice(at)
    return (
      options.every((option) =>
        /^-(j|json|d|details|4|6|s|stats|statistics|o|oneline|br|brief|N|c=never)$/.test(option),
      ) &&
      objects.test(object) &&
      /^(show|list|ls|lst|get)$/.test(verb) &&
      rest.every((word) => !isOption(word))
    )
  }

const safePath = (path: string): boolean => /^\/[\w@%+=:,./-]*$/.test(path) && !/(^|\/)\.\.(\/|$)/.test(path)
const readable = [
  /^\/proc\/(modules|version|net\/.+|sys\/net\/.+|cmdline|mounts)$/,
  /^\/etc\/(resolv\.conf|hosts|nsswitch\.conf|os-release|hostname|gai\.conf|host\.conf|docker\/daemon\.json)$/,
  /^\/(run|var\/run)\/systemd\/resolve\/[\w-]+\.conf$/,
  /^\/lib\/modules\/[^/]+\/modules\.(builtin|dep)$/,
  /^\/sys\/(class\/net|module)\/.+$/,
  /\/cni\/.*[^/]$/, // configurations, plugins and leases, wherever the agent keeps them
  /^\/etc\/cni\/net\.d\/[^/]+$/,
]
const files: Judge = (args) =>
  args.length > 0 && args.every((path) => safePath(path) && readable.some((known) => known.test(path)))

const dockerTables = /^(version|info|ps|inspect|images|port|top)$/
const dockerGroups: Readonly<Record<string, RegExp>> = {
  network: /^(ls|list|inspect)$/,
  image: /^(ls|list|inspect)$/,
  container: /^(ls|list|ps|inspect|port)$/,
  system: /^info$/,
}
const docker: Judge = ([verb = '', ...rest]) => {
  const group = Object.hasOwn(dockerGroups, verb) ? dockerGroups[verb] : undefined
  if (group) return rest[0] !== undefined && group.test(rest[0])
  return dockerTables.test(verb)
}

const conntrack: Judge = ([verb = '', ...rest]) =>
  /^-(L|C|S)$|^--(dump|count|stats)$/.test(verb) &&
  rest.every((arg, i) =>
    isOption(arg)
      ? /^(-[opsdf]|--(orig|reply)-(src|dst|port-src|port-dst)|--(d|s)port|-n)$/.test(arg)
      : i === 0 || /^[\w.:,]+$/.test(arg),
  )

const journal: Judge = (args) => {
  const joined = args.join(' ')
  return (
    /^(-u (nomad|docker|consul|containerd)(\.service)? )?(-n \d{1,5} ?|--no-pager ?|-o (cat|short-iso|short) ?|--since \S+ ?)*$/.test(
      `${joined}${joined === '' ? '' : ' '}`,
    ) && args.includes('-u')
  )
}

const ofIp = shows(/^(l|link|a|addr|address|r|ro|route|ru|rule|n|neigh|neighbour|neighbor|netns|maddr|ntable|tunnel)$/)
const save = only(/^(-c|--counters|-t|-4|-6)$/, /^(filter|nat|mangle|raw|security)$/, 1)
const judges: Readonly<Record<string, Judge>> = {
  // Of IPsec the policies: its states hold keys.
  ip: (args) => args.join(' ') === 'xfrm policy' || ofIp(args),
  bridge: shows(/^(link|fdb|vlan|mdb)$/),
  tc: shows(/^(qdisc|class|filter)$/),
  'iptables-save': save,
  'ip6tables-save': save,
  'iptables-legacy-save': save,
  'ip6tables-legacy-save': save,
  'iptables-nft-save': save,
  'ip6tables-nft-save': save,
  iptables: only(/^(-V|--version)$/),
  ip6tables: only(/^(-V|--version)$/),
  ipset: (args) => args.length === 1 && args[0] === 'save',
  nft: (args) =>
    args.every((arg) => !isOption(arg) || /^-[jansy]+$/.test(arg)) && args.find((arg) => !isOption(arg)) === 'list',
  ss: only(/^-[HltunpeaoimsxwOr046]+$/, /^[\w.:*=<>!()/[\]-]+$/),
  conntrack,
  sysctl: (args) => args.length > 0 && only(/^-(a|n|e|r)$/, /^[^=]+$/)(args),
  cat: files,
  ls: (args) => only(/^-[la1dnAh]+$/, /^\//)(args) && args.filter((arg) => !isOption(arg)).every(safePath),
  uname: only(/^-[asnrvmo]+$/),
  lsmod: only(/^$/),
  hostname: (args) => args.length === 0,
  id: (args) => args.length === 0,
  docker,
  podman: docker,
  // A CNI plugin asked for its version: the only program that runs by its path.
  env: ([version, plugin = '', ...more]) =>
    version === 'CNI_COMMAND=VERSION' && more.length === 0 && safePath(plugin) && /(^|\/)cni(\/|$)/.test(plugin),
  tail: ([n, count = '', path = '', ...more]) =>
    n === '-n' &&
    /^\d{1,5}$/.test(count) &&
    more.length === 0 &&
    safePath(path) &&
    /^\/var\/log\/[\w./-]+\.log$/.test(path),
  grep: ([i, word, path = '', ...more]) =>
    i === '-i' &&
    word !== undefined &&
    !isOption(word) &&
    more.length === 0 &&
    safePath(path) &&
    /^\/var\/log\/[\w./-]+\.log$/.test(path),
  journalctl: journal,
  systemctl: ([verb, ...units]) =>
    verb === 'is-active' && units.length > 0 && units.every((unit) => /^[\w@.-]+$/.test(unit) && !isOption(unit)),
  nomad: ([verb, ...more]) => /^(version|-version|--version)$/.test(verb ?? '') && more.length === 0,
  consul: ([verb, ...more]) => /^(version|-version|--version)$/.test(verb ?? '') && more.length === 0,
}

/** One GET whose body goes nowhere but to us. */
function curl(args: readonly string[]): boolean {
  const [first = '', second = '', ...rest] = args
  if (/^-(sS|s|S|g|i|sSg|sSi)$/.test(first)) return curl(args.slice(1))
  if (/^(-m|--max-time|--connect-timeout)$/.test(first) && /^[\d.]+$/.test(second)) return curl(rest)
  if (first === '-o' && second === '/dev/null') return curl(rest)
  if (first === '-w' && /^[%{}\w ]+$/.test(second)) return curl(rest)
  return args.length === 1 && /^(http|https|telnet):\/\/[^\s]+$/.test(first)
}

/** Name lookups and single downloads: harmless, but they send packets, so they need consent. */
const senders: Readonly<Record<string, Judge>> = {
  getent: ([table, ...names]) =>
    /^(hosts|ahosts|ahostsv4|ahostsv6)$/.test(table ?? '') &&
    names.length === 1 &&
    names.every((name) => !isOption(name)),
  dig: only(/^-p$|^-t$/, /^[@+\w.:=-]+$/, 8),
  nslookup: only(/^-(type|timeout|retry)=\w+$/, /^[\w.:-]+$/, 2),
  curl,
}

/** `watch`: looks at packets of others, for a short time and for one connection. */
export type Permission = 'look' | 'send' | 'watch' | 'never'

/** What a command does to the machine it runs on, as far as we vouch for it. */
export function permissionOf(argv: readonly string[]): Permission {
  const [head = '', ...args] = argv
  if (argv.some((word) => word.includes('\0') || word.includes('\n'))) return 'never'
  if (Object.hasOwn(judges, head) && judges[head]?.(args) === true) return 'look'
  if (isWatch(argv)) return 'watch'
  return Object.hasOwn(senders, head) && senders[head]?.(args) === true ? 'send' : 'never'
}
