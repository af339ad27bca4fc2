import type { CniNetwork } from '../../knowledge/shapes/crossing.ts'
import { derivation, made, notKnown, type AnyDerivation } from '../derivation.ts'

type Json = Readonly<Record<string, unknown>>
const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null && !Array.isArray(value)
const list = (value: unknown): readonly Json[] => (Array.isArray(value) ? (value as unknown[]).filter(isJson) : [])
const word = (value: unknown): string | null => (typeof value === 'string' ? value : null)

function parse(text: string): Json | undefined {
  try {
    const json: unknown = JSON.parse(text)
    return isJson(json) ? json : undefined
  } catch {
    return undefined
  }
}

/** A `.conflist` has plug-ins; a `.conf` or `.json` is one plug-in, which is given no ports. https://www.cni.dev/docs/spec/ */
function networkOf(file: string, conf: Json): CniNetwork {
  const chain = file.endsWith('.conflist')
  const plugins = chain ? list(conf['plugins']) : [conf]
  const bridge = plugins.find(({ type }) => type === 'bridge')
  const ipam = plugins.map((one) => one['ipam']).find(isJson)
  const routes = list(ipam?.['routes']).map(({ dst }) => dst)
  const portmap = plugins.find(({ type }) => type === 'portmap')
  const firewall = plugins.find(({ type }) => type === 'firewall')
  return {
    name: word(conf['name']) ?? '',
    file,
    plugins: plugins.map(({ type }) => word(type) ?? ''),
    bridge: bridge ? (word(bridge['bridge']) ?? 'cni0') : null,
    mapsPorts: chain && isJson(portmap?.['capabilities']) && portmap['capabilities']['portMappings'] === true,
    defaultRoute: routes.includes('0.0.0.0/0') || plugins.some((one) => one['isDefaultGateway'] === true),
    adminChain: firewall ? (word(firewall['iptablesAdminChainName']) ?? 'CNI-ADMIN') : null,
  }
}

export const cniNetwork: AnyDerivation = derivation({
  provides: 'alloc.cni.network',
  about: 'alloc',
  from: ['group.network.mode', 'group.network.mode-text'],
  maybe: ['node.cni.configs'],
  shows: 'node.cni.configs',
  make: ({ 'group.network.mode': mode, 'group.network.mode-text': text }, { 'node.cni.configs': files }) => {
    if (mode !== 'cni') return made(null, `network mode ${text}`)
    if (!files) return notKnown("the client's CNI networks are not known")
    // The client looks the name up in lower case; the first file in the order of names wins.
    const wanted = text.slice('cni/'.length).toLowerCase()
    for (const { name: file, text: body } of files.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
      if (!/\.(conflist|conf|json)$/.test(file)) continue
      const conf = body === undefined ? undefined : parse(body)
      if (!conf) return notKnown(`${file} cannot be read`)
      if (conf['name'] === wanted) return made(networkOf(file, conf), `${file}:\n${body}`)
    }
    return notKnown(`no file of the client defines the network ${wanted}`, 'not-found')
  },
})
