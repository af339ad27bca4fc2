/** Why a command is not tried on what was read; undefined: it may be, or it only looks. */
export function whyUntried([program = '', ...args]: readonly string[]): string | undefined {
  const text = args.join(' ')
  if (looks.test(`${program} ${text}`)) return undefined
  // The walk follows the small packet that opens a connection.
  if (args.includes('TCPMSS')) return 'it changes what large packets are, and the walk follows a small one'
  if (/\b(fragmentation-needed|packet-too-big)\b|\bicmp code 4\b/.test(text))
    return 'it lets a message about large packets through, and the walk follows a small one'
  if (program === 'systemctl' && args.at(-1) === 'nomad')
    return 'the agent reads its configuration anew, and what that changes shows in new allocations'
  return Object.hasOwn(reasons, program) ? reasons[program] : undefined
}

const looks =
  /(^docker (ps|inspect|logs)|-save|^grep|^cat|^(ip|bridge) (-\S+ )*\S+ (show|list)|^(conntrack|ss|nft|ip6?tables)\S* .*(-L|-S|list)\b)/

const reasons: Readonly<Record<string, string>> = {
  nomad: 'where new allocations run, and which addresses, ports and rules they get, is not known beforehand',
  systemctl: 'which rules and settings a service makes when it starts is not known beforehand',
  docker: 'which rules docker makes is not known beforehand',
  'firewall-cmd': 'which rules firewalld makes of it is not modelled',
  ufw: 'which rules ufw makes of it is not modelled',
  conntrack: 'a flow that is tracked has its own source port, and the walk follows a new one, which no old entry holds',
  'iptables-restore': 'what its file holds was not read',
  mv: 'plug-ins read their files when an allocation starts, and what they make of them is not known beforehand',
  chmod: 'plug-ins run when an allocation starts, and what they do is not known beforehand',
  modprobe: 'what a module of the kernel changes is not modelled',
}
