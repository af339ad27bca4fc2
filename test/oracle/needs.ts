import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { cniFolder } from './cni.ts'

const programs: readonly (readonly [program: string, from: string])[] = [
  ['unshare', 'util-linux'],
  ['python3', 'python3'],
  ['ip', 'iproute2'],
  ['bridge', 'iproute2'],
  ['ss', 'iproute2'],
  ['iptables', 'iptables'],
  ['iptables-legacy-restore', 'iptables'],
  ['nft', 'nftables'],
  ['conntrack', 'conntrack'],
  ['sysctl', 'procps'],
]

/** What stands in the way of asking the kernel, as sentences; empty when nothing does. */
export function missing(): readonly string[] {
  if (process.platform !== 'linux') return ['This is not Linux.']
  if (process.getuid?.() !== 0) return ['It makes network namespaces and must run as root: sudo npm run test:oracle']
  const path = (process.env['PATH'] ?? '').split(':')
  const absent = programs.filter(([program]) => !path.some((folder) => existsSync(`${folder}/${program}`)))
  const packages = absent.map(([, from]) => from)
  if (!cniFolder) packages.push('containernetworking-plugins')
  const found: string[] = []
  if (absent.length > 0) found.push(`These programs are missing: ${absent.map(([program]) => program).join(', ')}.`)
  if (!cniFolder) found.push("The CNI project's plugins are missing.")
  if (packages.length > 0) found.push(`To install them: apt-get install ${[...new Set(packages)].join(' ')}`)
  if (found.length > 0) return found
  // iptables of the wrong kind, or a container that may not make namespaces.
  const tried = spawnSync(
    'unshare',
    ['--net', 'sh', '-c', 'ip link add type veth && iptables-nft -S && nft list ruleset'],
    {
      encoding: 'utf8',
    },
  )
  if (tried.status !== 0)
    return [`Network namespaces cannot be used here: ${tried.stderr.trim() || String(tried.error)}`]
  return []
}

/** The iptables backends that work here: a kernel may lack the old one. */
export const legacyWorks = (): boolean =>
  spawnSync('unshare', ['--net', 'iptables-legacy', '-t', 'raw', '-S']).status === 0
