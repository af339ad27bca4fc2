import type { Request } from './request.ts'

type Row = readonly [path: RegExp, ...needs: readonly string[]]

/** Nomad: https://developer.hashicorp.com/nomad/api-docs ("ACL Required" of each page). The first row that fits wins. */
const nomad: readonly Row[] = [
  [/^\/v1\/(status|regions|acl\/token\/self)/],
  [/^\/v1\/nodes?(\?|$|\/(?!pools?))/, 'node:read'],
  [/^\/v1\/node\/pools?/, 'node_pool:read'],
  [/^\/v1\/agent\/members/, 'node:read'],
  [/^\/v1\/agent\//, 'agent:read'],
  [/^\/v1\/operator\//, 'operator:read'],
  [/^\/v1\/jobs\/parse/, 'namespace:parse-job'],
  [/^\/v1\/jobs(\?|$)/, 'namespace:list-jobs'],
  [/^\/v1\/job\/[^/]+\/plan/, 'namespace:submit-job'],
  [/^\/v1\/client\/fs\/logs/, 'namespace:read-logs'],
  [/^\/v1\/client\/fs\//, 'namespace:read-fs'],
  [/^\/v1\/client\/allocation\/[^/]+\/exec/, 'namespace:alloc-exec (of a raw_exec task: alloc-node-exec)'],
  [/^\/v1\/client\/allocation\//, 'namespace:read-job'],
  [/^\/v1\/client\//, 'node:read'],
  [/^\/v1\/namespaces?/, 'a capability in the namespace'],
  [/^\/v1\//, 'namespace:read-job'],
]

/** Consul: https://developer.hashicorp.com/consul/api-docs ("ACL Required" of each page). */
const consul: readonly Row[] = [
  [/^\/v1\/(status|connect\/ca\/roots|config\/proxy-defaults)/],
  [/^\/v1\/agent\/(services|service\/)/, 'service:read'],
  [/^\/v1\/agent\/checks/, 'node:read', 'service:read'],
  [/^\/v1\/agent\/members/, 'node:read'],
  [/^\/v1\/agent\//, 'agent:read'],
  [/^\/v1\/catalog\/nodes/, 'node:read'],
  [/^\/v1\/catalog\/services/, 'service:read'],
  [/^\/v1\/(catalog|health)\//, 'node:read', 'service:read'],
  [/^\/v1\/(connect\/intentions|config\/service-intentions)/, 'intentions:read'],
  [/^\/v1\/config\//, 'service:read'],
  [/^\/v1\/operator\//, 'operator:read'],
]

/** The ACL capabilities a request needs; empty when it needs none, or none that we know of. */
export function capabilitiesOf(request: Request): readonly string[] {
  // https://developer.hashicorp.com/nomad/commands/alloc/exec: a task without isolation of its files needs the other one.
  if (request.via === 'task') return ['namespace:alloc-exec (of a raw_exec task: alloc-node-exec)']
  if (request.via !== 'nomad' && request.via !== 'consul') return []
  const row = (request.via === 'nomad' ? nomad : consul).find(([path]) => path.test(request.path))
  return row ? (row.slice(1) as string[]) : []
}

/** "the token lacks node:read", or an empty text when no capability is known. */
export function lacking(request: Request): string {
  const needs = capabilitiesOf(request)
  return needs.length === 0 ? '' : `the token lacks ${needs.join(' and ')}`
}

/** What a user of a client machine lacks, told from what a refused command said. */
export function lackingOnMachine(request: Request, said: string): string {
  if (!('argv' in request) || request.via === 'task') return ''
  const program = request.via === 'netns' ? 'nsenter' : (request.argv[0] ?? '')
  if (/^sudo: |sudoers/m.test(said)) return `sudoers must let this user run ${program} without a password (NOPASSWD)`
  return /docker/i.test(said)
    ? 'this needs root or the group docker: give --sudo, or another user'
    : 'this needs root: give --sudo, or another user'
}
