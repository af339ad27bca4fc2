/** Which API paths may be asked. Everything else is refused before a packet leaves: some GETs act (`/v1/client/gc`), some tell secrets. */

const nomadReads = [
  /^\/v1\/(nodes|jobs|allocations|evaluations|deployments|services|namespaces|regions|volumes|plugins)$/,
  /^\/v1\/node\/(pools|[^/]+(\/allocations)?)$/,
  /^\/v1\/job\/[^/]+(\/(allocations|deployment|deployments|evaluations|services|submission|summary|versions|scale))?$/,
  /^\/v1\/allocation\/[^/]+(\/(services|checks))?$/,
  /^\/v1\/(evaluation|deployment|service|namespace)\/[^/]+(\/allocations)?$/,
  /^\/v1\/deployment\/allocations\/[^/]+$/,
  /^\/v1\/status\/(leader|peers)$/,
  /^\/v1\/agent\/(self|members|servers|health)$/,
  /^\/v1\/client\/(metadata|stats)$/,
  /^\/v1\/client\/allocation\/[^/]+\/(checks|stats)$/,
  /^\/v1\/client\/fs\/(ls|stat|cat|readat|logs)\/[^/]+$/,
  /^\/v1\/operator\/(scheduler\/configuration|autopilot\/health)$/,
  /^\/v1\/acl\/(token\/self|policies)$/,
]

/** The three POSTs that only compute. */
const nomadPosts = [/^\/v1\/job\/[^/]+\/plan$/, /^\/v1\/jobs\/parse$/, /^\/v1\/validate\/job$/]

const consulReads = [
  /^\/v1\/agent\/(self|members|services|checks|health\/service\/name\/[^/]+|service\/[^/]+|version)$/,
  /^\/v1\/catalog\/(services|nodes|datacenters|(service|node|connect|node-services)\/[^/]+)$/,
  /^\/v1\/health\/(service|checks|node|connect|state)\/[^/]+$/,
  /^\/v1\/connect\/(intentions(\/(check|match|exact))?|ca\/roots)$/,
  /^\/v1\/config\/[^/]+(\/[^/]+)?$/,
  /^\/v1\/status\/(leader|peers)$/,
  /^\/v1\/discovery-chain\/[^/]+$/,
]

// A path is printable ASCII without spaces and without steps upwards.
const sane = (path: string): boolean =>
  /^\/[!-~]*$/.test(path) && !/(^|\/)\.{1,2}(\/|\?|$)/.test(path) && !path.includes('#')
/** A path without its query. */
export const bare = (path: string): string => path.split('?', 1).join('')

/** Why a Nomad request may not be sent, or null when it may. */
export function nomadForbids(method: 'GET' | 'POST', path: string): string | null {
  const allowed = method === 'GET' ? nomadReads : nomadPosts
  if (sane(path) && allowed.some((pattern) => pattern.test(bare(path)))) return follows(path)
  return `${method} ${bare(path)} is not one of the requests this program makes: it only reads`
}

export function consulForbids(path: string): string | null {
  if (sane(path) && consulReads.some((pattern) => pattern.test(bare(path)))) return follows(path)
  return `GET ${bare(path)} is not one of the requests this program makes: it only reads`
}

/** Log followers never end; blocking queries wait for a change. */
function follows(path: string): string | null {
  const query = new URLSearchParams(path.slice(bare(path).length))
  return query.get('follow') === 'true' || query.has('index') || query.has('wait') ? 'it would wait for a change' : null
}

/** Adds query parameters that the path does not name itself. */
export function withQuery(path: string, parameters: Readonly<Record<string, string | undefined>>): string {
  const named = new URLSearchParams(path.slice(bare(path).length))
  const added = Object.entries(parameters).flatMap(([name, value]) =>
    value === undefined || value === '' || named.has(name) ? [] : [`${name}=${encodeURIComponent(value)}`],
  )
  return added.length === 0 ? path : `${path}${path.includes('?') ? '&' : '?'}${added.join('&')}`
}
