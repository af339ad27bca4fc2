import { describe, expect, it } from 'vitest'
import { netnsCommands, nodeCommands } from '../../src/ask/commands.ts'
import { watchArgv } from '../../src/ask/packets.ts'
import { permissionOf } from '../../src/sources/allow.ts'

const words = (line: string) => line.split(' ')

describe('commands that only look', () => {
  it.each([...nodeCommands, ...netnsCommands].map((argv) => argv.join(' ')))('%s', (line) => {
    expect(permissionOf([...nodeCommands, ...netnsCommands].find((argv) => argv.join(' ') === line) ?? [])).toBe('look')
  })
  it.each([
    'ls -l /opt/cni/bin',
    'env CNI_COMMAND=VERSION /opt/cni/bin/host-local',
    'env CNI_COMMAND=VERSION /usr/lib/cni/bridge',
    'cat /opt/cni/config/10-lan.conflist',
    'cat /etc/cni/net.d/x.conflist',
    'cat /proc/sys/net/ipv4/ip_forward',
    'ip -j route get 10.0.0.1',
    'ip route get 10.0.0.1',
    'ip -4 route get 10.0.0.1',
    'ip -br addr',
    'ip xfrm policy',
    'docker inspect abc def',
    'docker network inspect abc',
    'docker image inspect lab/pause:1 --format {{.Id}}',
    'conntrack -L -p udp --orig-port-dst 8125',
    'sysctl net.ipv4.ip_unprivileged_port_start',
    'sysctl -n net.ipv4.ip_forward',
    'ss -ltn',
    'ss -Htnio',
    'ss -ltnp sport = :8080',
    'ls -d /sys/module/bridge',
    'tail -n 30 /var/log/nomad.log',
    'grep -i bridge /var/log/nomad.log',
    'journalctl -u nomad -n 200 --no-pager',
    'nomad version',
  ])('%s', (line) => {
    expect(permissionOf(words(line))).toBe('look')
  })
})

describe('commands that send packets', () => {
  it.each([
    'getent hosts orders.corp.lan',
    'dig +time=2 +tries=1 @10.0.0.1 -p 8600 orders.service.consul SRV',
    'nslookup -type=a x',
    'curl -sS --max-time 4 http://10.0.0.1:80/',
    'curl -sS -o /dev/null -w %{http_code} --max-time 3 http://10.0.0.1:80/',
  ])('%s', (line) => {
    expect(permissionOf(words(line))).toBe('send')
  })
})

describe('a short look at packets', () => {
  const watched = {
    proto: 'tcp',
    hosts: ['172.26.64.7', '10.0.0.1'],
    doors: [
      { host: '10.0.0.2', port: 25000 },
      { host: 'fd00::2', port: 8080 },
    ],
  } as const
  const argv = watchArgv(watched) ?? []
  it('is allowed in exactly one shape, and needs consent', () => {
    expect(argv.join(' ')).toBe(
      'timeout 6 tcpdump -nn -l -s 120 -i any -c 60 tcp and (((src host 172.26.64.7 or src host 10.0.0.1) and ((dst host 10.0.0.2 and dst port 25000) or (dst host fd00::2 and dst port 8080))) or ((dst host 172.26.64.7 or dst host 10.0.0.1) and ((src host 10.0.0.2 and src port 25000) or (src host fd00::2 and src port 8080))))',
    )
    expect(permissionOf(argv)).toBe('watch')
  })
  const but = (at: number, word: string) => argv.map((one, i) => (i === at ? word : one))
  it.each<[what: string, argv: readonly string[]]>([
    ['without a time', argv.slice(2)],
    ['for an hour', but(1, '3600')],
    ['with more packets', but(10, '100000')],
    ['whole packets', but(6, '0')],
    ['into a file', [...argv.slice(0, -1), '-w', '/tmp/x', argv.at(-1) ?? '']],
    ['with a program', [...argv.slice(0, -1), '-z', 'sh', argv.at(-1) ?? '']],
    ['one device', but(8, 'eth0')],
    ['everything', but(11, 'tcp')],
    ['no filter', argv.slice(0, -1)],
    ['any host', but(11, (argv.at(-1) ?? '').replace('src host 10.0.0.1', 'src port 22'))],
    ['one way more', but(11, `${argv.at(-1) ?? ''} or port 22`)],
    ['more words', [...argv, 'or', 'port', '22']],
    ['a line feed', but(11, `${argv.at(-1) ?? ''}\nor port 22`)],
  ])('%s: never', (_, changed) => {
    expect(permissionOf(changed)).toBe('never')
  })
  it('is not made of what is no address, nor of too many', () => {
    expect(watchArgv({ ...watched, hosts: ['10.0.0.1 or port 22'] })).toBeNull()
    expect(watchArgv({ ...watched, hosts: [] })).toBeNull()
    expect(watchArgv({ ...watched, hosts: Array.from({ length: 7 }, (_, i) => `10.0.0.${i}`) })).toBeNull()
  })
})

describe('what never runs', () => {
  it.each([
    '',
    'rm -rf /',
    'sh -c id',
    'bash',
    'sudo id',
    'python3 -c x',
    'nsenter -t 1 -n ip a',
    'ip link set eth0 down',
    'ip -b /tmp/x',
    'ip -batch /tmp/x',
    'ip -n other addr',
    'ip addr add 10.0.0.1/8 dev lo',
    'ip addr flush dev lo',
    'ip route del default',
    'ip route save',
    'ip netns exec x id',
    'ip xfrm policy flush',
    'ip xfrm state',
    'ip -d xfrm state',
    'bridge fdb add x',
    'tc qdisc add dev eth0 root netem',
    'iptables -F',
    'iptables -L',
    'iptables -t nat -S',
    'iptables-save -f /etc/x',
    'iptables-save -M /tmp/evil',
    'iptables-restore',
    'nft flush ruleset',
    'nft -f /tmp/x',
    'nft list ruleset -f /tmp/x',
    'ss -K dst 10.0.0.1',
    'ss -D /etc/x',
    'ss -F /etc/shadow',
    'conntrack -F',
    'conntrack -D -s 1.2.3.4',
    'conntrack -L -z',
    'conntrack -E',
    'sysctl -w net.ipv4.ip_forward=1',
    'sysctl net.ipv4.ip_forward=1',
    'sysctl -p /tmp/x',
    'sysctl --system',
    'cat /etc/shadow',
    'cat /root/.ssh/id_rsa',
    'cat /etc/nomad.d/nomad.hcl',
    'cat /proc/1/environ',
    'cat /opt/cni/../../etc/shadow',
    'cat',
    'cat -',
    'ls -l relative',
    'docker rm -f x',
    'docker exec x id',
    'docker run x',
    'docker -H tcp://x ps',
    'docker network rm x',
    'docker image rm x',
    'docker system prune',
    'docker constructor',
    'env',
    'env CNI_COMMAND=ADD /opt/cni/bin/bridge',
    'env CNI_COMMAND=VERSION /bin/sh',
    'env CNI_COMMAND=VERSION /opt/cni/bin/bridge x',
    'env CNI_COMMAND=VERSION /opt/cni/../bin/sh',
    'tail -f /var/log/nomad.log',
    'tail -n 5 /etc/shadow',
    'grep -r x /',
    'journalctl --vacuum-size=1',
    'journalctl -u nomad --rotate',
    'journalctl -u nomad -f',
    'systemctl restart nomad',
    'nomad job run x',
    'nomad',
    'curl -X POST http://x/',
    'curl -d a http://x/',
    'curl -o /etc/passwd http://x/',
    'curl -K /tmp/x http://x/',
    'curl -sS file:///etc/shadow',
    'curl http://x/ http://y/',
    'dig -f /etc/shadow',
    'getent shadow root',
    'constructor x',
    '__proto__',
    'toString',
  ])('%s', (line) => {
    expect(permissionOf(words(line))).toBe('never')
  })
  it('a word that holds a line end or a NUL', () => {
    expect(permissionOf(['ls', '/x\nrm'])).toBe('never')
    expect(permissionOf(['ls', '/x\0'])).toBe('never')
  })
})
