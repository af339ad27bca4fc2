import type { Reply } from '../../src/ask/request.ts'
import { agent, command, ipAddr, ipRoute, onNode, save, ss, sysctl } from './commands.ts'

export const folders = agent({ CNIPath: '/opt/cni/plugins', CNIConfigDir: '/etc/cni' })
export const ls = `total 8
-rwxr-xr-x 1 root root 2943104 Apr  9  2023 bridge
drwxr-xr-x 2 root root    4096 Nov 21 05:24 old
-rw-r--r-- 1 root root     790 Nov 21 05:24 my net.conflist
`
const container = {
  Id: 'c1',
  Name: '/server-a1',
  State: { Status: 'running' },
  HostConfig: { NetworkMode: 'container:p1', Dns: null, ExtraHosts: ['db:10.0.0.9'] },
  Config: { Env: ['PORT=1'], Labels: { 'com.hashicorp.nomad.alloc_id': 'a1' } },
  NetworkSettings: {
    SandboxKey: '',
    Networks: { bridge: { IPAddress: '172.17.0.2' } },
    Ports: { '80/tcp': [{ HostIp: '0.0.0.0', HostPort: '8080' }], '81/tcp': null },
  },
}
export const listed = onNode('docker', 'ps', '-a', '--no-trunc', '--format', '{{json .}}')
const networks = onNode('docker', 'network', 'ls', '--no-trunc', '--format', '{{json .}}')

/** Probe, what the client answers, and what of the value is expected. */
export const readings: readonly (readonly [id: string, answers: Readonly<Record<string, Reply>>, value: unknown])[] = [
  [
    'links',
    { [onNode('ip', '-j', '-d', 'addr', 'show')]: command(ipAddr) },
    [
      { name: 'lo', up: true },
      { name: 'eth0', kind: 'veth', beneath: { index: 7 } },
    ],
  ],
  [
    'routes',
    { [onNode('ip', '-j', '-4', 'route', 'show', 'table', 'all')]: command(ipRoute) },
    [{ dst: 'default', gateway: '172.26.64.1', family: 4 }],
  ],
  ['routes6', { [onNode('ip', '-j', '-6', 'route', 'show', 'table', 'all')]: command('[]') }, []],
  [
    'routing-rules',
    { [onNode('ip', '-j', 'rule', 'show')]: command('[{"priority":0,"src":"all","table":"local"}]') },
    [{ priority: 0, table: 'local' }],
  ],
  [
    'neighbours',
    {
      [onNode('ip', '-j', 'neigh', 'show')]: command(
        '[{"dst":"10.0.0.1","dev":"eth0","lladdr":"ee:44:00:00:00:01","state":["REACHABLE"]}]',
      ),
    },
    [{ address: '10.0.0.1', state: ['REACHABLE'] }],
  ],
  [
    'xfrm',
    {
      [onNode('ip', 'xfrm', 'policy')]: command(
        'src 10.1.0.0/24 dst 10.2.0.0/24 \n\tdir out priority 9 ptype main \n\ttmpl src 1.1.1.1 dst 2.2.2.2\n\t\tproto esp reqid 1 mode tunnel\n',
      ),
    },
    [{ src: '10.1.0.0/24', dst: '10.2.0.0/24', dir: 'out', priority: 9, block: false, wraps: true }],
  ],
  ['xfrm', { [onNode('ip', 'xfrm', 'policy')]: command('') }, []],
  [
    'bridge-ports',
    {
      [onNode('bridge', '-j', '-d', 'link', 'show')]: command(
        '[{"ifindex":7,"ifname":"veth1","master":"nomad","state":"forwarding","hairpin":false,"flags":[]}]',
      ),
    },
    [{ name: 'veth1', master: 'nomad', hairpin: false }],
  ],
  ['bridge-ports', { [onNode('bridge', '-j', '-d', 'link', 'show')]: command('') }, []],
  ['iptables-save', { [onNode('iptables-save', '-c')]: command(save) }, { backend: 'nf_tables', complete: true }],
  ['iptables-save', { [onNode('iptables-save', '-c')]: command('') }, { tables: [], complete: true }],
  [
    'iptables-save',
    {
      [onNode('iptables-save', '-c')]: command(
        save,
        0,
        '# Warning: iptables-legacy tables present, use iptables-legacy-save to see them\n',
      ),
    },
    { legacyTablesPresent: true },
  ],
  ['ip6tables-save', { [onNode('ip6tables-save', '-c')]: command('') }, { tables: [] }],
  ['iptables-legacy-save', { [onNode('iptables-legacy-save', '-c')]: command('') }, { tables: [] }],
  [
    'nft-ruleset',
    {
      [onNode('nft', '-j', 'list', 'ruleset')]: command(
        '{"nftables":[{"metainfo":{"version":"1.0.6"}},{"table":{"family":"inet","name":"filter","handle":1}}]}',
      ),
    },
    { tables: [{ family: 'inet', name: 'filter' }] },
  ],
  [
    'listeners',
    {
      [onNode('ss', '-H', '-ltnpe')]: command(ss),
      [onNode('ss', '-H', '-lunpe')]: command('UNCONN 0 0 127.0.0.1:323 0.0.0.0:* ino:2 sk:2 cgroup:/ <->\n'),
    },
    [
      { proto: 'tcp', port: 8080 },
      { proto: 'udp', port: 323 },
    ],
  ],
  [
    'conntrack',
    {
      [onNode('conntrack', '-L', '-o', 'extended')]: command(
        'ipv4 2 udp 17 20 src=10.0.0.12 dst=10.0.0.11 sport=1 dport=2 [UNREPLIED] src=172.26.64.2 dst=10.0.0.12 sport=2 dport=1 mark=0 use=1\n',
      ),
    },
    [{ proto: 'udp', unreplied: true }],
  ],
  [
    'conntrack-counters',
    {
      [onNode('conntrack', '-S')]: command(
        'cpu=0   \tfound=0 invalid=1 insert=0 insert_failed=0 drop=3 early_drop=7 error=0 search_restart=2 clash_resolve=0 chaintoolong=0 \ncpu=1   \tfound=0 invalid=0 insert=0 insert_failed=9 drop=4 early_drop=0 error=0 search_restart=0 (clash_resolve=0 chaintoolong=0) \n',
      ),
    },
    { dropped: 7, gaveWay: 7 },
  ],
  [
    'sysctls',
    { [onNode('sysctl', '-a', '-r', String.raw`^net\.(ipv4|ipv6|bridge|netfilter)`)]: command(sysctl) },
    { 'net.ipv4.ip_forward': '1' },
  ],
  [
    'reverse-path',
    {
      [onNode('nstat', '-az', 'TcpExtIPReversePathFilter')]: command(
        '#kernel\nTcpExtIPReversePathFilter       4                  0.0\n',
      ),
    },
    4,
  ],
  ['resolv-conf', { [onNode('cat', '/etc/resolv.conf')]: command('nameserver 10.0.0.2\n') }, 'nameserver 10.0.0.2\n'],
  ['hosts-file', { [onNode('cat', '/etc/hosts')]: command('127.0.0.1 localhost\n') }, '127.0.0.1 localhost\n'],
  [
    'cni-binaries',
    { ...folders, [onNode('ls', '-l', '/opt/cni/plugins')]: command(ls) },
    [{ name: 'bridge', mode: '-rwxr-xr-x', size: 2_943_104 }, { name: 'my net.conflist' }],
  ],
  [
    'cni-binaries',
    {
      ...agent({ CNIPath: '/opt/cni/bin:/usr/libexec/cni:/opt/cni/gone' }),
      [onNode('ls', '-l', '/opt/cni/bin')]: command('total 8\n-rwxr-xr-x 1 root root 7 Apr  9  2023 bridge\n'),
      [onNode('ls', '-l', '/usr/libexec/cni')]: command(
        'total 8\n-rwxr-xr-x 1 root root 9 Apr  9  2023 bridge\n-rwxr-xr-x 1 root root 8 Apr  9  2023 portmap\n',
      ),
      [onNode('ls', '-l', '/opt/cni/gone')]: command(
        '',
        2,
        "ls: cannot access '/opt/cni/gone': No such file or directory",
      ),
    },
    [
      { name: 'bridge', size: 7 },
      { name: 'portmap', size: 8 },
    ],
  ],
  ['cni-binaries', { ...agent({}), [onNode('ls', '-l', '/opt/cni/bin')]: command('total 0\n') }, []],
  [
    'cni-configs',
    {
      ...folders,
      [onNode('ls', '-l', '/etc/cni')]: command(ls),
      [onNode('cat', '/etc/cni/my net.conflist')]: command('{}'),
    },
    [{ name: 'bridge' }, { name: 'my net.conflist', text: '{}' }],
  ],
  [
    'netns-names',
    { [onNode('ls', '-l', '/var/run/netns')]: command('total 0\n-r--r--r-- 1 root root 0 Nov 21 05:10 a1\n') },
    ['a1'],
  ],
  ['agent-log', { [onNode('tail', '-n', '12', '/var/log/nomad.log')]: command('a line\n') }, 'a line\n'],
  [
    'docker-version',
    { [onNode('docker', 'version', '--format', '{{json .}}')]: command('{"Server":{"Version":"20.10.24"}}') },
    '20.10.24',
  ],
  [
    'containers',
    { [listed]: command('{"ID":"c1"}\n'), [onNode('docker', 'inspect', 'c1')]: command(JSON.stringify([container])) },
    [
      {
        name: 'server-a1',
        alloc: 'a1',
        task: 'server',
        networks: { bridge: '172.17.0.2' },
        published: { '80/tcp': [{ ip: '0.0.0.0', port: 8080 }], '81/tcp': [] },
      },
    ],
  ],
  ['containers', { [listed]: command('') }, []],
  [
    'docker-networks',
    {
      [networks]: command('{"ID":"abcdef0123456789"}\n'),
      [onNode('docker', 'network', 'inspect', 'abcdef0123456789')]: command(
        '[{"Name":"own","Id":"abcdef0123456789","Driver":"bridge","IPAM":{"Config":[{"Subnet":"172.18.0.0/16"}]},"Options":{}}]',
      ),
    },
    [{ name: 'own', driver: 'bridge', subnets: ['172.18.0.0/16'], bridge: 'br-abcdef012345' }],
  ],
]
