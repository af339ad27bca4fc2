import type { CniFile, CniNetwork } from '../../knowledge/shapes/crossing.ts'

type Json = Readonly<Record<string, unknown>>
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as unknown[]).filter(isJson) : [])
const word = (value: unknown): string | null => (typeof value === 'string' ? value : null)

/** Extensions the agent reads, in the order of names. Source: client/fingerprint/cni.go. */
export const isCniFile = (file: string): boolean => /\.(conflist|conf|json)$/.test(file)

/** Reads one file as the agent does; what it refuses, it refuses at its start too. */
export function readCniFile(file: string, text: string): CniFile {
  const refused = (error: string): CniFile => ({ file, error, network: null })
  let conf: unknown
  try {
    conf = JSON.parse(text)
  } catch (error) {
    return refused(`it is no JSON: ${error instanceof Error ? error.message : String(error)}`)
  }
  if (!isJson(conf)) return refused('it holds no JSON object')
  const chain = file.endsWith('.conflist')
  const plugins = chain ? list(conf['plugins']) : [conf]
  if (chain && !word(conf['name'])) return refused('the list has no name')
  if (plugins.length === 0) return refused('it has no list of plugins')
  if (plugins.some(({ type }) => !word(type))) return refused('a plugin has no type')
  return { file, error: null, network: networkOf(file, conf, plugins) }
}

/** A `.conflist` has plug-ins; a `.conf` or `.json` is one plug-in, which is given no ports. https://www.cni.dev/docs/spec/ */
function networkOf(file: string, conf: Json, plugins: readonly Json[]): CniNetwork {
  const bridge = plugins.find(({ type }) => type === 'bridge')
  const ipam = plugins.map((one) => one['ipam']).find(isJson)
  const routes = list(ipam?.['routes']).map(({ dst }) => dst)
  const portmap = plugins.find(({ type }) => type === 'portmap')
  const firewall = plugins.find(({ type }) => type === 'firewall')
  const ranges = Array.isArray(ipam?.['ranges']) ? (ipam['ranges'] as readonly unknown[]).flatMap(list) : []
  const isDefault = plugins.some((one) => one['isDefaultGateway'] === true)
  return {
    name: word(conf['name']) ?? '',
    file,
    plugins: plugins.map(({ type }) => word(type) ?? ''),
    bridge: bridge ? (word(bridge['bridge']) ?? 'cni0') : null,
    mapsPorts:
      file.endsWith('.conflist') &&
      isJson(portmap?.['capabilities']) &&
      portmap['capabilities']['portMappings'] === true,
    defaultRoute: routes.includes('0.0.0.0/0') || isDefault,
    adminChain: firewall ? (word(firewall['iptablesAdminChainName']) ?? 'CNI-ADMIN') : null,
    subnets: [...(ipam ? [ipam] : []), ...ranges].flatMap(({ subnet }) => word(subnet) ?? []),
    gateway: bridge?.['isGateway'] === true || isDefault,
    masquerade: plugins.some((one) => one['ipMasq'] === true),
    snat: portmap ? portmap['snat'] !== false : false,
  }
}
