/** What the name of a variable, a flag or a key says of the address it holds. One list for all faults. */

/** Words of a name in small letters: `GF_SERVER_ROOT_URL`, `--corsOrigin`, `next.public.url`. */
export const wordsOfName = (name: string): readonly string[] =>
  name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .toLowerCase()
    .split(/[^a-z0-9]+/)
    .filter((word) => word !== '')

/** Whether one of these words stands in a text as a whole: `ping` in `PING_URL`, not in `SHIPPING_URL`. */
export const hasWord = (text: string, words: ReadonlySet<string>): boolean =>
  wordsOfName(text).some((word) => words.has(word))

/** What the address is for: nobody dials it; somebody's browser does, not the task; that cannot be told; the task does. */
export type Purpose = 'identity' | 'browser' | 'either' | 'dialled'

type Terms = ReadonlySet<string>

/** Words as they follow each other; of `a|b` each one. Whether they are written together makes no difference. */
function terms(...lines: readonly string[]): Terms {
  const all = lines.flatMap((line) =>
    line
      .split(' ')
      .map((word) => word.split('|'))
      .reduce<string[]>((before, words) => before.flatMap((one) => words.map((word) => one + word)), ['']),
  )
  return new Set(all)
}

/** One's own names, names to tell others, names to let in: `SERVER_NAME`, `CERT_SANS`, `ALLOWED_HOSTS`, `NO_PROXY`. */
const identity = terms(
  'vhost|vhosts|helo|ehlo|cn|san|sans|sni|letsencrypt|acme|domain|domains|fqdn|issuer|iss|audience|aud|realm',
  'virtual host|hosts|hostname|hostnames',
  'server name|names',
  'host header',
  'header host',
  'common name',
  'subject |alt|altname|altnames|alternative|alternativename|alternativenames',
  'alt name|names',
  'cert|certs|certificate|certificates |name|names|host|hosts|domain|domains',
  'tls|ssl|x509|csr |server|dns|subject|domain|common name|names|dns|ips|domain|domains|subject|subjects',
  'allowed|trusted|accepted|permitted|known|valid|allow host|hosts|name|names|domain|domains|proxies',
  'no|non proxy |hosts',
  'cookie|session domain',
  'service|instance|node|client|app|application|job|group|cluster|self|my|own|machine|container|local |host name|names',
  'node|client id',
  'hostname override',
  'set hostname',
  'advertise|advertised|announce|announced',
)

/** Meant for somebody's browser, or to be compared with what one says. */
const browser = terms(
  'cors|origin|origins|csrf|csp|referer|referers|referrer|referrers|logout|public|external|externally|frontend|browser',
  'vite|gatsby|storybook|parcel|webroot',
  'redirect |s|uri|uris|url|urls',
  'callback|callbacks |uri|uris|url|urls',
  'post logout',
  'root|external|public|frontend|webui|ui|site|canonical|home|homepage|landing|link|share|invite|landingpage|consoleredirect |base uri|uris|url|urls|address|addr|host|hosts|endpoint|origin',
  'next|nuxt|expo|sveltekit public',
  'react|vue|ng app',
  'self uri|url',
  'wp home|siteurl',
)

/** As often for the one as for the other, as the end of a name: `APP_URL`, `MY_BASE_URL`, `WEBHOOK_URL`. */
const either = terms(
  'app|base|webapp|website|web|nextauth|auth|domain|server|host|my|own|instance uri|url',
  'webhook|webhooks |baseuri|baseurl|uri|url',
)
/** As the whole name: `COUNTING_SERVICE_URL` says which service it is. */
const ownService = terms('service uri|url', 'my|own|this|self service uri|url')
/** A check asks the task itself; a hook is called by somebody. */
const eitherAnywhere = terms('webhook|webhooks', 'healthcheck|healthchecks|probe|probes')

/** What is one's own, or has to do with it, is dialled as well where it is an address: `ISSUER_URL`, `ACME_SERVER_URL`. */
const addresses = terms('url|urls|uri|uris|endpoint|endpoints|dsn|dsns|addr|addrs|address|addresses')
const told = terms('advertise|advertised|announce|announced|allowed|trusted', 'no proxy')

export function purposeOf(name: string): Purpose {
  const words = wordsOfName(name)
  if (holds(browser, words)) return 'browser'
  if (holds(identity, words) || words.join('') === 'hostname')
    return words.length > 1 && addresses.has(words.at(-1) ?? '') && !holds(told, words) ? 'either' : 'identity'
  const isEither =
    [0, 1].some((from) => either.has(words.slice(from).join(''))) ||
    ownService.has(words.join('')) ||
    holds(eitherAnywhere, words)
  return isEither ? 'either' : 'dialled'
}

/** Whether some words that follow each other are one of the terms, which have four words at most. */
const holds = (all: Terms, words: readonly string[]): boolean =>
  words.some((_, from) => words.some((_, to) => to >= from && all.has(words.slice(from, to + 1).join(''))))

const places = terms(
  'h|host|hosts|hostname|server|servers|broker|brokers|node|nodes|remote|ip|port|target|peer|peers|upstream|master|primary|leader|wait|join',
)
/** Its last word says that it holds an address, or a part of one. */
export function holdsAddress(name: string): boolean {
  const last = wordsOfName(name).at(-1) ?? ''
  return places.has(last) || addresses.has(last)
}
